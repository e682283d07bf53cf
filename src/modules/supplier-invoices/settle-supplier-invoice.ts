import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badField, conflict, forbidden, notFound } from '../../lib/errors.js';
import { compareAmounts, negateAmount } from '../../lib/money.js';
import { rowId } from '../../lib/row-id.js';
import { lockTransaction } from '../banking/transactions/lock-transaction.js';
import type { KeptWithTransaction } from '../banking/transactions/transaction-hooks.js';
import { visibleDocuments, whyNotChange } from '../documents/files/document.policy.js';

interface SupplierInvoiceRow {
  id: number;
  documentId: number;
  ownerId: number;
  currency: string | null;
  amountDue: string | null;
  isPaid: boolean;
}

/**
 * Marks a supplier's invoice as paid, by a transaction or some other way. Throws NOT_FOUND, FORBIDDEN for whoever may
 * not change its document or write the account, BAD_USER_INPUT for a transaction that is not what is due, and CONFLICT
 * for an invoice that is paid or a transaction that has paid another.
 */
export async function settleSupplierInvoice(
  ctx: CommandContext,
  { id, transactionId }: { id: string; transactionId?: string | null | undefined },
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    // Accounts are locked before what refers to their transactions, as everywhere.
    const paying = transactionId == null ? undefined : await lockTransaction(tx, ctx, transactionId);
    const invoice = await lockSupplierInvoice(tx, ctx, id);
    if (invoice.isPaid) throw conflict('The invoice is marked as paid already', { subject: 'SupplierInvoice' });
    if (paying) {
      const { transaction, account } = paying;
      if (invoice.amountDue === null || account.currency !== invoice.currency)
        throw badField('transactionId', 'not_allowed', 'is not in the currency of the invoice');
      if (compareAmounts(transaction.amount, negateAmount(invoice.amountDue)) !== 0)
        throw badField('transactionId', 'not_allowed', `is not an expense of ${invoice.amountDue}`);
      const other = await tx.first(sql`select 1 from supplier_invoices where transaction_id = ${transaction.id}`);
      if (other) throw conflict('The transaction has paid another invoice', { subject: 'SupplierInvoice' });
    }
    const transaction = paying?.transaction.id ?? null;
    await tx.send(sql`
      update supplier_invoices set paid_at = ${ctx.services.now()}::timestamptz, transaction_id = ${transaction}::int
       where id = ${invoice.id}`);
    const { documentId, ownerId } = invoice;
    await emit(tx, ctx, 'supplier_invoice.settled', ['SupplierInvoice', invoice.id], {
      documentId,
      ownerId,
      transactionId: transaction,
    });
    return invoice.id;
  });
}

/** Takes back that an invoice was paid. Throws NOT_FOUND, FORBIDDEN, CONFLICT when it is not marked as paid. */
export async function reopenSupplierInvoice(ctx: CommandContext, id: string): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const invoice = await lockSupplierInvoice(tx, ctx, id);
    if (!invoice.isPaid) throw conflict('The invoice is not marked as paid', { subject: 'SupplierInvoice' });
    await reopen(tx, ctx, invoice);
    return invoice.id;
  });
}

/** Invoices whose transactions are deleted are no longer paid. */
export async function reopenPaidBy(tx: Transaction, ctx: CommandContext, ids: readonly number[]): Promise<void> {
  const paid = await tx.all<Pick<SupplierInvoiceRow, 'id' | 'documentId' | 'ownerId'>>(sql`
    select s.id, s.document_id as "documentId", d.owner_id as "ownerId"
      from supplier_invoices s join documents d on d.id = s.document_id
     where s.transaction_id = any(${ids}::int[]) order by s.id for update of s`);
  for (const invoice of paid) await reopen(tx, ctx, invoice);
}

/**
 * Invoices whose transactions are back from the trash are paid by them again, unless they were paid otherwise or are
 * another amount now: adds to `lost` the transactions of those.
 */
export async function settlePaidAgain(
  tx: Transaction,
  ctx: CommandContext,
  back: readonly { id: number; kept: KeptWithTransaction }[],
  lost: Set<number>,
): Promise<void> {
  for (const { id: transactionId, kept } of back)
    for (const id of kept.supplierInvoiceIds ?? []) {
      const paid = await tx.first<{ documentId: number; ownerId: number }>(sql`
        update supplier_invoices s set paid_at = ${ctx.services.now()}::timestamptz, transaction_id = t.id
          from documents d, transactions t join bank_accounts a on a.id = t.account_id
         where s.id = ${id} and not s.is_paid and d.id = s.document_id and d.deleted_at is null
           and t.id = ${transactionId} and s.amount_due = -t.amount and s.currency = a.currency
        returning s.document_id as "documentId", d.owner_id as "ownerId"`);
      if (paid) await emit(tx, ctx, 'supplier_invoice.settled', ['SupplierInvoice', id], { ...paid, transactionId });
      else lost.add(transactionId);
    }
}

async function reopen(
  tx: Transaction,
  ctx: CommandContext,
  { id, documentId, ownerId }: Pick<SupplierInvoiceRow, 'id' | 'documentId' | 'ownerId'>,
): Promise<void> {
  await tx.send(sql`update supplier_invoices set paid_at = null, transaction_id = null where id = ${id}`);
  await emit(tx, ctx, 'supplier_invoice.reopened', ['SupplierInvoice', id], { documentId, ownerId });
}

async function lockSupplierInvoice(tx: Transaction, ctx: CommandContext, id: string): Promise<SupplierInvoiceRow> {
  const invoice = await tx.first<SupplierInvoiceRow>(sql`
    select s.id, s.document_id as "documentId", t.owner_id as "ownerId", s.currency, s.amount_due as "amountDue",
           s.is_paid as "isPaid"
      from supplier_invoices s join documents t on t.id = s.document_id
     where s.id = ${rowId(id) ?? null}::int and t.deleted_at is null and ${holds(visibleDocuments(ctx.viewer), 't')}
       for update of s`);
  if (!invoice) throw notFound('SupplierInvoice');
  const reason = whyNotChange(ctx.viewer, { owner: { id: invoice.ownerId } });
  if (reason) throw forbidden(reason, 'document.read_only');
  return invoice;
}
