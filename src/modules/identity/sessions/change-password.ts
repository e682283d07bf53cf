import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem } from '../../../lib/errors.js';
import { revokeTokensOf } from '../api-keys/revoke-api-token.js';
import { changeablePerson } from '../roles/authority.js';
import { isOwnPassword, type OwnProof, requireOwnProof } from '../second-factor/prove-second-factor.js';
import { endSessionsOf } from './end-session.js';
import { forgetDevicesOf } from './known-devices.js';
import { hashPassword, passwordProblems } from './passwords.js';

/** The proof is the viewer's, and asked for when the password is another's. */
export interface PasswordChange extends OwnProof {
  id: string;
  /** Asked for when it is one's own. */
  currentPassword?: string | null;
  newPassword: string;
  /** Default: programs go on with their own credentials. */
  revokeTokens?: boolean | null;
}

/**
 * Sets a password, ends the person's sessions except the one of this request, and forgets the known devices: whoever
 * had the old password may have made one. Only in person; another's against a proof of the viewer, so that a session
 * left open somewhere is not enough to become somebody else. Throws BAD_USER_INPUT, RATE_LIMITED after five wrong
 * proofs.
 */
export async function changePassword(
  ctx: Context,
  { id, revokeTokens, currentPassword, newPassword, ...proof }: PasswordChange,
): Promise<{ userId: number }> {
  const viewer = requireInPerson(ctx.viewer);
  const userId = await changeablePerson(ctx, id);
  const { before, problems } = await checkPasswordChange(ctx, userId, {
    currentPassword: currentPassword ?? null,
    newPassword,
  });
  if (problems.length) throw badInput(problems);
  if (userId !== viewer.userId) await requireOwnProof(ctx, viewer.userId, proof);

  const passwordHash = await hashPassword(newPassword);
  await ctx.db.transaction(async (tx) => {
    await writePassword(tx, ctx, userId, { before, passwordHash });
    if (revokeTokens) await revokeTokensOf(tx, ctx, userId);
  });
  return { userId };
}

/**
 * Returns what is wrong with a new password, and the hash that it would replace. Throws RATE_LIMITED after five wrong
 * current passwords of one's own.
 */
export async function checkPasswordChange(
  ctx: Context,
  userId: number,
  { currentPassword, newPassword }: Pick<PasswordChange, 'currentPassword' | 'newPassword'>,
): Promise<{ before: string | null; problems: FieldProblem[] }> {
  const isOwn = userId === ctx.viewer.userId;
  const person = await ctx.db.first<{ passwordHash: string | null }>(
    sql`select password_hash as "passwordHash" from users where id = ${userId}`,
  );
  const before = person?.passwordHash ?? null;

  const problems: FieldProblem[] = passwordProblems(newPassword, 'newPassword');
  if (isOwn && !currentPassword) problems.push({ path: ['currentPassword'], code: 'required', message: 'is required' });
  else if (
    isOwn &&
    !(await isOwnPassword(ctx, userId, { passwordHash: before, password: currentPassword as string }))
  ) {
    problems.push({ path: ['currentPassword'], code: 'invalid', message: 'is wrong' });
  }
  return { before, problems };
}

/**
 * Replaces the hash, ends the sessions and forgets the devices. Throws CONFLICT when the hash is no longer `before`.
 */
export async function writePassword(
  tx: Transaction,
  ctx: Context,
  userId: number,
  { before, passwordHash }: { before: string | null; passwordHash: string },
): Promise<void> {
  const changed = await tx.run(sql`
    update users set password_hash = ${passwordHash}, updated_at = now()
     where id = ${userId} and erased_at is null and password_hash is not distinct from ${before}`);
  if (changed === 0)
    throw conflict('The password was changed meanwhile', { subject: 'User', reason: 'user.password_changed' });
  const { userId: viewerId, credential } = ctx.viewer;
  await endSessionsOf(tx, ctx, userId, {
    except: userId === viewerId && 'sessionId' in credential ? credential.sessionId : undefined,
  });
  await forgetDevicesOf(tx, ctx, userId);
  await emit(tx, ctx, 'user.password_changed', ['User', userId], {});
}
