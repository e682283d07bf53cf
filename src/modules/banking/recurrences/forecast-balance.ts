import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { type Amount, formatDecimal, moneyScale, parseDecimal, sumAmounts } from '../../../lib/money.js';
import { dayAfter, occurrencesBetween, type Schedule } from '../../../lib/occurrences.js';
import { todayOf } from '../../identity/people/today-of.js';
import { savingsTypes } from '../accounts/bank-account-type.entity.js';
import { moneyScope, type ScopeArgs } from '../statistics/money-scope.js';

export const longestForecast = 366;

interface ForecastAccount {
  id: number;
  balance: string;
  typeId: number;
}

interface ForecastRule extends Schedule {
  accountId: number;
  amount: string;
  nextOccurrence: string;
  skippedDates: string[];
}

export interface Forecast {
  /** null: all of the viewer's own accounts in the currency together. */
  accountId: number | null;
  /** ISO 4217 */
  currency: string;
  points: { date: string; balance: Amount }[];
}

/**
 * The balance at the end of today and of each of the next days, by the rules and by what is dated later already. The
 * balance of an account counts all transactions, whatever their day, so those of later days are taken out until their
 * day comes. What would overdraw a savings account waits, as it will. Throws NOT_FOUND for an account that the viewer
 * may not see, BAD_USER_INPUT for too many days.
 */
export async function forecastBalance(
  { db, viewer, services }: Pick<Context, 'db' | 'viewer' | 'services'>,
  { days, ...which }: ScopeArgs & { days: number },
): Promise<Forecast> {
  const signedIn = requireSignedIn(viewer);
  if (days < 1 || days > longestForecast)
    throw badField('days', days < 1 ? 'too_small' : 'too_large', `must be 1 to ${longestForecast}`);
  const { accountIds: ids, currency, account } = await moneyScope({ db, viewer, services }, which);
  const accounts = await db.all<ForecastAccount>(sql`
    select id, balance, account_type_id as "typeId" from bank_accounts where id = any(${ids}::int[]) order by id`);
  const dates = [await todayOf(db, services, signedIn.userId)];
  while (dates.length <= days) dates.push(dayAfter(dates.at(-1) as string));
  const [today, end] = [dates[0], dates.at(-1)] as [string, string];

  const later = await db.all<{ day: string; amount: string }>(sql`
    select transaction_date as day, sum(amount)::text as amount from transactions
     where account_id = any(${ids}::int[]) and transaction_date > ${today}::date group by transaction_date`);
  const rules = await db.all<ForecastRule>(sql`
    select account_id as "accountId", amount, frequency, "interval", start_date as "startDate", end_date as "endDate",
           next_occurrence as "nextOccurrence", skipped_dates as "skippedDates"
      from recurrence_rules where account_id = any(${ids}::int[]) and next_occurrence <= ${end}::date
     order by next_occurrence, id`);

  const post = poster(accounts, rules, end);
  const arriving = new Map(later.map(({ day, amount }) => [day, toCents(amount)]));
  let balance = toCents(sumAmounts(accounts.map((account) => account.balance)));
  for (const amount of arriving.values()) balance -= amount;
  const points = dates.map((date) => {
    balance += post(date) + (arriving.get(date) ?? 0n);
    return { date, balance: formatDecimal(balance, moneyScale) };
  });
  return { accountId: account?.id ?? null, currency, points };
}

const toCents = (amount: string): bigint => parseDecimal(amount, moneyScale) as bigint;

/** Writes as the job will, day by day; the function adds up what it writes on a day. */
function poster(
  accounts: readonly ForecastAccount[],
  rules: readonly ForecastRule[],
  end: string,
): (day: string) => bigint {
  const held = new Map(accounts.map(({ id, balance }) => [id, toCents(balance)]));
  const savings = new Set(accounts.filter(({ typeId }) => savingsTypes.includes(typeId)).map(({ id }) => id));
  const waiting = rules.map(({ accountId, amount, skippedDates, ...rule }) => ({
    accountId,
    cents: toCents(amount),
    days: occurrencesBetween(rule, { from: rule.nextOccurrence, until: end, limit: Infinity }).filter(
      (day) => !skippedDates.includes(day),
    ),
    posted: 0,
  }));
  return (day) => {
    let moved = 0n;
    for (const rule of waiting) {
      for (let next = rule.days[rule.posted]; next !== undefined && next <= day; next = rule.days[rule.posted]) {
        const after = (held.get(rule.accountId) as bigint) + rule.cents;
        if (after < 0n && rule.cents < 0n && savings.has(rule.accountId)) break;
        held.set(rule.accountId, after);
        moved += rule.cents;
        rule.posted += 1;
      }
    }
    return moved;
  };
}
