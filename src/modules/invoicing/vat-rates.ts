import type { FieldProblem } from '../../lib/errors.js';

/** The rates of VAT in percent that a country has or had, overseas departments included, by its ISO 3166 code. */
const ratesOf: Readonly<Record<string, readonly number[]>> = {
  FR: [0, 0.9, 1.05, 1.75, 2.1, 5.5, 7, 8.5, 9.2, 9.6, 10, 13, 19.6, 20, 20.6],
};

/** Problems for the rates, in the order of the lines, that the seller's country does not know; none for others. */
export function vatRateProblems(rates: readonly string[], country: string): FieldProblem[] {
  const known = ratesOf[country];
  if (!known) return [];
  return rates.flatMap((rate, index) =>
    known.includes(Number(rate))
      ? []
      : [
          {
            path: ['items', String(index), 'vatRate'],
            code: 'not_allowed' as const,
            message: `is no rate of VAT in ${country}: ${known.join(', ')}`,
          },
        ],
  );
}
