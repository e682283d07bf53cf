import { compareAmounts, divideAmount, subtractAmounts } from '../../../lib/money.js';
import { wholeMonthsBetween } from '../../../lib/periods.js';

interface Goal {
  /** Decimal text. */
  targetAmount: string;
  currentAmount: string;
  /** `YYYY-MM-DD` */
  targetDate: string;
}

/**
 * What is to be put aside each month: what is missing over the whole months that are left, at least one (DECISIONS.md,
 * section 4). Halves are rounded away from zero; "0.00" once there is enough.
 */
export function monthlyTarget({ targetAmount, currentAmount, targetDate }: Goal, today: string): string {
  const missing = subtractAmounts(targetAmount, currentAmount);
  if (compareAmounts(missing, '0') <= 0) return '0.00';
  return divideAmount(missing, Math.max(1, wholeMonthsBetween(today, targetDate)));
}
