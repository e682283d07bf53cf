import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import type { AfterErasure, PersonalData } from '../../../kernel/personal-data.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';

export interface Erasure {
  userId: number;
  /** What stays and why, in plain words. */
  kept: string[];
}

/**
 * Erases a person (GDPR, article 17; DECISIONS.md, section 6): the row stays under a pseudonym for what refers to it,
 * credentials and roles go, their drafts go, and so do the documents that nobody else was given. The event log keeps
 * who did what by number. Each module says what it does, in its manifest. Oneself, or `users:write`. Throws CONFLICT
 * for the last active administrator.
 */
export async function eraseUser(ctx: Context, id: string | null | undefined): Promise<Erasure> {
  const userId = await changeablePerson(ctx, id);
  // With any credential that writes: ArchiDrive's programs know no other than API tokens (DECISIONS.md, section 1).
  requireSignedIn(ctx.viewer, 'write');

  const { kept, afterCommit } = await ctx.em.transactional(async (em) => {
    await requireAnotherAdmin(em, userId);
    const locked = await em.execute<unknown[]>('select 1 from users where id = ? and erased_at is null for update', [
      userId,
    ]);
    if (!locked.length) throw notFound('User');

    // What refers to the things of a module before it goes first: an invoice before its document.
    const lastFirst = ctx.services.personalData.toReversed();
    const afterCommit: AfterErasure[] = [];
    for (const { erase } of lastFirst) {
      const after = await erase?.(em, ctx, userId);
      if (after) afterCommit.push(after);
    }
    for (const part of lastFirst) await deleteReferences(em, part, userId);
    for (const { pseudonymise } of lastFirst) await pseudonymise?.(em, userId);

    const kept: string[] = [];
    for (const { remains } of ctx.services.personalData) kept.push(...((await remains?.(em, userId)) ?? []));
    await emit(
      em,
      { viewer: ctx.viewer, requestId: ctx.requestId, ip: userId === ctx.viewer.userId ? undefined : ctx.ip },
      'user.erased',
      ['User', userId],
      { kept },
    );
    return { kept, afterCommit };
  });

  for (const finish of afterCommit) await finish();
  return { userId, kept };
}

async function deleteReferences(
  em: SqlEntityManager,
  { references = {} }: PersonalData,
  userId: number,
): Promise<void> {
  for (const [reference, { erasure }] of Object.entries(references)) {
    if (erasure !== 'deleted') continue;
    const [table, column] = reference.split('.');
    await em.execute(`delete from ${table} where ${column} = ?`, [userId]);
  }
}
