/** What a late invoice costs its customer: Code de commerce, art. L441-10 II and D441-5. */
import { divideRounded, formatDecimal, moneyScale, parseDecimal } from '../../../lib/money.js';

/** Lump sum for the costs of recovery, in euros. */
export const recoveryIndemnity = '40.00';

const rateScale = 4;
const daysOfYear = 365n;

/** Simple interest at a yearly rate in percent (up to 4 decimals), to the cent, halves away from zero. */
export function latePenalties(amountDue: string, yearlyRate: string, daysLate: number): string {
  const cents = parseDecimal(amountDue, moneyScale) as bigint;
  const rate = parseDecimal(yearlyRate, rateScale) as bigint;
  const percent = 100n * 10n ** BigInt(rateScale);
  return formatDecimal(divideRounded(cents * rate * BigInt(daysLate), percent * daysOfYear), moneyScale);
}
