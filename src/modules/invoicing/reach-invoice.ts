import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Context } from '../../kernel/context.js';
import type { Viewer } from '../../kernel/viewer.js';
import { DomainError, forbidden, notFound } from '../../lib/errors.js';
import { isRowId } from '../../lib/row-id.js';
import { Invoice } from './invoice.entity.js';
import { visibleInvoices, whyNotChange } from './invoice.policy.js';

interface ReachOptions {
  /** Keeps the row for the transaction of `em`. Default false. */
  lock?: boolean;
}

/** The invoice when the viewer may see it, freshly read. Throws NOT_FOUND otherwise. */
export async function reachInvoice(
  em: SqlEntityManager,
  viewer: Viewer,
  id: string,
  { lock = false }: ReachOptions = {},
): Promise<Invoice> {
  if (!isRowId(id)) throw notFound('Invoice');
  const parameters: unknown[] = [id];
  const visible = visibleInvoices(viewer)('t', (value) => {
    parameters.push(value);
    return '?';
  });
  const rows = await em
    .getConnection()
    .execute<object[]>(
      `select t.id from invoices t where t.id = ?::int and (${visible})${lock ? ' for update' : ''}`,
      parameters,
      'all',
      em.getTransactionContext(),
    );
  if (rows.length === 0) throw notFound('Invoice');
  return em.findOneOrFail(Invoice, Number(id), { refresh: true });
}

/**
 * The invoice, locked, when the viewer may change it. Throws NOT_FOUND when they may not see it and FORBIDDEN when they
 * may only see it.
 */
export async function reachOwnInvoice(
  em: SqlEntityManager,
  { viewer }: Pick<Context, 'viewer'>,
  id: string,
): Promise<Invoice> {
  const invoice = await reachInvoice(em, viewer, id, { lock: true });
  const reason = whyNotChange(viewer, invoice);
  if (reason) throw forbidden(reason, 'not_own_invoice');
  return invoice;
}

export const invoiceIsFixed = (): DomainError =>
  new DomainError('BAD_USER_INPUT', 'An issued invoice can be neither edited nor deleted: make a credit note instead', {
    subject: 'Invoice',
    reason: 'invoice_issued',
  });
