import DataLoader from 'dataloader';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';

/** What a line adds to its invoice's VAT. */
export interface VatInput {
  quantity: string;
  unitPrice: string;
  vatRate: string;
}

export const invoiceLoaders = {
  /** The lines of an invoice, by its id. Ask only for invoices that the viewer was shown. */
  invoiceLines: ({ em }: LoaderScope): DataLoader<number, VatInput[]> =>
    new DataLoader(async (ids) => {
      const rows = await em.getConnection('read').execute<(VatInput & { invoiceId: number })[]>(
        `select invoice_id as "invoiceId", quantity::text, unit_price::text as "unitPrice", vat_rate::text as "vatRate"
           from invoice_lines where invoice_id in (${ids.map(() => '?').join(', ')}) order by position`,
        [...ids],
      );
      const byInvoice = Map.groupBy(rows, (r) => r.invoiceId);
      return ids.map((id) => byInvoice.get(id) ?? []);
    }),
};

export type InvoiceLoaders = LoadersOf<typeof invoiceLoaders>;
