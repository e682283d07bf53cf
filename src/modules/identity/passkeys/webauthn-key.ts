import { createPublicKey, type JsonWebKey } from 'node:crypto';

/** ES256 and RS256, as COSE numbers them: what the contract offers. */
export const acceptedAlgorithms: number[] = [-7, -257];

const leastRsaBits = 2048;

/**
 * True for a COSE key that can sign in one day: a point of P-256, or an RSA key of sound size. The decoder reads a key
 * that was cut short as if it were whole, and nobody could ever use the account of such a key.
 */
export async function isSoundKey(publicKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const jwk = await jwkOf(publicKey);
  if (!jwk) return false;
  try {
    const { asymmetricKeyDetails: details } = createPublicKey({ key: jwk, format: 'jwk' });
    if (jwk.kty === 'EC') return true;
    const { modulusLength = 0, publicExponent = 0n } = details ?? {};
    return modulusLength >= leastRsaBits && publicExponent > 1n && publicExponent % 2n === 1n;
  } catch {
    return false;
  }
}

async function jwkOf(publicKey: Uint8Array<ArrayBuffer>): Promise<JsonWebKey | undefined> {
  const { cose, decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  const key = decodeCredentialPublicKey(publicKey);
  const text = (bytes: unknown): string =>
    bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64url') : '';
  const algorithm: number | undefined = key.get(cose.COSEKEYS.alg);
  if (algorithm === -7 && cose.isCOSEPublicKeyEC2(key) && key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256) {
    return { kty: 'EC', crv: 'P-256', x: text(key.get(cose.COSEKEYS.x)), y: text(key.get(cose.COSEKEYS.y)) };
  }
  if (algorithm === -257 && cose.isCOSEPublicKeyRSA(key))
    return { kty: 'RSA', n: text(key.get(cose.COSEKEYS.n)), e: text(key.get(cose.COSEKEYS.e)) };
  return undefined;
}
