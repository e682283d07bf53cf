import type { Transaction } from '../../db/sql-client.js';
import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { wholeList } from '../../kernel/connection.js';
import { fold } from '../../lib/fold.js';
import { Correspondent } from '../documents/filing/correspondent.entity.js';
import type { InvoiceFacts } from './invoice-facts.js';

/** The same for the same supplier: its SIREN, else its VAT number, else its name. */
export const supplierKey = ({ supplierSiren, supplierVatNumber, supplierName }: InvoiceFacts): string =>
  supplierSiren
    ? `siren ${supplierSiren}`
    : supplierVatNumber
      ? `vat ${supplierVatNumber}`
      : `name ${fold(supplierName)}`;

/** The same for the same number, however it is spelt. */
export const numberKey = (number: string): string => number.replace(/\s/gu, '').toUpperCase();

/**
 * The correspondent of a supplier: that of the documents which it sent before, whatever it is called by now; else the
 * one of its name; else a new one. Undefined when there are as many as a list may hold.
 */
export async function correspondentOf(
  tx: Transaction,
  ctx: CommandContext,
  facts: InvoiceFacts,
): Promise<number | undefined> {
  const name = facts.supplierName;
  const known = await tx.first<{ id: number }>(sql`
    select id from (
      select d.correspondent_id as id, 1 as preference, s.id as latest
        from supplier_invoices s join documents d on d.id = s.document_id
       where s.supplier_key = ${supplierKey(facts)} and d.correspondent_id is not null
      union all select id, 2, id from correspondents where lower(name) = lower(${name})) c
     order by preference, latest desc limit 1`);
  if (known) return known.id;
  const count = await tx.first<{ n: number }>(sql`select count(*)::int as n from correspondents`);
  if ((count?.n ?? 0) >= wholeList) return undefined;
  const made = await tx.first<{ id: number }>(
    sql`insert into correspondents ${values(Correspondent, { name })} on conflict do nothing returning id`,
  );
  if (!made)
    return (await tx.first<{ id: number }>(sql`select id from correspondents where lower(name) = lower(${name})`))?.id;
  await emit(tx, ctx, 'correspondent.created', ['Correspondent', made.id], { name });
  return made.id;
}
