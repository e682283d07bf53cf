import DataLoader from 'dataloader';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';

/** What a line adds to its invoice's VAT. */
export interface VatInput {
  quantity: string;
  unitPrice: string;
  vatRate: string;
}

export const invoiceLoaders = {
  /** The lines of an invoice, by its id. Ask only for invoices that the viewer was shown. */
  invoiceLines: ({ db }: LoaderScope): DataLoader<number, VatInput[]> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<VatInput & { invoiceId: number }>(sql`
        select invoice_id as "invoiceId", quantity, unit_price as "unitPrice", vat_rate as "vatRate"
          from invoice_lines where invoice_id = any(${ids}::int[]) order by position`);
      const byInvoice = Map.groupBy(rows, (r) => r.invoiceId);
      return ids.map((id) => byInvoice.get(id) ?? []);
    }),
};

export type InvoiceLoaders = LoadersOf<typeof invoiceLoaders>;
