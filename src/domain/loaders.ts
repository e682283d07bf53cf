import DataLoader from 'dataloader';
import type { SqlEntityManager } from '@mikro-orm/sql';

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
}

export const makeLoaders = (em: SqlEntityManager): Loaders => ({
  invoiceLines: new DataLoader(async (ids) => {
    const rows = await em.getConnection('read').execute<(VatInput & { invoiceId: number })[]>(
      `select invoice_id as "invoiceId", quantity::text, unit_price::text as "unitPrice", vat_rate::text as "vatRate"
         from invoice_lines where invoice_id in (${ids.map(() => '?').join(', ')}) order by position`,
      [...ids],
    );
    const byInvoice = Map.groupBy(rows, (r) => r.invoiceId);
    return ids.map((id) => byInvoice.get(id) ?? []);
  }),
});
