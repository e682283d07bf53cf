import { randomBytes } from 'node:crypto';
import { hashSecret } from './resolve-viewer.js';

/** `apt`: API token; `rft`: refresh token; `ses`: session cookie. */
export type SecretKind = 'apt' | 'rft' | 'ses';

export interface Secret {
  /** Shown once, never kept. */
  secret: string;
  /** What the database keeps. */
  hash: string;
  /** First characters, to tell secrets apart. */
  prefix: string;
}

export function newSecret(kind: SecretKind): Secret {
  const secret = `${kind}_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashSecret(secret), prefix: secret.slice(0, 10) };
}
