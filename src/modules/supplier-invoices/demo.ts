import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { subtractAmounts } from '../../lib/money.js';
import { dayIn } from '../../lib/zoned-day.js';
import { spool } from '../../storage/spool.js';
import { createTransaction } from '../banking/transactions/create-transaction.js';
import { fileDocument } from '../documents/files/file-document.js';
import { receiveInvoice } from './receive-invoice.js';
import { settleSupplierInvoice } from './settle-supplier-invoice.js';

interface Bill {
  number: string;
  supplier: string;
  what: string;
  /** Before VAT of 20 %, and with it. */
  net: string;
  total: string;
  /** From today. */
  issuedDaysAgo: number;
  isPaid?: boolean;
}

const bills: readonly Bill[] = [
  {
    number: 'BR-2841',
    supplier: 'Bricorama Pro (démo)',
    what: 'Raccords et colliers',
    net: '148.00',
    total: '177.60',
    issuedDaysAgo: 12,
  },
  {
    number: 'ACO-0093',
    supplier: 'Acoustique Rhône (démo)',
    what: 'Corrélateur, location d’un mois',
    net: '420.00',
    total: '504.00',
    issuedDaysAgo: 41,
  },
  {
    number: 'FL-7710',
    supplier: 'Flotte et Pneus (démo)',
    what: 'Révision de deux véhicules',
    net: '610.00',
    total: '732.00',
    issuedDaysAgo: 25,
    isPaid: true,
  },
];
const paidWithinDays = 30;

/** Electronic invoices of three suppliers: one that is due, one that is overdue, one that a transaction has paid. */
export async function fillSupplierInvoicesDemo({ as, asServer, isWhole }: DemoFirm): Promise<void> {
  if (!isWhole) return;
  const ctx = as('claire.demo');
  const { config, now } = ctx.services;
  const today = Temporal.PlainDate.from(dayIn(config.timeZone, now()));
  for (const bill of bills) {
    const issued = today.subtract({ days: bill.issuedDaysAgo });
    const content = await spool(Readable.from([Buffer.from(ublOf(bill, issued, config.currency))]), {
      folder: join(config.dataDir, 'spool'),
      limitBytes: 100_000,
    });
    const title = `Facture ${bill.number} de ${bill.supplier}`;
    const documentId = await fileDocument(ctx, { content, name: `${bill.number}.xml`, facts: { title } });
    await receiveInvoice(asServer(), documentId);
    if (bill.isPaid) await pay(as('claire.demo'), bill, documentId, today);
  }
}

async function pay(
  ctx: ReturnType<DemoFirm['as']>,
  { supplier, number, total }: Bill,
  documentId: number,
  today: Temporal.PlainDate,
): Promise<void> {
  const row = await ctx.db.first<{ account: string; invoice: string }>(sql`
    select a.id::text as account, s.id::text as invoice from bank_accounts a, supplier_invoices s
     where a.name = 'Compte courant (démo)' and s.document_id = ${documentId}`);
  if (!row) return;
  const transactionId = await createTransaction(ctx, {
    accountId: row.account,
    categoryId: '4',
    amount: `-${total}`,
    description: `${supplier} ${number}`,
    transactionDate: today.subtract({ days: 3 }).toString(),
  });
  await settleSupplierInvoice(ctx, { id: row.invoice, transactionId: String(transactionId) });
}

/** An invoice of UBL 2.1, as a supplier's program writes it. */
function ublOf({ number, supplier, what, net, total }: Bill, issued: Temporal.PlainDate, currency: string): string {
  const amount = (name: string, value: string): string =>
    `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>${number}</cbc:ID>
  <cbc:IssueDate>${issued.toString()}</cbc:IssueDate>
  <cbc:DueDate>${issued.add({ days: paidWithinDays }).toString()}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>${supplier}</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cbc:PaymentID>${number}</cbc:PaymentID>
  </cac:PaymentMeans>
  <cac:TaxTotal>${amount('TaxAmount', subtractAmounts(total, net))}</cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    ${amount('TaxExclusiveAmount', net)}
    ${amount('TaxInclusiveAmount', total)}
    ${amount('PayableAmount', total)}
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>${what}</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>`;
}
