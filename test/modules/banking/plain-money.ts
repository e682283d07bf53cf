/** What the bank of the model holds, in cents of bigint and nothing else: slow, and too plain to be wrong. */
export interface Part {
  cents: bigint;
  categoryId: string | null;
}

export interface Movement {
  accountId: string;
  day: string;
  /** One when it is whole; what it is worth is their sum. */
  parts: readonly Part[];
  /** The transfer that it is a leg of. */
  transfer?: object | undefined;
}

export interface Goal {
  target: bigint;
  saved: bigint;
  until: string;
}

export const centsOf = (amount: number): bigint => BigInt(Math.round(amount * 100));
export const amountOf = (cents: bigint): number => Number(cents) / 100;
export const sum = (cents: Iterable<bigint>): bigint => [...cents].reduce((total, each) => total + each, 0n);
export const worth = ({ parts }: Movement): bigint => sum(parts.map(({ cents }) => cents));

/** `numerator / denominator`, half away from zero. */
export function divided(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n !== denominator < 0n;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rest = n % d;
  const rounded = n / d + (2n * rest >= d ? 1n : 0n);
  return isNegative ? -rounded : rounded;
}

export const percent = (part: bigint, whole: bigint): number =>
  whole === 0n ? 0 : Number(divided(1000n * part, whole)) / 10;

/** The figures of what moved from one day to another, both included. */
export function figuresOf(movements: readonly Movement[], [start, end]: readonly [string, string]) {
  const counted = movements.filter(({ day, transfer }) => !transfer && day >= start && day <= end);
  const parts = counted.flatMap((movement) => movement.parts.map((part) => ({ ...part, movement })));
  const expenses = parts.filter(({ cents }) => cents < 0n);
  const total = sum(expenses.map(({ cents }) => cents));
  const categories = [...Map.groupBy(expenses, ({ categoryId }) => categoryId)].map(([id, own]) => {
    const cents = sum(own.map((part) => part.cents));
    return {
      id,
      amount: amountOf(cents),
      percentage: percent(cents, total),
      transactionsCount: new Set(own.map(({ movement }) => movement)).size,
    };
  });
  return {
    income: amountOf(sum(parts.filter(({ cents }) => cents > 0n).map(({ cents }) => cents))),
    expenses: amountOf(total),
    count: counted.length,
    categories: new Map(categories.map((category) => [category.id, category])),
  };
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The days of the points: those after which the next day begins another day, week or month, and the last one. */
export function pointsOf([start, end]: readonly [string, string], granularity: 'DAY' | 'WEEK' | 'MONTH'): string[] {
  const points: string[] = [];
  for (let day = start; day <= end; day = dayAfter(day)) {
    const next = dayAfter(day);
    const isLast =
      granularity === 'DAY' ||
      (granularity === 'WEEK' ? new Date(`${next}T00:00:00Z`).getUTCDay() === 1 : next.endsWith('-01'));
    if (isLast || day === end) points.push(day);
  }
  return points;
}

/** Whole months from a day to another, found by counting them. */
export function monthsUntil(from: string, until: string): number {
  const [year, month, day] = from.split('-').map(Number) as [number, number, number];
  for (let count = 1; ; count += 1) {
    const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
    const reached = new Date(Date.UTC(year, month - 1 + count, Math.min(day, last))).toISOString().slice(0, 10);
    if (reached > until) return count - 1;
  }
}
