import fc from 'fast-check';
import { lineTotal, vatBreakdown } from '../../src/lib/money.js';
import type { InvoiceForPdf, Seller } from '../../src/modules/invoicing/invoice-document.js';

/** Identified as a seller in France must be; its numbers are made up and pass their checks. */
export const identifiedSeller: Seller = {
  name: 'Atelier Vauban & Fils',
  legalForm: 'SAS',
  shareCapital: '10 000 €',
  street: '12 rue de la République',
  postalCode: '69002',
  city: 'Lyon',
  country: 'FR',
  email: 'compta@atelier-vauban.example',
  siren: '123456782',
  siret: '12345678200010',
  vatNumber: 'FR11123456782',
  rcs: 'Lyon',
  iban: 'FR7630006000011234567890189',
  configured: true,
  accountingCurrency: 'EUR',
};

const rates = ['0', '2.1', '5.5', '8.5', '10', '20', '1.05'];
const decimal = (max: number, scale: number, min = 0): fc.Arbitrary<string> =>
  fc.integer({ min: min * 10 ** scale, max: max * 10 ** scale }).map((scaled) => (scaled / 10 ** scale).toFixed(scale));
const day = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(text, { nil: null });
const words = fc.stringMatching(/^[A-Za-zÀ-ÿ0-9 '&<>€-]{1,60}$/u);

const party = fc.record({
  name: words,
  street: optional(words),
  postalCode: optional(fc.stringMatching(/^\d{5}$/)),
  city: optional(words),
  country: fc.constantFrom('FR', 'France', 'DE', 'Belgique', null),
  email: fc.constantFrom('a@example.org', 'facturation@tilleuls.example'),
});

const item = fc.record({
  description: fc.oneof(
    words,
    words.map((text) => `${text}\n${'détail '.repeat(30)}`),
  ),
  quantity: decimal(500, 3, 0.001),
  unitPrice: decimal(3000, 4),
  vatRate: fc.constantFrom(...rates),
});
/** What the seller takes off: a line of a negative price, under a rate of the others. */
const discount = fc.record({
  description: fc.constant('Remise commerciale'),
  quantity: fc.constant('1'),
  unitPrice: decimal(200, 2).map((price) => `-${price}`),
  vatRate: fc.constantFrom(...rates),
});

const items = fc.oneof(
  { weight: 6, arbitrary: fc.array(item, { minLength: 1, maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.array(item, { minLength: 1, maxLength: 4 }), discount).map(([l, d]) => [...l, d]),
  },
  { weight: 1, arbitrary: fc.array(item, { minLength: 60, maxLength: 90 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      item.map((one) => ({ ...one, vatRate: '0' })),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

export const anyInvoice: fc.Arbitrary<InvoiceForPdf> = fc
  .record({
    items,
    buyer: party,
    issuedAt: day,
    daysToPay: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
    currency: fc.constantFrom('EUR', 'EUR', 'CHF', 'USD'),
    exchangeRate: fc.constantFrom('1.0852', '0.9391', '161.23'),
    isCredit: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
    reason: optional(words),
    number: fc.integer({ min: 1, max: 99_999 }),
  })
  .map(({ items: bare, buyer, issuedAt, daysToPay, currency, exchangeRate, isCredit, reason, number }) => {
    const lines = bare.map((one) => ({ ...one, lineTotal: lineTotal(one.quantity, one.unitPrice) }));
    const due = daysToPay === null ? null : new Date(Date.parse(issuedAt) + daysToPay * 86_400_000);
    return {
      kind: isCredit ? 'credit_note' : 'invoice',
      number: `${isCredit ? 'AV' : 'FA'}${issuedAt.slice(0, 4)}-${String(number).padStart(5, '0')}`,
      ...(isCredit && { origin: { number: 'FA2025-00042', issuedAt: '2025-12-31' }, reason }),
      status: 'issued' as const,
      issuedAt,
      dueDate: isCredit ? null : (due?.toISOString().slice(0, 10) ?? null),
      currency,
      exchangeRate: currency === 'EUR' ? null : exchangeRate,
      buyer,
      lines,
      totals: vatBreakdown(lines),
    };
  });
