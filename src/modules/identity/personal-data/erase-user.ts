import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import { emit, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import type { AfterErasure, PersonalData, Remainder } from '../../../kernel/personal-data.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';
import { type OwnProof, requireOwnProof } from '../second-factor/prove-second-factor.js';

export interface Erasure {
  userId: number;
  /** What stays and why, in plain words. */
  kept: string[];
  remains: Remainder[];
}

/**
 * Erases somebody; needs `users:write`. Oneself only where the request itself is the proof, as at a REST route whose
 * contract has no place for one; else FORBIDDEN. Throws CONFLICT for the last active administrator.
 */
export async function eraseUser(ctx: Context, id: string): Promise<Erasure> {
  const userId = await changeablePerson(ctx, id);
  if (userId === ctx.viewer.userId && !ctx.isConfirmed)
    throw forbidden('Erase yourself by deleteOwnAccount, which asks for a proof', 'user.self');
  return erase(ctx, userId);
}

/**
 * Erases the viewer, against their password, a code of their second factor or a passkey. Only in person. Throws
 * BAD_USER_INPUT for a wrong proof, RATE_LIMITED after five, CONFLICT for the last active administrator.
 */
export async function eraseOwnAccount(ctx: Context, proof: OwnProof): Promise<Erasure> {
  const { userId } = requireInPerson(ctx.viewer);
  await requireOwnProof(ctx, userId, proof);
  return erase(ctx, userId);
}

/**
 * GDPR, article 17; DECISIONS.md, section 6: the row stays under a pseudonym for what refers to it, credentials and
 * roles go, their drafts go, and so do the documents that nobody else was given. The event log keeps who did what by
 * number. Each module says what it does, in its manifest.
 */
async function erase(ctx: Context, userId: number): Promise<Erasure> {
  const { kept, remains, afterCommit } = await ctx.db.transaction(async (tx) => {
    await requireAnotherAdmin(tx, userId);
    const person = await tx.first(sql`select 1 from users where id = ${userId} and erased_at is null for update`);
    if (!person) throw notFound('User');

    // What refers to the things of a module before it goes first: an invoice before its document.
    const lastFirst = ctx.services.personalData.toReversed();
    const afterCommit: AfterErasure[] = [];
    for (const { erase } of lastFirst) {
      const after = await erase?.(tx, ctx, userId);
      if (after) afterCommit.push(after);
    }
    for (const part of lastFirst) await deleteReferences(tx, part, userId);
    for (const { pseudonymise } of lastFirst) await pseudonymise?.(tx, userId);

    const remains = [accountStays];
    for (const part of lastFirst) remains.push(...((await part.remains?.(tx, userId)) ?? []));
    const kept = remains.map(({ words, reason }) => `${words}, because ${reason}`);
    await emit(
      tx,
      { ...originAs(ctx.viewer.userId, ctx), ip: userId === ctx.viewer.userId ? undefined : ctx.ip },
      'user.erased',
      ['User', userId],
      { kept },
    );
    return { kept, remains, afterCommit };
  });

  for (const finish of afterCommit) await finish();
  return { userId, kept, remains };
}

async function deleteReferences(tx: Transaction, { references = {} }: PersonalData, userId: number): Promise<void> {
  for (const [reference, { erasure }] of Object.entries(references)) {
    if (erasure !== 'deleted') continue;
    const [table = '', column = ''] = reference.split('.');
    await tx.send(sql`delete from ${raw(table)} where ${raw(column)} = ${userId}`);
  }
}

const accountStays: Remainder = {
  what: 'account',
  words: 'The account number under a pseudonym',
  count: 1,
  reason: 'invoices and the event log, which says who changed what without names and addresses, refer to it',
  until: null,
};
