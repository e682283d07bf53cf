import type { SqlRunner } from '../../db/sql-client.js';
import { holds, raw, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import type { Viewer } from '../../kernel/viewer.js';
import { DomainError, forbidden, notFound } from '../../lib/errors.js';
import { isRowId } from '../../lib/row-id.js';
import type { BuyerSnapshot, InvoiceStatus, InvoiceType } from './invoice.entity.js';
import { visibleInvoices, whyNotChange } from './invoice.policy.js';

/** An invoice as commands see it. */
export interface InvoiceRow {
  id: number;
  version: number;
  /** null for a draft. */
  number: string | null;
  type: InvoiceType;
  status: InvoiceStatus;
  customerId: number;
  /** The client that it names as its buyer, instead of the customer. */
  clientId: string | null;
  createdById: number;
  currency: string;
  /** Decimal text: how much of the currency one unit of the firm's is worth. */
  exchangeRate: string | null;
  /** Decimal text, as all amounts. */
  total: string;
  amountDue: string;
  /** `YYYY-MM-DD` */
  dueDate: string | null;
  /** Milliseconds since 1970. */
  issuedAtMs: number | null;
  buyer: BuyerSnapshot | null;
}

interface ReachOptions {
  /** Keeps the row until the transaction ends. Default false. */
  lock?: boolean;
}

/** The invoice when the viewer may see it. Throws NOT_FOUND otherwise. */
export async function reachInvoice(
  runner: SqlRunner,
  viewer: Viewer,
  id: string,
  options: ReachOptions = {},
): Promise<InvoiceRow> {
  const [invoice] = await reachInvoices(runner, viewer, [id], options);
  return invoice as InvoiceRow;
}

/** The invoices in the order of their ids, each once. Throws NOT_FOUND when the viewer may not see one of them. */
export async function reachInvoices(
  runner: SqlRunner,
  viewer: Viewer,
  ids: readonly string[],
  { lock = false }: ReachOptions = {},
): Promise<InvoiceRow[]> {
  if (!ids.every(isRowId)) throw notFound('Invoice');
  const wanted = [...new Set(ids.map(Number))];
  const invoices = await runner.all<InvoiceRow>(sql`
    select t.id, t.version, t.number, t.type, t.status, t.customer_id as "customerId", t.client_id as "clientId",
           t.created_by_id as "createdById",
           t.currency, t.exchange_rate as "exchangeRate", t.total, t.amount_due as "amountDue", t.due_at as "dueDate",
           (extract(epoch from t.issued_at) * 1000)::float8 as "issuedAtMs", t.buyer
      from invoices t
     where t.id = any(${wanted}::int[]) and ${holds(visibleInvoices(viewer), 't')}
     order by t.id ${raw(lock ? 'for update' : '')}`);
  if (invoices.length < wanted.length) throw notFound('Invoice');
  return invoices;
}

/**
 * The invoice, locked, when the viewer may change it. Throws NOT_FOUND when they may not see it and FORBIDDEN when they
 * may only see it.
 */
export async function reachOwnInvoice(
  tx: SqlRunner,
  { viewer }: Pick<Context, 'viewer'>,
  id: string,
): Promise<InvoiceRow> {
  const [invoice] = await reachOwnInvoices(tx, { viewer }, [id]);
  return invoice as InvoiceRow;
}

/** The same for several, in the order of their ids. */
export async function reachOwnInvoices(
  tx: SqlRunner,
  { viewer }: Pick<Context, 'viewer'>,
  ids: readonly string[],
): Promise<InvoiceRow[]> {
  const invoices = await reachInvoices(tx, viewer, ids, { lock: true });
  for (const { createdById } of invoices) {
    const reason = whyNotChange(viewer, { createdBy: { id: createdById } });
    if (reason) throw forbidden(reason, 'invoice.not_own');
  }
  return invoices;
}

export const invoiceIsFixed = (): DomainError =>
  new DomainError('BAD_USER_INPUT', 'An issued invoice can be neither edited nor deleted: make a credit note instead', {
    subject: 'Invoice',
    reason: 'invoice.issued',
  });
