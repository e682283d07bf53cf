import { createHmac, randomBytes } from 'node:crypto';
import type { Sealer } from '../../lib/sealing.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';

/** Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. */
const prefix = 'whsec_';
const encoded = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** SmartLeakPro's consumers have registered short ones, as its document does. */
const shortestSecret = { [WebhookFormat.LOG]: 16, [WebhookFormat.QUERY]: 16, [WebhookFormat.DOCUMENTED]: 6 };
const longestSecret = 200;
const keyBytes = { least: 24, most: 64 } as const;

export const newWebhookSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`;

/** Why a secret of the owner's own cannot be one; undefined when it can. */
export function problemOfSecret(
  secret: string,
  format: WebhookFormat,
): { code: 'too_short' | 'too_long' | 'invalid'; message: string } | undefined {
  const shortest = shortestSecret[format];
  if (secret.length < shortest) return { code: 'too_short', message: `must have at least ${shortest} characters` };
  if (secret.length > longestSecret)
    return { code: 'too_long', message: `must have at most ${longestSecret} characters` };
  if (!/^[\x21-\x7e]+$/.test(secret)) return { code: 'invalid', message: 'must be printable ASCII without spaces' };
  const isKey = (): boolean => {
    const { length } = keyOf(secret);
    return encoded.test(secret) && length >= keyBytes.least && length <= keyBytes.most;
  };
  if (secret.startsWith(prefix) && !isKey())
    return {
      code: 'invalid',
      message: `begins with whsec_, so base64 of ${keyBytes.least} to ${keyBytes.most} bytes must follow`,
    };
  return undefined;
}

/** A secret as it is stored: readable for this endpoint only. */
export const sealSecret = (sealer: Sealer, endpointId: number, secret: string): string =>
  sealer.seal(secret, purposeOf(endpointId));

/** Throws when it was sealed with another key: ENCRYPTION_KEY has changed. */
export function openSecret(sealer: Sealer, endpointId: number, sealed: string): string {
  const secret = sealer.open(sealed, purposeOf(endpointId));
  if (secret === undefined)
    throw new Error(`The secret of webhook ${endpointId} was sealed with another ENCRYPTION_KEY`);
  return secret;
}

const purposeOf = (endpointId: number): string => `webhook:${endpointId}`;

export interface Signed {
  messageId: string;
  /** Of this attempt: receivers refuse what is old. */
  at: Date;
  body: Buffer;
  /** The secret in force, and the one before it while both hold. */
  secrets: readonly [current: string, ...previous: string[]];
}

/**
 * The headers that prove a body. Standard Webhooks 1.0: `webhook-signature` is a signature for each secret, keyed with
 * what the base64 after `whsec_` stands for, or with the text of any other secret. `X-Webhook-Signature` is keyed with
 * the text of the secret in force (contracts/DECISIONS.md, sections 2 and 9).
 */
export function signatureHeaders({ messageId, at, body, secrets }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map(
    (secret) =>
      `v1,${createHmac('sha256', keyOf(secret)).update(`${messageId}.${timestamp}.`).update(body).digest('base64')}`,
  );
  return {
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
    'x-webhook-signature': `sha256=${createHmac('sha256', secrets[0]).update(body).digest('hex')}`,
  };
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
