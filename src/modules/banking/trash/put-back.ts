import { registerEnumType } from 'type-graphql';
import type { Transaction } from '../../../db/sql-client.js';
import { holds, json, raw, type Sql, sql } from '../../../db/sql.js';
import { emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, forbidden } from '../../../lib/errors.js';
import { whyNotChange } from '../../documents/files/document.policy.js';
import { movingBalances } from '../accounts/balance-limits.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { type AccountRow, lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import type { TrashContent } from './trash-transactions.js';

/** A transaction in the trash, as commands see it. */
export interface TrashedRow {
  id: number;
  accountId: number;
  ownerId: number;
  currency: string;
  transferId: number | null;
  content: TrashContent;
}

/** What did not come back with a transaction. */
export enum RestoreLoss {
  CATEGORY = 'category',
  PAYMENT = 'payment',
}

registerEnumType(RestoreLoss, {
  name: 'RestoreLoss',
  description: 'What did not come back with a transaction.',
  valuesConfig: {
    CATEGORY: { description: 'A category of it is deleted: it, or the part, has none now.' },
    PAYMENT: { description: 'An invoice that it paid has no room for that any more, or is gone.' },
  },
});

/**
 * Takes the rows of the trash out of it for which the condition holds, `t` being the trash, with their accounts locked:
 * none when the viewer sees none of them, or somebody was faster. Throws FORBIDDEN for whoever may not write all their
 * accounts.
 */
