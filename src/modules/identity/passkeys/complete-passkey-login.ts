import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { type DomainError, unauthenticated } from '../../../lib/errors.js';
import { type SessionTokens, startTokenSession } from '../sessions/start-session.js';
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

/** One message for everything that may be wrong. */
const refused = (): DomainError => unauthenticated('The passkey does not open an account', 'webauthn.login');

/**
 * Signs in by a passkey. Throws BAD_USER_INPUT for what is no credential by its form, and UNAUTHENTICATED with one message
 * for everything else; only whoever proved the passkey learns that it must verify its user too.
 */
export async function completePasskeyLogin(ctx: Context, input: { credential: unknown }): Promise<SessionTokens> {
  const response = readAssertion(input.credential);
  const challenge = await takeChallenge(
    ctx.em,
    challengeOf(response.response.clientDataJSON),
    'login',
    ctx.services.now(),
  );
  const passkey = await passkeyOf(ctx, response.id);
  // A login without a name sends the handle with the key, but the key alone says whose it is.
  const { userHandle: handle } = response.response;
  const isTheirs =
    challenge !== undefined &&
    passkey?.isActive &&
    (challenge.userId ?? passkey.userId) === passkey.userId &&
    (handle ?? userHandle(passkey.userId)) === userHandle(passkey.userId);
  if (!isTheirs) throw await failed(ctx, passkey);
  const proof = await verify(ctx, response, passkey);
  if (!proof) throw await failed(ctx, passkey);
  if (passkey.needsVerification && !proof.userVerified) {
    await failed(ctx, passkey);
    throw unauthenticated(
      'With a second factor switched on, the passkey must verify its user',
      'webauthn.user_verification',
    );
  }
  const tokens = await startSession(ctx, passkey, proof);
  if (!tokens) throw await failed(ctx, passkey);
  return tokens;
}

async function passkeyOf({ em }: Context, credentialId: string): Promise<KnownPasskey | undefined> {
  const [passkey] = await em.execute<(Omit<KnownPasskey, 'counter'> & { counter: string })[]>(
    `select k.id, k.user_id as "userId", k.public_key as "publicKey", k.counter::text, u.is_active as "isActive",
            exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as "needsVerification"
       from passkeys k join users u on u.id = k.user_id where k.credential_id = ?`,
    [credentialId],
  );
  return passkey && { ...passkey, counter: Number(passkey.counter) };
}

/** What a response that holds has proved. The challenge was found already. */
async function verify(
  { services, log }: Context,
  response: AuthenticationResponseJSON,
  { publicKey, counter }: KnownPasskey,
): Promise<Proof | undefined> {
  const { id, origin } = relyingParty(services.config);
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
    // The library throws for all that does not hold, and so do the parsers below it.
    log.info({ why: String((error as Error).message).slice(0, 200) }, 'a passkey was refused');
    return undefined;
  }
}

/** Undefined when the counter went back: then two holders share the key, and one of them took it. */
async function startSession(
  ctx: Context,
  { id, userId }: KnownPasskey,
  { counter, isBackedUp }: Proof,
): Promise<SessionTokens | undefined> {
  return ctx.em.transactional(async (em) => {
    const moved = await em.execute<unknown[]>(
      `update passkeys set counter = ?::bigint, last_used_at = ?::timestamptz, is_backed_up = ?::boolean
        where id = ? and (counter < ?::bigint or (counter = 0 and ?::bigint = 0)) returning id`,
      [counter, ctx.services.now().toISOString(), isBackedUp, id, counter, counter],
    );
    return moved.length ? startTokenSession(ctx, { userId }) : undefined;
  });
}

/** Notes the failure of a passkey that somebody has, and answers the error to throw. */
async function failed(ctx: Context, passkey: KnownPasskey | undefined): Promise<DomainError> {
  if (passkey)
    await ctx.em.transactional((em) =>
      emit(em, ctx, 'user.login_failed', ['User', passkey.userId], { reason: 'passkey' }),
    );
  return refused();
}
