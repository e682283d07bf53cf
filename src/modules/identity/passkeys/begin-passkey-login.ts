import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { tidyName } from '../../../lib/names.js';
import { isPlain } from '../people/person-fields.js';
import { ceremonyTimeoutMs, issueChallenge, relyingParty } from './webauthn-ceremony.js';

/**
 * Returns what a browser needs to prove a passkey, the contract's keys first. Without an e-mail any passkey on the
 * device may answer. For an address without passkeys the answer looks the same and is stable, and nobody can complete
 * it.
 */
export async function beginPasskeyLogin(
  ctx: Context,
  { email }: { email?: string | null },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const address = email == null ? undefined : tidyName(email).toLowerCase();
  const found = address === undefined ? undefined : await passkeysOf(ctx, address);
  const allowed = address === undefined ? [] : found ? found.credentialIds : [decoyFor(ctx, address)];
  const challenge = await issueChallenge(
    ctx,
    { ceremony: 'login', userId: found?.userId ?? null },
    { isDecoy: address !== undefined && !found },
  );
  return {
    challenge,
    timeout: ceremonyTimeoutMs,
    rpId: relyingParty(ctx.services.config).id,
    // Without the transports, which differ from device to device and would tell real ones from decoys.
    allowCredentials: allowed.map((id) => ({ type: 'public-key', id })),
    userVerification: 'preferred',
  };
}

async function passkeysOf(
  { db }: Context,
  address: string,
): Promise<{ userId: number; credentialIds: string[] } | undefined> {
  const rows = await db.all<{ userId: number; credentialId: string }>(sql`
    select u.id as "userId", k.credential_id as "credentialId" from users u join passkeys k on k.user_id = u.id
     where lower(u.email) = lower(${isPlain(address) ? address : ''}::text) and u.is_active order by k.id`);
  return rows[0] && { userId: rows[0].userId, credentialIds: rows.map((row) => row.credentialId) };
}

/** A credential id that nobody has: always the same for an address, with a length that authenticators use. */
function decoyFor({ services }: Context, address: string): string {
  const digest = services.sealer.digest(address, 'passkey decoy');
  const bytes = [16, 20, 32][(digest[0] as number) % 3];
  return services.sealer.digest(address, 'passkey decoy id').subarray(0, bytes).toString('base64url');
}
