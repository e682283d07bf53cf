import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { unauthenticated } from '../../../lib/errors.js';
import { relyingParty, takeChallenge, userHandle } from './webauthn-ceremony.js';
import { challengeOf, readAssertion } from './webauthn-credential.js';

interface KnownPasskey {
  id: number;
  userId: number;
  publicKey: string;
  counter: number;
  isActive: boolean;
  /** Whether the person has a confirmed second factor. */
  needsVerification: boolean;
}

interface Proof {
  counter: number;
  userVerified: boolean;
  isBackedUp: boolean;
}

/**
 * Verifies a passkey's answer to the challenge of a login, which is used up by it, and does `then` for its owner in the
 * same transaction. Returns what `then` returned, undefined for whatever is wrong. Throws BAD_USER_INPUT for what is no
 * credential by its form, and UNAUTHENTICATED when it was proved but has to verify its user too.
 */
export async function provePasskey<T>(
  ctx: Context,
  credential: unknown,
  then: (tx: Transaction, userId: number) => Promise<T>,
): Promise<T | undefined> {
  const response = readAssertion(credential);
  const { clientDataJSON } = response.response;
  const challenge = await takeChallenge(ctx, challengeOf(clientDataJSON), 'login');
  const passkey = await passkeyOf(ctx, response.id);
  if (!passkey) return undefined;
  // A login without a name sends the handle with the key, but the key alone says whose it is.
  const { userHandle: handle } = response.response;
  const isTheirs =
    challenge !== undefined &&
    passkey.isActive &&
    (challenge.userId ?? passkey.userId) === passkey.userId &&
    (handle ?? userHandle(passkey.userId)) === userHandle(passkey.userId);
  const proof = isTheirs ? await verify(ctx, response, passkey) : undefined;
  if (proof && passkey.needsVerification && !proof.userVerified) {
    await noteFailure(ctx, passkey);
    throw unauthenticated(
      'With a second factor switched on, the passkey must verify its user',
      'webauthn.user_verification',
    );
  }
  const done = proof && (await advance(ctx, passkey, proof, then));
  if (done === undefined) await noteFailure(ctx, passkey);
  return done;
}

async function passkeyOf({ db }: Context, credentialId: string): Promise<KnownPasskey | undefined> {
  return db.first<KnownPasskey>(sql`
    select k.id, k.user_id as "userId", k.public_key as "publicKey", k.counter::float8, u.is_active as "isActive",
           exists (select 1 from second_factors f
                    where f.user_id = u.id and f.confirmed_at is not null) as "needsVerification"
      from passkeys k join users u on u.id = k.user_id where k.credential_id = ${credentialId}`);
}

/** Returns what a valid response proves; undefined for any other. The caller has taken the challenge. */
async function verify(
  { services, log }: Context,
  response: AuthenticationResponseJSON,
  { publicKey, counter }: KnownPasskey,
): Promise<Proof | undefined> {
  const { id, origin } = relyingParty(services.config);
  // Loaded with the first passkey: it is large.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: () => true,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: false,
      credential: { id: response.id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
    });
    const { newCounter, userVerified, credentialBackedUp } = authenticationInfo;
    return verified ? { counter: newCounter, userVerified, isBackedUp: credentialBackedUp } : undefined;
  } catch (error) {
    // The library and its parsers throw for everything that is not valid.
    log.info({ why: String((error as Error).message).slice(0, 200) }, 'a passkey was refused');
    return undefined;
  }
}

/** Returns undefined when the counter did not advance: then the key was copied, and two parties use it. */
async function advance<T>(
  ctx: Context,
  { id, userId }: KnownPasskey,
  { counter, isBackedUp }: Proof,
  then: (tx: Transaction, userId: number) => Promise<T>,
): Promise<T | undefined> {
  return ctx.db.transaction(async (tx) => {
    const advanced = await tx.run(sql`
      update passkeys set counter = ${counter}, last_used_at = ${ctx.services.now()}, is_backed_up = ${isBackedUp}
       where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter}::bigint = 0))`);
    return advanced > 0 ? then(tx, userId) : undefined;
  });
}

const noteFailure = (ctx: Context, { userId }: KnownPasskey): Promise<void> =>
  ctx.db.transaction((tx) => emit(tx, ctx, 'user.login_failed', ['User', userId], { reason: 'passkey' }));
