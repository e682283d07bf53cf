import { generateSecret, generateURI, verify } from 'otplib';

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, a new code every 30 seconds. */
const stepSeconds = 30;
const secretBytes = 20;
const totpCode = /^\d{6}$/;

export const newTotpSecret = (): string => generateSecret({ length: secretBytes });

/** What an authenticator app reads from the QR code. */
export const totpUri = (secret: string, label: string): string => generateURI({ issuer: 'Passerelle', label, secret });

/** Apps show a code in two groups, and people type it so. */
const digitsOf = (code: string): string => code.replace(/\s/g, '');

export const isTotpCode = (code: string): boolean => totpCode.test(digitsOf(code));

/**
 * The time step that the code belongs to: the present one, or one step either way for clocks that drift (RFC 6238,
 * section 5.2). Undefined for a code of any other moment, and for what is no code.
 */
export async function stepOfCode(secret: string, code: string, now: Date): Promise<number | undefined> {
  if (!isTotpCode(code)) return undefined;
  const result = await verify({
    secret,
    token: digitsOf(code),
    epoch: Math.floor(now.valueOf() / 1000),
    period: stepSeconds,
    epochTolerance: stepSeconds,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
