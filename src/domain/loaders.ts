import DataLoader from 'dataloader';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { documentHistoryCounter, documentHistoryLoader, type HistoryEntry, type HistoryQuery } from './documents/document-history.js';

/** What a line adds to its invoice's VAT. */
export interface VatInput {
  quantity: string;
  unitPrice: string;
  vatRate: string;
}

/** Batches for computed fields, fresh for each request; everything else is fetched by the reader's plans. */
export interface Loaders {
  /** The lines of an invoice, by its id. Ask only for invoices that the viewer was shown. */
  invoiceLines: DataLoader<number, VatInput[]>;
  /** What a person may do by all roles together, `resource:action`, sorted. Ask only for people whose rights may be seen. */
  userPermissions: DataLoader<number, string[]>;
  /** How many people hold a role. */
  roleUsers: DataLoader<number, number>;
  /** Pages of the history of documents. Ask only for documents that the viewer was shown. */
  documentHistory: DataLoader<HistoryQuery, HistoryEntry[], string>;
  /** How many events a document has; likewise. */
  documentEvents: DataLoader<number, number>;
}

export const makeLoaders = (em: SqlEntityManager): Loaders => ({
  documentHistory: documentHistoryLoader(em),
  documentEvents: documentHistoryCounter(em),
  invoiceLines: new DataLoader(async (ids) => {
    const rows = await em.getConnection('read').execute<(VatInput & { invoiceId: number })[]>(
      `select invoice_id as "invoiceId", quantity::text, unit_price::text as "unitPrice", vat_rate::text as "vatRate"
         from invoice_lines where invoice_id in (${ids.map(() => '?').join(', ')}) order by position`,
      [...ids],
    );
    const byInvoice = Map.groupBy(rows, (r) => r.invoiceId);
    return ids.map((id) => byInvoice.get(id) ?? []);
  }),
  userPermissions: new DataLoader(async (ids) => {
    const rows = await em.getConnection('read').execute<{ userId: number; name: string }[]>(
      `select distinct ur.user_id as "userId", p.name from user_roles ur join role_permissions rp on rp.role_id = ur.role_id
         join permissions p on p.id = rp.permission_id where ur.user_id in (${ids.map(() => '?').join(', ')}) order by p.name`,
      [...ids],
    );
    const byUser = Map.groupBy(rows, (r) => r.userId);
    return ids.map((id) => (byUser.get(id) ?? []).map((r) => r.name));
  }),
  roleUsers: new DataLoader(async (ids) => {
    const rows = await em.getConnection('read').execute<{ roleId: number; n: number }[]>(
      `select role_id as "roleId", count(*)::int as n from user_roles where role_id in (${ids.map(() => '?').join(', ')}) group by role_id`,
      [...ids],
    );
    const byRole = new Map(rows.map((r) => [r.roleId, r.n]));
    return ids.map((id) => byRole.get(id) ?? 0);
  }),
});
