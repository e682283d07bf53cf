/**
 * Exact money. Nothing here touches a float: decimal text becomes a scaled bigint (`"1234.50"` at scale 2 is
 * `123450n`), all arithmetic happens there, and the result is decimal text again.
 *
 * - **Amount**: decimal text with exactly two decimals (`"1234.50"`, `"-0.05"`), which is the text of PostgreSQL's
 *   `numeric(14,2)`.
 * - **Rounding**: half up, away from zero (`0.005` → `0.01`, `-0.005` → `-0.01`): commercial rounding, and what
 *   PostgreSQL's `round(numeric, 2)` does, so that SQL and this file agree.
 * - **Where it rounds**: each line's net amount once (EN 16931 BT-131), and each rate's tax once, on the sum of that
 *   rate's lines (BR-CO-17). Totals are sums of rounded amounts (BR-CO-10, BR-CO-14, BR-CO-15), never rounded again.
 *
 * A JSON number enters by its shortest decimal text, so `1.005` means 1.005 and not the double just below it.
 */
export type Amount = string;

/** Decimal text or a JSON number. */
export type Decimal = string | number;

export interface PricedLine {
  /** Up to 3 decimals; may be negative (a return). */
  quantity: Decimal;
  /** Before tax, up to 4 decimals; may be negative (a discount). */
  unitPrice: Decimal;
  /** Percent (`20`, `"5.50"`), 0 or more, up to 2 decimals. */
  vatRate: Decimal;
}

export interface VatRateTotal {
  /** Percent with two decimals (`"20.00"`), so that `20` and `"20.0"` are one rate. */
  vatRate: string;
  base: Amount;
  tax: Amount;
}

export interface VatBreakdown {
  /** One entry for each rate that occurs, highest first. */
  rates: VatRateTotal[];
  totalExcludingTax: Amount;
  totalTax: Amount;
  total: Amount;
}

export const moneyScale = 2;
export const quantityScale = 3;
export const unitPriceScale = 4;
export const vatRateScale = 2;
export const exchangeRateScale = 4;

/** `numeric(14,2)` holds 12 digits before the point. */
const moneyLimit = 10n ** 14n;

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;
/** Longer text is no amount of anyone's, and `BigInt` of a long text is slow. */
const maxTextLength = 64;

/**
 * `value` × 10^`scale`, or undefined when `value` is no finite decimal or has more decimals than `scale` can hold
 * (trailing zeros do not count). Accepts `12`, `-12.5`, `1e3`; refuses `+1`, `.5`, `1,5`, blanks, hexadecimal.
 */
export function parseDecimal(value: Decimal, scale: number): bigint | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (text.length > maxTextLength) return undefined;
  const match = decimalPattern.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const shift = scale - fraction.length + Number(exponent);
  let scaled = digits;
  if (shift >= 0) {
    scaled = digits * 10n ** BigInt(shift);
  } else {
    const divisor = 10n ** BigInt(-shift);
    if (digits % divisor !== 0n) return undefined;
    scaled = digits / divisor;
  }
  return sign ? -scaled : scaled;
}

/** The inverse of `parseDecimal`: always `scale` decimals, never `-0`. */
export function formatDecimal(scaled: bigint, scale: number): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `numerator / denominator` to the nearest integer, half away from zero. `denominator` is positive. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

function scaledOrThrow(value: Decimal, scale: number, what: string): bigint {
  const scaled = parseDecimal(value, scale);
  if (scaled === undefined) throw new RangeError(`${what} is not a decimal with at most ${scale} decimals`);
  return scaled;
}

const toCents = (amount: Decimal): bigint => scaledOrThrow(amount, moneyScale, 'Amount');
const fromCents = (cents: bigint): Amount => formatDecimal(cents, moneyScale);

/** `12.5` → `"12.50"`; undefined when it is no decimal or has more than two decimals. Does not look at the size. */
export function toAmount(value: Decimal): Amount | undefined {
  const cents = parseDecimal(value, moneyScale);
  return cents === undefined ? undefined : fromCents(cents);
}

/** The amount in another currency, one unit of which is worth `rate` of its own. Throws RangeError on a non-decimal. */
export const convertedAmount = (amount: Decimal, rate: Decimal): Amount =>
  fromCents(
    divideRounded(
      toCents(amount) * 10n ** BigInt(exchangeRateScale),
      scaledOrThrow(rate, exchangeRateScale, 'Rate of exchange'),
    ),
  );

