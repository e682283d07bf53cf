import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAmount } from '../../console/src/banking/amounts.js';
import { decimalText, scaledOf, scales, totalsOf } from '../../console/src/invoices/live-totals.js';
import { formatDecimal, parseDecimal, vatBreakdown } from '../../src/lib/money.js';

const decimal = (most: number, scale: number) =>
  fc.bigInt({ min: 0n, max: BigInt(most) * 10n ** BigInt(scale) }).map((scaled) => formatDecimal(scaled, scale));

describe('totals while an invoice is typed', () => {
  test('are those of the server, to the cent', () => {
    const line = fc.record({
      description: fc.constant('x'),
      quantity: decimal(1000, 3),
      unitPrice: decimal(100_000, 4),
      vatRate: fc.oneof(fc.constantFrom('20', '10', '5.5', '2.1', '0'), decimal(100, 2)),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const { rates, net, tax, total } = totalsOf(lines);
        const cents = (amount: bigint): string => formatDecimal(amount, 2);
        expect({
          rates: rates.map(({ rate, base, tax: of }) => ({
            vatRate: formatDecimal(rate, 2),
            base: cents(base),
            tax: cents(of),
          })),
          totalExcludingTax: cents(net),
          totalTax: cents(tax),
          total: cents(total),
        }).toEqual(vatBreakdown(lines));
      }),
    );
  });

  test('read what people type as the decimal that is sent', () => {
    expect(scaledOf('1 234,5', scales.unitPrice)).toBe(12_345_000n);
    expect(decimalText('12,50', scales.unitPrice)).toBe('12.5000');
    expect(scaledOf('1.00005', scales.unitPrice)).toBeUndefined();
    fc.assert(
      fc.property(decimal(1_000_000, 4), (text) => {
        expect(parseDecimal(decimalText(text.replace('.', ','), 4), 4)).toBe(parseDecimal(text, 4));
      }),
    );
  });
});

test('amounts are read with a comma or a point, with a sign or without', () => {
  const cents = (typed: string) => readAmount(typed)?.cents;
  expect([cents('45,80'), cents('45.8'), cents('-1 234,50'), cents('1,234.50'), cents('€ 12'), cents('−3')]).toEqual([
    4580, 4580, -123_450, 123_450, 1200, -300,
  ]);
  expect([readAmount('12')?.isSigned, readAmount('+12')?.isSigned]).toEqual([false, true]);
  for (const typed of ['', 'x', '1.2.3', '1,23,4', '--1']) expect(readAmount(typed), typed).toBeUndefined();
});
