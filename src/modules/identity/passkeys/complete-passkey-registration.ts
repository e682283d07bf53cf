import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { sql } from '../../../db/sql.js';
import { emit, originAs } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, conflict, type DomainError, type FieldProblem } from '../../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../../lib/names.js';
import { endRegistration, type Registrant, requireRegistrant } from '../people/registrant.js';
import { mostPasskeys } from './begin-passkey-registration.js';
import { relyingParty, takeChallenge } from './webauthn-ceremony.js';
import { challengeOf, readRegistration } from './webauthn-credential.js';
import { acceptedAlgorithms, isSoundKey } from './webauthn-key.js';

export interface NewPasskey {
  credential: unknown;
  name: string;
  registrationToken?: string | null;
}

interface VerifiedPasskey {
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: readonly string[];
  isBackedUp: boolean;
}

/** One message, whatever is wrong. */
const refused = (): DomainError =>
  badInput(
    [
      {
        path: ['credential'],
        code: 'invalid',
        message: 'is no answer to a registration that was begun here and is still open',
      },
    ],
    { reason: 'webauthn.registration' },
  );

/**
 * Adds a passkey to the person's account; the session of a registration ends with it. Throws BAD_USER_INPUT for a
 * credential that is not valid, CONFLICT for one that is registered already and when the person has fifty, else as
 * `requireRegistrant` does.
 */
export async function completePasskeyRegistration(
  ctx: Context,
  input: NewPasskey,
): Promise<{ userId: number; passkeyId: number }> {
  const registrant = await requireRegistrant(ctx, input);
  const name = tidyName(input.name);
  const problems = nameProblems(name);
  if (problems.length) throw badInput(problems);
  const response = readRegistration(input.credential);
  const { clientDataJSON } = response.response;
  const challenge = await takeChallenge(ctx, challengeOf(clientDataJSON), 'registration');
  if (challenge?.userId !== registrant.userId) throw refused();
  const passkey = await verify(ctx, response);
  if (!passkey) throw refused();
  return addPasskey(ctx, registrant, { ...passkey, name });
}

function nameProblems(name: string): FieldProblem[] {
  if (name === '') return [{ path: ['name'], code: 'required', message: 'is required' }];
  if (name.length > 100) return [{ path: ['name'], code: 'too_long', message: 'must have at most 100 characters' }];
  return isSeen(name) ? [] : [{ path: ['name'], code: 'invalid', message: unseenMessage }];
}

/** Returns the passkey of a valid response; undefined for any other. The caller has taken the challenge. */
async function verify(
  { services, log }: Context,
  response: RegistrationResponseJSON,
): Promise<VerifiedPasskey | undefined> {
  const { id, origin } = relyingParty(services.config);
  // Loaded with the first passkey: it is large.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    if (!(await isUnattested(response))) return undefined;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: () => true,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: false,
      supportedAlgorithmIDs: acceptedAlgorithms,
    });
    if (
      !verified ||
      registrationInfo.credential.id !== response.id ||
      !(await isSoundKey(registrationInfo.credential.publicKey))
    )
      return undefined;
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: response.response.transports ?? [],
      isBackedUp: credentialBackedUp,
    };
  } catch (error) {
    // The library and its parsers throw for everything that is not valid.
    log.info({ why: String((error as Error).message).slice(0, 200) }, 'a passkey was refused');
    return undefined;
  }
}

/** No attestation is asked for: certificate chains would be checked against addresses that they name themselves. */
async function isUnattested({ response }: RegistrationResponseJSON): Promise<boolean> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(response.attestationObject));
  const format = attestation.get('fmt');
  return format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined);
}

async function addPasskey(
  ctx: Context,
  { userId, registrationId }: Registrant,
  passkey: VerifiedPasskey & { name: string },
): Promise<{ userId: number; passkeyId: number }> {
  const now = ctx.services.now();
  return ctx.db.transaction(async (tx) => {
    const person = await tx.first(sql`select 1 from users where id = ${userId} and is_active for update`);
    if (!person) throw refused();
    if (registrationId !== undefined && !(await endRegistration(tx, registrationId, now))) throw refused();
    await refuseBeyond(tx, 'Passkey', mostPasskeys, sql`select 1 from passkeys where user_id = ${userId}`);
    const added = await tx.first<{ id: number }>(sql`
      insert into passkeys
        (user_id, credential_id, public_key, counter, transports, name, is_backed_up, created_at)
      values (${userId}, ${passkey.credentialId}, ${passkey.publicKey}, ${passkey.counter}, ${passkey.transports},
              ${passkey.name}, ${passkey.isBackedUp}, ${now})
      on conflict (credential_id) do nothing returning id`);
    if (!added)
      throw conflict('This passkey is registered already', { subject: 'Passkey', reason: 'passkey.registered' });
    const origin = originAs(userId, ctx);
    await emit(tx, origin, 'passkey.added', ['Passkey', added.id], { userId, name: passkey.name });
    return { userId, passkeyId: added.id };
  });
}
