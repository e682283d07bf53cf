import type { Transaction } from '../../db/sql-client.js';
import { sql, values } from '../../db/sql.js';
import { InvoiceLine } from './invoice-line.entity.js';
import type { PricedTerms } from './invoice-terms.js';

/** Adds the lines of an invoice; there is at least one. */
export async function writeLines(tx: Transaction, invoice: number, lines: PricedTerms['lines']): Promise<void> {
  const rows = lines.map((line) => ({ invoice, ...line }));
  const [first, ...others] = rows;
  if (first) await tx.send(sql`insert into invoice_lines ${values(InvoiceLine, first, ...others)}`);
}