export async function takeOut(
  tx: Transaction,
  ctx: CommandContext,
  condition: Sql,
): Promise<{ rows: TrashedRow[]; accounts: ReadonlyMap<number, AccountRow>; seenCount: number }> {
  const seen = await tx.all<{ accountId: number }>(sql`
    select t.account_id as "accountId" from trashed_transactions t
     where ${condition} and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
  const accountIds = [...new Set(seen.map(({ accountId }) => accountId))];
  const accounts = await lockVisibleAccounts(tx, ctx, accountIds);
  if (accounts.size === 0) return { rows: [], accounts, seenCount: seen.length };
  const rows = await tx.all<TrashedRow>(sql`
    delete from trashed_transactions t where ${condition}
    returning t.id, t.account_id as "accountId", t.owner_id as "ownerId", t.currency, t.transfer_id as "transferId",
              t.content`);
  for (const { accountId } of rows) {
    const account = accounts.get(accountId);
    if (!account) throw forbidden('One of its accounts is not yours', 'account.not_own');
    requireWrite(ctx, account);
  }
  return { rows, accounts, seenCount: seen.length };
}

/**
 * Writes transactions that were taken out of the trash into their accounts, which are locked, under the numbers that
 * they had. Returns what did not come back: categories that are gone, payments of invoices without room. A receipt
 * stays away whose document was deleted for good, or is another's who took it out of the trash. Throws CONFLICT when
 * the account has another currency, BAD_USER_INPUT when a savings account would be overdrawn.
 */
export async function putBack(
  tx: Transaction,
  ctx: CommandContext,
  taken: readonly TrashedRow[],
  accounts: ReadonlyMap<number, AccountRow>,
): Promise<RestoreLoss[]> {
  refuseOtherCurrency(taken, accounts);
  const { rows, hasLost } = await withoutLostCategories(tx, taken);
  const contents = json(rows.map(({ content }) => content));
  await movingBalances(() => tx.run(transactionsWritten(contents)));
  await tx.send(splitsWritten(contents));
  await tx.send(sql`
    update import_rows i set transaction_id = (c -> 'transaction' ->> 'id')::int,
           is_known = i.is_known
             or (i.import_id = (c -> 'transaction' ->> 'import_id')::int and i.status <> 'duplicate')
      from jsonb_array_elements(${contents}) c cross join lateral jsonb_array_elements(c -> 'importRows') e
     where i.id = e::int and i.transaction_id is null`);
  // What was deleted before, and was made anew by it, stands for nothing any more.
  await tx.send(sql`
    update import_rows o set is_known = false
      from jsonb_array_elements(${contents}) c cross join lateral jsonb_array_elements(c -> 'importRows') e
      join import_rows i on i.id = e::int
     where o.id = i.recreates_id and o.is_known and i.is_known and o.transaction_id is null`);
  await tx.send(sql`
    update recurrence_rules u set origin_transaction_id = (c -> 'transaction' ->> 'id')::int
      from jsonb_array_elements(${contents}) c cross join lateral jsonb_array_elements(c -> 'rules') e
     where u.id = e::int and u.origin_transaction_id is null`);
  const subjects = rows.map(({ id, accountId, ownerId }) => ({ id, data: { bankAccountId: accountId, ownerId } }));
  await emitEach(tx, ctx, 'transaction.created', 'Transaction', subjects);
  await putReceiptsBack(tx, ctx, rows);
  const unpaid = new Set<number>();
  const back = rows.map(({ id, content }) => ({ id, kept: content.kept ?? {} }));
  await ctx.services.runHook('transactionsPutBack', tx, ctx, back, unpaid);
  return [...(hasLost ? [RestoreLoss.CATEGORY] : []), ...(unpaid.size > 0 ? [RestoreLoss.PAYMENT] : [])];
}

function refuseOtherCurrency(rows: readonly TrashedRow[], accounts: ReadonlyMap<number, AccountRow>): void {
  const other = rows.find(({ accountId, currency }) => accounts.get(accountId)?.currency !== currency);
  if (other)
    throw conflict(`The account no longer has the currency ${other.currency}`, {
      subject: 'Transaction',
      reason: 'transaction.currency_changed',
    });
}

/** The rows, with none in place of categories that are deleted since. Those that are there stay until `tx` ends. */
async function withoutLostCategories(
  tx: Transaction,
  rows: readonly TrashedRow[],
): Promise<{ rows: readonly TrashedRow[]; hasLost: boolean }> {
  const named = rows.flatMap(({ content }) => [content.transaction, ...content.splits]);
  const ids = [...new Set(named.flatMap(({ category_id: id }) => id ?? []))];
  if (ids.length === 0) return { rows, hasLost: false };
  const found = await tx.all<{ id: number }>(
    sql`select id from categories where id = any(${ids}::int[]) order by id for key share`,
  );
  if (found.length === ids.length) return { rows, hasLost: false };
  const there = new Set<number | null>(found.map(({ id }) => id));
  const filed = <Part extends { category_id: number | null }>(part: Part): Part =>
    there.has(part.category_id) ? part : { ...part, category_id: null };
  const left = rows.map((row) => ({
    ...row,
    content: {
      ...row.content,
      transaction: filed(row.content.transaction),
      splits: row.content.splits.map(filed),
    },
  }));
  return { rows: left, hasLost: true };
}

/** Columns that are as they were; the others refer to what may be gone since. */
const kept = raw(`id, account_id, owner_id, category_id, amount, description, transaction_date, labels, notes, is_split,
  transfer_id, occurrence_date, bank_reference, is_flagged, created_at, updated_at`);

/** A day that the rule has written anew stands for that one now. */
const transactionsWritten = (contents: ReturnType<typeof json>): Sql => sql`
  insert into transactions (${kept}, recurrence_rule_id, import_id, created_by_id)
  select ${kept},
         (select u.id from recurrence_rules u where u.id = r.recurrence_rule_id and not exists (
            select 1 from transactions o
             where o.recurrence_rule_id = u.id and o.occurrence_date = r.occurrence_date)),
         (select i.id from imports i where i.id = r.import_id),
         (select p.id from users p where p.id = r.created_by_id)
    from jsonb_array_elements(${contents}) c
    cross join lateral jsonb_populate_record(null::transactions, c -> 'transaction') r`;

const splitsWritten = (contents: ReturnType<typeof json>): Sql => sql`
  insert into transaction_splits (id, transaction_id, position, category_id, amount, description)
  select s.id, s.transaction_id, s.position, s.category_id, s.amount, s.description
    from jsonb_array_elements(${contents}) c
    cross join lateral jsonb_populate_recordset(null::transaction_splits, c -> 'splits') s`;

/**
 * Brings documents back that went into their trash with the receipts. One that somebody took out of it since is theirs
 * to show: it is linked again only for whoever may change it, as a receipt is linked otherwise.
 */
async function putReceiptsBack(tx: Transaction, ctx: CommandContext, rows: readonly TrashedRow[]): Promise<void> {
  const contents = json(rows.map(({ content }) => content));
  const ids = [...new Set(rows.flatMap(({ content }) => content.receipts.map((receipt) => receipt.document_id)))];
  if (ids.length === 0) return;
  const wentAlong = json(rows.flatMap(({ content }) => content.documents));
  const found = await tx.all<{ id: number; ownerId: number; isTakenOut: boolean }>(sql`
    select d.id, d.owner_id as "ownerId",
           exists (select 1 from jsonb_to_recordset(${wentAlong}) as g(id int, deleted_at timestamptz)
                    where g.id = d.id and g.deleted_at is distinct from d.deleted_at) as "isTakenOut"
      from documents d where d.id = any(${ids}::int[]) order by d.id for no key update`);
  const linked = found.filter(({ ownerId, isTakenOut }) => !isTakenOut || mayChange(ctx, ownerId)).map(({ id }) => id);
  const added = await tx.all<{ receiptId: number; transactionId: number; documentId: number }>(sql`
    insert into receipts (id, transaction_id, document_id, is_document_owned, created_by_id, created_at)
    select r.id, r.transaction_id, r.document_id,
           coalesce((select bool_or(o.is_document_owned) from receipts o where o.document_id = r.document_id),
                    r.is_document_owned),
           (select p.id from users p where p.id = r.created_by_id), r.created_at
      from jsonb_array_elements(${contents}) c
      cross join lateral jsonb_populate_recordset(null::receipts, c -> 'receipts') r
     where r.document_id = any(${linked}::int[])
    returning id as "receiptId", transaction_id as "transactionId", document_id as "documentId"`);
  const restored = await tx.all<{ id: number; ownerId: number; title: string }>(sql`
    update documents d set deleted_at = null, updated_at = ${ctx.services.now()}
      from jsonb_to_recordset(${wentAlong}) as g(id int, deleted_at timestamptz)
     where d.id = g.id and d.deleted_at = g.deleted_at
    returning d.id, d.owner_id as "ownerId", d.title`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const receipts = added.flatMap(({ transactionId: id, receiptId, documentId }) => {
    const row = byId.get(id);
    return row ? [{ id, data: { bankAccountId: row.accountId, ownerId: row.ownerId, receiptId, documentId } }] : [];
  });
  await emitEach(tx, ctx, 'receipt.added', 'Transaction', receipts);
  const subjects = restored.map(({ id, ...data }) => ({ id, data }));
  await emitEach(tx, ctx, 'document.restored', 'Document', subjects);
}

const mayChange = ({ viewer }: CommandContext, ownerId: number): boolean =>
  whyNotChange(viewer, { owner: { id: ownerId } }) === undefined;