/** True when the column `numeric(14,2)` can hold the amount: |amount| ≤ 999,999,999,999.99. */
export function fitsMoney(amount: Decimal): boolean {
  const cents = parseDecimal(amount, moneyScale);
  return cents !== undefined && cents < moneyLimit && cents > -moneyLimit;
}

/** For JSON only. Exact for every amount that `fitsMoney`: 14 digits are less than a double's 15. */
export const toNumber = (amount: Amount): number => Number(amount);

/** Negative, zero or positive, as `Array.prototype.sort` wants it. Throws RangeError on a non-amount. */
export function compareAmounts(left: Decimal, right: Decimal): number {
  const difference = toCents(left) - toCents(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `"0.00"` for none. Throws RangeError on a non-amount. */
export const sumAmounts = (amounts: Iterable<Decimal>): Amount => {
  let cents = 0n;
  for (const amount of amounts) cents += toCents(amount);
  return fromCents(cents);
};

export const subtractAmounts = (left: Decimal, right: Decimal): Amount => fromCents(toCents(left) - toCents(right));

/** `part` in percent of `whole` with one decimal, half away from zero; "0.0" of nothing. Throws RangeError likewise. */
export function percentOf(part: Decimal, whole: Decimal): string {
  const [numerator, denominator] = [toCents(part), toCents(whole)];
  if (denominator === 0n) return '0.0';
  const sign = denominator < 0n ? -1n : 1n;
  return formatDecimal(divideRounded(1000n * numerator * sign, denominator * sign), 1);
}

/** One of `shares` equal shares, rounded to a cent, half away from zero; `shares` is a positive whole number. */
export const divideAmount = (amount: Decimal, shares: number): Amount =>
  fromCents(divideRounded(toCents(amount), BigInt(shares)));

export const negateAmount = (amount: Decimal): Amount => fromCents(-toCents(amount));

function lineCents(quantity: Decimal, unitPrice: Decimal): bigint {
  const product =
    scaledOrThrow(quantity, quantityScale, 'Quantity') * scaledOrThrow(unitPrice, unitPriceScale, 'Unit price');
  return divideRounded(product, 10n ** BigInt(quantityScale + unitPriceScale - moneyScale));
}

/**
 * A line's net amount (EN 16931 BT-131): quantity × unit price, rounded once. Throws RangeError when one of them is no
 * decimal of its scale: validate input with `parseDecimal` first, and the result with `fitsMoney`.
 */
export const lineTotal = (quantity: Decimal, unitPrice: Decimal): Amount => fromCents(lineCents(quantity, unitPrice));

/**
 * An invoice's totals from its lines, by EN 16931: net amounts per line (BT-131), per rate the sum of them (BT-116) and
 * its tax (BT-117), then the sums (BT-109, BT-110, BT-112). Throws RangeError as `lineTotal`, and on a negative rate.
 * The totals of lines that each fit may overflow: check `fitsMoney(total)`.
 */
export function vatBreakdown(lines: Iterable<PricedLine>): VatBreakdown {
  const bases = new Map<bigint, bigint>();
  for (const { quantity, unitPrice, vatRate } of lines) {
    const rate = scaledOrThrow(vatRate, vatRateScale, 'VAT rate');
    if (rate < 0n) throw new RangeError('VAT rate is negative');
    bases.set(rate, (bases.get(rate) ?? 0n) + lineCents(quantity, unitPrice));
  }
  const percent = 100n * 10n ** BigInt(vatRateScale);
  let totalBase = 0n;
  let totalTax = 0n;
  const rates: VatRateTotal[] = [];
  for (const [rate, base] of [...bases].sort(([left], [right]) => (left < right ? 1 : -1))) {
    const tax = divideRounded(base * rate, percent);
    totalBase += base;
    totalTax += tax;
    rates.push({ vatRate: formatDecimal(rate, vatRateScale), base: fromCents(base), tax: fromCents(tax) });
  }
  return {
    rates,
    totalExcludingTax: fromCents(totalBase),
    totalTax: fromCents(totalTax),
    total: fromCents(totalBase + totalTax),
  };
}
