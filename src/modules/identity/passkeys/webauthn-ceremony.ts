/**
 * WebAuthn in the words of its specification (https://www.w3.org/TR/webauthn-3/):
 *
 *   relying party   this server, named by the domain that its pages come from
 *   ceremony        the two requests that make a passkey (`registration`) or prove it (`login`)
 *   challenge       what ties the two together: random, for one ceremony, good once and for five minutes
 *   user handle     the name under which an authenticator keeps a passkey's owner
 */
import { randomBytes } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Config } from '../../../config/config.js';
import type { Context } from '../../../kernel/context.js';
import { momentAfter } from '../sessions/start-session.js';

const challengeSeconds = 5 * 60;
/** What the browser is told: it only bounds the dialogue that the person sees. */
export const ceremonyTimeoutMs = 60_000;

export interface RelyingParty {
  id: string;
  /** What the browser must say that the page's origin was. */
  origin: string;
}

/**
 * The relying party at `publicUrl`. Its id must be a domain, so a server on a loopback address goes by `localhost`: that
 * is where a browser must open it for passkeys.
 */
export function relyingParty({ publicUrl }: Pick<Config, 'publicUrl'>): RelyingParty {
  const url = new URL(publicUrl);
  if (/^127\.|^\[::1\]$/.test(url.hostname)) url.hostname = 'localhost';
  return { id: url.hostname, origin: url.origin };
}

/**
 * The contract prints `user_1` for the first person, and so it is: the handle is that text. WebAuthn's JSON carries
 * handles as base64url of their bytes, `dXNlcl8x`; the bare text would be read as base64url itself, which makes the same
 * bytes of `user_1` and `user_2` and none at all of `user_1234`.
 */
export const userHandle = (userId: number): string => Buffer.from(`user_${userId}`).toString('base64url');

export type Ceremony = 'registration' | 'login';

export interface IssuedChallenge {
  ceremony: Ceremony;
  /** Whose passkey it shall be or prove; null: whoever's passkey answers. */
  userId: number | null;
}

/**
 * A challenge, and with it those swept whose time is over. With `isDecoy` it is written like any other and never good, so
 * that neither time nor a passkey of one's own tells whether there is such a person.
 */
export async function issueChallenge(
  { em, services }: Context,
  { ceremony, userId }: IssuedChallenge,
  { isDecoy = false } = {},
): Promise<string> {
  const now = services.now();
  const challenge = randomBytes(32).toString('base64url');
  await em.execute(
    `delete from passkey_challenges where challenge in
       (select challenge from passkey_challenges where expires_at < ?::timestamptz limit 100 for update skip locked)`,
    [now.toISOString()],
  );
  await em.execute(
    'insert into passkey_challenges (challenge, ceremony, user_id, expires_at) values (?, ?, ?, ?::timestamptz)',
    [challenge, ceremony, userId, isDecoy ? now.toISOString() : momentAfter(now, challengeSeconds)],
  );
  return challenge;
}

/**
 * Uses a challenge up, whatever comes of it: two completions of one ceremony, however close, find it once. Undefined when
 * there is none of that ceremony that is still good. Call it outside a transaction, which could take it back.
 */
export async function takeChallenge(
  em: SqlEntityManager,
  challenge: string | undefined,
  ceremony: Ceremony,
  now: Date,
): Promise<IssuedChallenge | undefined> {
  if (challenge === undefined) return undefined;
  const [taken] = await em.execute<(IssuedChallenge & { isGood: boolean })[]>(
    `delete from passkey_challenges where challenge = ?
     returning ceremony, user_id as "userId", expires_at > ?::timestamptz as "isGood"`,
    [challenge, now.toISOString()],
  );
  return taken?.isGood && taken.ceremony === ceremony ? taken : undefined;
}
