/**
 * An invoice's totals while it is typed, as the server counts them (EN 16931): each line is rounded once, each rate's
 * tax once, on the sum of its lines. In whole cents throughout: no float is added to another.
 */
export interface TypedLine {
  description: string;
  /** As typed, with a comma or a point: up to 3 decimals. */
  quantity: string;
  /** Up to 4 decimals. */
  unitPrice: string;
  /** Percent, up to 2 decimals. */
  vatRate: string;
}

export interface RateTotal {
  /** Percent × 100. */
  rate: bigint;
  base: bigint;
  tax: bigint;
}

export interface LiveTotals {
  /** Highest rate first. */
  rates: RateTotal[];
  net: bigint;
  tax: bigint;
  total: bigint;
}

export const scales = { quantity: 3, unitPrice: 4, vatRate: 2 } as const;

/** What was typed × 10^`scale`; undefined for no decimal, or one with more places. */
export function scaledOf(typed: string, scale: number): bigint | undefined {
  const found = /^(\d{1,12})(?:[.,](\d*))?$/.exec(typed.replaceAll(/[\s’']/g, ''));
  if (!found) return undefined;
  const [, whole = '', fraction = ''] = found;
  const places = fraction.replace(/0+$/, '');
  return places.length > scale ? undefined : BigInt(whole + places.padEnd(scale, '0'));
}

/** Decimal text, as the graph takes it; what cannot be read stays, so that the graph says what is wrong with it. */
export function decimalText(typed: string, scale: number): string {
  const scaled = scaledOf(typed, scale);
  if (scaled === undefined) return typed.trim() || '0';
  const digits = scaled.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Half up; both are positive. */
const divided = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

/** A line before tax, in cents; undefined while it is not complete. */
export function lineCents({ quantity, unitPrice }: Pick<TypedLine, 'quantity' | 'unitPrice'>): bigint | undefined {
  const amount = scaledOf(quantity, scales.quantity);
  const price = scaledOf(unitPrice, scales.unitPrice);
  return amount === undefined || price === undefined ? undefined : divided(amount * price, 100_000n);
}

/** Of the lines that are complete. */
export function totalsOf(lines: readonly TypedLine[]): LiveTotals {
  const bases = new Map<bigint, bigint>();
  for (const line of lines) {
    const rate = scaledOf(line.vatRate, scales.vatRate);
    const cents = lineCents(line);
    if (rate !== undefined && cents !== undefined) bases.set(rate, (bases.get(rate) ?? 0n) + cents);
  }
  const rates = [...bases]
    .toSorted(([left], [right]) => (left < right ? 1 : -1))
    .map(([rate, base]) => ({ rate, base, tax: divided(base * rate, 10_000n) }));
  const net = rates.reduce((sum, { base }) => sum + base, 0n);
  const tax = rates.reduce((sum, each) => sum + each.tax, 0n);
  return { rates, net, tax, total: net + tax };
}
