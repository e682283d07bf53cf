import { randomBytes } from 'node:crypto';
import { hashSecret } from './resolve-viewer.js';

/**
 * `apt`: API token; `sk`: API key; `rft`: refresh token; `ses`: session cookie; `reg`: registration cookie; `dev`:
 * known device; `lnk`: share link; `cal`: calendar feed; `rdv`: a client's link to an appointment.
 */
export type SecretKind = 'apt' | 'sk' | 'rft' | 'ses' | 'reg' | 'dev' | 'lnk' | 'cal' | 'rdv';

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
