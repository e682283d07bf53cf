import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareAmounts,
  divideRounded,
  fitsMoney,
  formatDecimal,
  lineTotal,
  negateAmount,
  parseDecimal,
  subtractAmounts,
  sumAmounts,
  toAmount,
  toNumber,
  vatBreakdown,
} from '../../src/lib/money.js';

/** The oracle: a fraction of bigints, read by another route than `parseDecimal` (no scale, no regular expression). */
interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

function fraction(text: string): Fraction {
  const [whole = '0', decimals = ''] = text.split('.');
  const denominator = 10n ** BigInt(decimals.length);
  const magnitude = BigInt(whole.replace('-', '')) * denominator + BigInt(decimals || '0');
  return { numerator: text.startsWith('-') ? -magnitude : magnitude, denominator };
}

const times = (left: Fraction, right: Fraction): Fraction => ({
  numerator: left.numerator * right.numerator,
  denominator: left.denominator * right.denominator,
});

/** The cents nearest to the fraction, found by counting from the floor: half goes away from zero. */
function nearestCents({ numerator, denominator }: Fraction): bigint {
  const negative = numerator < 0n;
  const magnitude = (negative ? -numerator : numerator) * 100n;
  const floor = magnitude / denominator;
  const isHalfOrMore = (magnitude - floor * denominator) * 2n >= denominator;
  const cents = isHalfOrMore ? floor + 1n : floor;
  return negative ? -cents : cents;
}

