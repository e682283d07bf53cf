import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem } from '../../../lib/errors.js';
import { revokeTokensOf } from '../api-keys/revoke-api-token.js';
import { changeablePerson } from '../roles/authority.js';
import { isOwnPassword } from '../second-factor/prove-second-factor.js';
import { endSessionsOf } from './end-session.js';
import { forgetDevicesOf } from './known-devices.js';
import { hashPassword, passwordProblems } from './passwords.js';

export interface PasswordChange {
  id: string;
  /** Asked for when it is one's own. */
  currentPassword?: string | null;
  newPassword: string;
  /** Default: programs go on with their own credentials. */
  revokeTokens?: boolean | null;
}

/**
 * Sets a password, ends the person's sessions, all but the one that asks, and forgets the known devices: whoever had the
 * old password may have made one. Only in person.
 */
export async function changePassword(
  ctx: Context,
  { id, revokeTokens, ...change }: PasswordChange,
): Promise<{ userId: number }> {
  requireInPerson(ctx.viewer);
  const userId = await changeablePerson(ctx, id);
  const { before, problems } = await checkPasswordChange(ctx, userId, change);
  if (problems.length) throw badInput(problems);

  const passwordHash = await hashPassword(change.newPassword);
  await ctx.em.transactional(async (em) => {
    await writePassword(em, ctx, userId, { before, passwordHash });
    if (revokeTokens) await revokeTokensOf(em, ctx, userId);
  });
  return { userId };
}

/** What is wrong with a new password, and the hash that it would replace. Throws RATE_LIMITED after five wrong ones of one's own. */
export async function checkPasswordChange(
  ctx: Context,
  userId: number,
  { currentPassword, newPassword }: Omit<PasswordChange, 'id'>,
): Promise<{ before: string | null; problems: FieldProblem[] }> {
  const { em, viewer } = ctx;
  const isOwn = userId === viewer.userId;
  const [person] = await em.execute<{ passwordHash: string | null }[]>(
    'select password_hash as "passwordHash" from users where id = ?',
    [userId],
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

/** Replaces the hash in the transaction of `em`, ends the sessions and forgets the devices. Throws CONFLICT when it is no longer `before`. */
export async function writePassword(
  em: SqlEntityManager,
  ctx: Context,
  userId: number,
  { before, passwordHash }: { before: string | null; passwordHash: string },
): Promise<void> {
  const changed = await em.execute<unknown[]>(
    `update users set password_hash = ?, updated_at = now()
      where id = ? and erased_at is null and password_hash is not distinct from ? returning id`,
    [passwordHash, userId, before],
  );
  if (!changed.length)
    throw conflict('The password was changed meanwhile', { subject: 'User', reason: 'user.password_changed' });
  const { userId: viewerId, credential } = ctx.viewer;
  await endSessionsOf(em, ctx, userId, {
    except: userId === viewerId && 'sessionId' in credential ? credential.sessionId : undefined,
  });
  await forgetDevicesOf(em, ctx, userId);
  await emit(em, ctx, 'user.password_changed', ['User', userId], {});
}
