/**
 * WebAuthn in the words of its specification (https://www.w3.org/TR/webauthn-3/):
 *
 *   relying party   this server, named by the domain that its pages come from
 *   ceremony        the two requests that make a passkey (`registration`) or prove it (`login`)
 *   challenge       what ties the two together: random, for one ceremony, good once and for five minutes
 *   user handle     the name under which an authenticator keeps a passkey's owner
 */
import { randomBytes } from 'node:crypto';
import type { Config } from '../../../config/config.js';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { momentAfter } from '../sessions/start-session.js';

const challengeSeconds = 5 * 60;
/** Sent to the browser; it only bounds the dialogue that the person sees. */
export const ceremonyTimeoutMs = 60_000;

export interface RelyingParty {
  id: string;
  /** The origin of the page, as the browser must report it. */
  origin: string;
}

/**
 * The relying party at `publicUrl`. Its id must be a domain, so a server on a loopback address goes by `localhost`:
 * that is where a browser must open it for passkeys.
 */
export function relyingParty({ publicUrl }: Pick<Config, 'publicUrl'>): RelyingParty {
  const url = new URL(publicUrl);
  if (/^127\.|^\[::1\]$/.test(url.hostname)) url.hostname = 'localhost';
  return { id: url.hostname, origin: url.origin };
}

/**
 * The contract prints `user_1` for the first person, and so it is: the handle is that text. WebAuthn's JSON carries
 * handles as base64url of their bytes, `dXNlcl8x`; the bare text would be read as base64url itself, which makes the
 * same bytes of `user_1` and `user_2` and none at all of `user_1234`.
 */
export const userHandle = (userId: number): string => Buffer.from(`user_${userId}`).toString('base64url');

export type Ceremony = 'registration' | 'login';

export interface IssuedChallenge {
  ceremony: Ceremony;
  /** Whose passkey is to be made or proved; null: any person's. */
  userId: number | null;
}

/**
 * Returns a new challenge; expired ones are deleted on the way. With `isDecoy` it is stored like any other but never
 * valid, so that neither the response time nor a passkey of one's own tells whether there is such a person.
 */
export async function issueChallenge(
  { db, services }: Context,
  { ceremony, userId }: IssuedChallenge,
  { isDecoy = false } = {},
): Promise<string> {
  const now = services.now();
  const challenge = randomBytes(32).toString('base64url');
  await db.run(sql`
    delete from passkey_challenges where challenge in
      (select challenge from passkey_challenges where expires_at < ${now} limit 100 for update skip locked)`);
  const expiresAt = isDecoy ? now.toISOString() : momentAfter(now, challengeSeconds);
  await db.run(sql`
    insert into passkey_challenges (challenge, ceremony, user_id, expires_at)
    values (${challenge}, ${ceremony}, ${userId}, ${expiresAt})`);
  return challenge;
}

/**
 * Uses a challenge up: of two completions of one ceremony, however close, one gets it. Returns undefined when there is
 * none for that ceremony that is still valid. Call it outside a transaction, which could undo the use.
 */
export async function takeChallenge(
  { db, services }: Context,
  challenge: string | undefined,
  ceremony: Ceremony,
): Promise<IssuedChallenge | undefined> {
  if (challenge === undefined) return undefined;
  const taken = await db.first<IssuedChallenge & { isValid: boolean }>(sql`
    delete from passkey_challenges where challenge = ${challenge}
    returning ceremony, user_id as "userId", expires_at > ${services.now()} as "isValid"`);
  return taken?.isValid && taken.ceremony === ceremony ? taken : undefined;
}
