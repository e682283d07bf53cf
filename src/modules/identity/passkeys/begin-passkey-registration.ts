import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { notFound, tooMany } from '../../../lib/errors.js';
import { requireRegistrant } from '../people/registrant.js';
import { ceremonyTimeoutMs, issueChallenge, relyingParty, userHandle } from './webauthn-ceremony.js';
import { acceptedAlgorithms } from './webauthn-key.js';

/** A person's passkeys at most. */
export const mostPasskeys = 50;

/**
 * Returns what a browser needs to make a passkey, the contract's keys first. Throws as `requireRegistrant` does, and
 * CONFLICT when the person has fifty.
 */
export async function beginPasskeyRegistration(
  ctx: Context,
  asked: { userId?: string | null; registrationToken?: string | null },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { userId } = await requireRegistrant(ctx, asked);
  const person = await ctx.db.first<{ email: string; username: string }>(
    sql`select email, username from users where id = ${userId}`,
  );
  if (!person) throw notFound('User');
  const known = await ctx.db.all<{ id: string }>(
    sql`select credential_id as id from passkeys where user_id = ${userId} order by credential_id`,
  );
  // Said before the device makes one that nobody would know.
  if (known.length >= mostPasskeys) throw tooMany('Passkey', mostPasskeys);
  return {
    challenge: await issueChallenge(ctx, { ceremony: 'registration', userId }),
    rp: { name: 'Budget Tracker', id: relyingParty(ctx.services.config).id },
    user: { id: userHandle(userId), name: person.email, displayName: person.username },
    pubKeyCredParams: acceptedAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: ceremonyTimeoutMs,
    attestation: 'none',
    // One passkey a device is enough.
    excludeCredentials: known.map(({ id }) => ({ type: 'public-key', id })),
    // A discoverable credential where possible, so that the next login need not name anybody.
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
  };
}
