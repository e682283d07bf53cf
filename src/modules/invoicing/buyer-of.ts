import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { countryCode } from '../../lib/countries.js';
import type { BuyerSnapshot } from './invoice.entity.js';
import type { InvoiceRow } from './reach-invoice.js';

/** Who is billed, and whether they were erased, or the client was deleted or anonymised. */
export type Buyer = BuyerSnapshot & { isErased: boolean };

/** Whom an invoice names: its client, or else its customer. One who was erased goes by a pseudonym. */
export async function buyerOf(
  runner: SqlRunner,
  { customerId, clientId }: Pick<InvoiceRow, 'customerId' | 'clientId'>,
): Promise<Buyer> {
  const buyer = clientId === null ? await personOf(runner, customerId) : await clientOf(runner, clientId);
  if (!buyer) throw new Error(`Whom the invoice bills has no row: ${clientId ?? customerId}`);
  return buyer;
}

const personOf = (runner: SqlRunner, userId: number): Promise<Buyer | undefined> =>
  runner.first<Buyer>(sql`
    select coalesce(nullif(full_name, ''), username) as name, email, street, city, postal_code as "postalCode", country,
           erased_at is not null as "isErased"
      from users where id = ${userId}`);

async function clientOf(runner: SqlRunner, id: string): Promise<Buyer | undefined> {
  const client = await runner.first<{
    name: string;
    email: string | null;
    address: string | null;
    isErased: boolean;
  }>(sql`
    select coalesce(company_name, name) as name, email, address,
           deleted_at is not null or anonymized_at is not null as "isErased"
      from clients where id = ${id}::uuid`);
  if (!client) return undefined;
  const { address, ...facts } = client;
  return { ...facts, ...addressParts(address) };
}

/**
 * An address abroad ends with its country. One in France ends with its postal code and its town; of any other all is
 * the street.
 */
function addressParts(address: string | null): Pick<BuyerSnapshot, 'street' | 'postalCode' | 'city' | 'country'> {
  const whole = address?.trim().replace(/\s*[\r\n]+\s*/g, ', ') || null;
  const [, before = '', last = ''] = /^(.*),\s*([^,]+)$/.exec(whole ?? '') ?? [];
  const isAbroad = countryCode(last) !== undefined;
  const line = isAbroad ? before : whole;
  const country = isAbroad ? { country: last } : {};
  const [, street, postalCode, city] = /^(.*?)[\s,]*\b(\d{5})\s+([^\d,]+)$/.exec(line ?? '') ?? [];
  return postalCode && city ? { street: street || null, postalCode, city, ...country } : { street: line, ...country };
}