const centsText = (cents: bigint): string => {
  const magnitude = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '-' : ''}${magnitude / 100n}.${String(magnitude % 100n).padStart(2, '0')}`;
};

const decimalText = (scale: number, max: number) =>
  fc
    .tuple(
      fc.boolean(),
      fc.integer({ min: 0, max }),
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: scale }),
    )
    .map(([negative, whole, decimals]) => `${negative ? '-' : ''}${whole}${decimals ? `.${decimals}` : ''}`);

const quantity = decimalText(3, 99_999);
const unitPrice = decimalText(4, 9_999_999);
const vatRate = fc.constantFrom('0', '2.1', '5.5', '8.5', '10', '20', '20.00', '13.37');
const amount = decimalText(2, 999_999_999).map((text) => toAmount(text) ?? '');

describe('parseDecimal', () => {
  it.each([
    ['1234.50', 2, 123450n],
    ['-0.05', 2, -5n],
    ['0', 2, 0n],
    ['-0.00', 2, 0n],
    ['12', 0, 12n],
    ['1.500', 1, 15n],
    ['1e3', 2, 100000n],
    ['1E-2', 2, 1n],
    [0.1, 2, 10n],
    [1e-7, 7, 1n],
    [1e21, 0, 10n ** 21n],
    [1.005, 3, 1005n],
  ])('%s at scale %i', (value, scale, expected) => {
    expect(parseDecimal(value, scale)).toBe(expected);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '.5',
    '5.',
    '1,5',
    '1.005',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '--1',
    '1e',
    '٣',
    '1\n',
    '1e9999',
    '9'.repeat(65),
  ])('refuses %j', (text) => expect(parseDecimal(text, 2)).toBeUndefined());

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.005, 0.1 + 0.2])('refuses the number %d at scale 2', (value) => {
    expect(parseDecimal(value, 2)).toBeUndefined();
  });

  it('comes back from formatDecimal', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 0, max: 6 }),
        (scaled, scale) => {
          expect(parseDecimal(formatDecimal(scaled, scale), scale)).toBe(scaled);
        },
      ),
    );
  });
});

describe('divideRounded', () => {
  it.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 3n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
  ])('%i / %i', (numerator, denominator, expected) => {
    expect(divideRounded(numerator, denominator)).toBe(expected);
  });
});

describe('amounts', () => {
  it('knows no 0.30000000000000004', () => {
    expect(sumAmounts(['0.1', '0.2'])).toBe('0.30');
    expect(sumAmounts([0.1, 0.2])).toBe('0.30');
    expect(sumAmounts([])).toBe('0.00');
    expect(sumAmounts(Array.from({ length: 1000 }, () => '0.01'))).toBe('10.00');
  });

  it('subtracts, negates and compares across signs', () => {
    expect(subtractAmounts('0.30', '0.10')).toBe('0.20');
    expect(subtractAmounts('0.10', '0.30')).toBe('-0.20');
    expect(negateAmount('0.00')).toBe('0.00');
    expect(negateAmount('-12.34')).toBe('12.34');
    expect(['10.00', '9.00', '-1.00', '-10.00'].sort(compareAmounts)).toEqual(['-10.00', '-1.00', '9.00', '10.00']);
    expect(compareAmounts('1', '1.00')).toBe(0);
  });

  it('refuses what is no amount', () => {
    expect(toAmount('1.005')).toBeUndefined();
    expect(toAmount('abc')).toBeUndefined();
    expect(toAmount(12.5)).toBe('12.50');
    expect(() => sumAmounts(['1.005'])).toThrow(RangeError);
  });

  it('fits numeric(14,2) up to its last cent', () => {
    expect(fitsMoney('999999999999.99')).toBe(true);
    expect(fitsMoney('-999999999999.99')).toBe(true);
    expect(fitsMoney('1000000000000.00')).toBe(false);
    expect(fitsMoney('-1000000000000.00')).toBe(false);
    expect(fitsMoney('1.001')).toBe(false);
    expect(fitsMoney(1e300)).toBe(false);
  });

  it('loses nothing as a JSON number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n }), (cents) => {
        const text = formatDecimal(cents, 2);
        expect(fitsMoney(text)).toBe(true);
        expect(toAmount(toNumber(text))).toBe(text);
      }),
    );
  });

  it('sums in any order to the same', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 30 }), (amounts) => {
        expect(sumAmounts(amounts)).toBe(sumAmounts([...amounts].reverse()));
        expect(subtractAmounts(sumAmounts(amounts), sumAmounts(amounts))).toBe('0.00');
      }),
    );
  });
});

describe('lineTotal', () => {
  it.each([
    ['1', '1.005', '1.01'], // a double gives 1.00
    ['3', '33.33', '99.99'],
    ['0.333', '10', '3.33'],
    ['1.5', '0.33', '0.50'],
    ['-1', '1.005', '-1.01'],
    ['2', '-0.0025', '-0.01'],
    ['0.001', '4.9999', '0.00'],
    ['0.001', '5', '0.01'],
    ['1000000', '0.0001', '100.00'],
    [3, 0.1, '0.30'],
    [1.1, 1.1, '1.21'],
  ])('%s × %s = %s', (quantity, unitPrice, expected) => {
    expect(lineTotal(quantity, unitPrice)).toBe(expected);
  });

  it('agrees with fractions', () => {
    fc.assert(
      fc.property(quantity, unitPrice, (quantity, unitPrice) => {
        const expected = centsText(nearestCents(times(fraction(quantity), fraction(unitPrice))));
        expect(lineTotal(quantity, unitPrice)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses too many decimals', () => {
    expect(() => lineTotal('1.0001', '1')).toThrow('Quantity');
    expect(() => lineTotal('1', '1.00001')).toThrow('Unit price');
  });
});

describe('vatBreakdown', () => {
  it('taxes the sum of a rate, not its lines', () => {
    // 3 × round(0.33 × 20 %) would be 0.21.
    const line = { quantity: 1, unitPrice: '0.33', vatRate: 20 };
    expect(vatBreakdown([line, line, line])).toEqual({
      rates: [{ vatRate: '20.00', base: '0.99', tax: '0.20' }],
      totalExcludingTax: '0.99',
      totalTax: '0.20',
      total: '1.19',
    });
  });

  it('merges spellings of one rate and lists the highest first', () => {
    const { rates, total } = vatBreakdown([
      { quantity: '1', unitPrice: '100', vatRate: '5.5' },
      { quantity: '1', unitPrice: '100', vatRate: 20 },
      { quantity: '1', unitPrice: '100', vatRate: '20.00' },
      { quantity: '1', unitPrice: '100', vatRate: 0 },
      { quantity: '1', unitPrice: '100', vatRate: 5.5 },
      { quantity: '1', unitPrice: '100', vatRate: '2.1' },
    ]);
    expect(rates).toEqual([
      { vatRate: '20.00', base: '200.00', tax: '40.00' },
      { vatRate: '5.50', base: '200.00', tax: '11.00' },
      { vatRate: '2.10', base: '100.00', tax: '2.10' },
      { vatRate: '0.00', base: '100.00', tax: '0.00' },
    ]);
    expect(total).toBe('653.10');
  });

  it('is empty without lines, and refuses a negative rate', () => {
    expect(vatBreakdown([])).toEqual({ rates: [], totalExcludingTax: '0.00', totalTax: '0.00', total: '0.00' });
    expect(() => vatBreakdown([{ quantity: 1, unitPrice: 1, vatRate: -20 }])).toThrow(RangeError);
  });

  it('shows the overflow of a sum whose lines fit', () => {
    const line = { quantity: 1, unitPrice: '999999999999.99', vatRate: 0 };
    expect(fitsMoney(vatBreakdown([line]).total)).toBe(true);
    expect(fitsMoney(vatBreakdown([line, line]).total)).toBe(false);
  });

  it('agrees with fractions, and its totals add up', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ quantity, unitPrice, vatRate }), { maxLength: 25 }), (lines) => {
        const bases = new Map<number, bigint>();
        for (const line of lines) {
          const cents = nearestCents(times(fraction(line.quantity), fraction(line.unitPrice)));
          bases.set(Number(line.vatRate), (bases.get(Number(line.vatRate)) ?? 0n) + cents);
        }
        const expected = [...bases]
          .sort(([left], [right]) => right - left)
          .map(([rate, base]) => ({
            vatRate: rate.toFixed(2),
            base: centsText(base),
            tax: centsText(
              nearestCents({
                numerator: base * fraction(String(rate)).numerator,
                denominator: 10_000n * fraction(String(rate)).denominator,
              }),
            ),
          }));
        const actual = vatBreakdown(lines);
        expect(actual.rates).toEqual(expected);
        expect(actual.totalExcludingTax).toBe(
          sumAmounts(lines.map((line) => lineTotal(line.quantity, line.unitPrice))),
        );
        expect(actual.totalTax).toBe(sumAmounts(expected.map((rate) => rate.tax)));
        expect(actual.total).toBe(sumAmounts([actual.totalExcludingTax, actual.totalTax]));
      }),
      { numRuns: 500 },
    );
  });

  it('mirrors a credit: negated quantities negate every total', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ quantity, unitPrice, vatRate }), { maxLength: 10 }), (lines) => {
        const credited = lines.map((line) => ({
          ...line,
          unitPrice: line.unitPrice.startsWith('-') ? line.unitPrice.slice(1) : `-${line.unitPrice}`,
        }));
        expect(vatBreakdown(credited).total).toBe(negateAmount(vatBreakdown(lines).total));
      }),
    );
  });
});
