import { holds, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { currencyProblems } from '../../../lib/currency.js';
import { badInput, notFound } from '../../../lib/errors.js';
import { sumAmounts } from '../../../lib/money.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleAccounts } from '../accounts/bank-account.policy.js';

/**
 * Which accounts a figure is about. Amounts of several currencies are never added: a scope has one. Of shared accounts
 * only the owner's figures tell, unless one of them is asked for by its number.
 */
export interface MoneyScope {
  accountIds: number[];
  /** ISO 4217 */
  currency: string;
  /** Decimal text: what the accounts hold together. */
  balance: string;
  /** The account that was asked for; undefined for all of one's own in the currency. */
  account?: { id: number; name: string };
}

interface Account {
  id: number;
  name: string;
  currency: string;
  balance: string;
}

export interface ScopeArgs {
  accountId?: string | null | undefined;
  /** Not looked at when there is an account. */
  currency?: string | null | undefined;
}

/**
 * One account that the viewer may see, or all of their own in a currency: the given one, else the firm's own when they
 * have an account in it, else that of their first account. Throws NOT_FOUND, BAD_USER_INPUT for what is no currency.
 */
export async function moneyScope(
  { db, viewer, services }: Pick<Context, 'db' | 'viewer' | 'services'>,
  { accountId, currency }: ScopeArgs,
): Promise<MoneyScope> {
  const { userId } = requireSignedIn(viewer);
  if (accountId != null) {
    const account = await db.first<Account>(sql`
      select t.id, t.name, t.currency, t.balance from bank_accounts t
       where t.id = ${rowId(accountId) ?? null}::int and ${holds(visibleAccounts(viewer), 't')}`);
    if (!account) throw notFound('BankAccount');
    return { accountIds: [account.id], currency: account.currency, balance: account.balance, account };
  }
  const problems = currency == null ? [] : currencyProblems(currency);
  if (problems.length > 0) throw badInput(problems);
  const own = await db.all<Account>(
    sql`select id, name, currency, balance from bank_accounts where owner_id = ${userId} order by id`,
  );
  const ofFirm = services.config.currency;
  const hasFirms = own.length === 0 || own.some((account) => account.currency === ofFirm);
  const chosen = currency ?? (hasFirms ? ofFirm : (own[0] as Account).currency);
  const accounts = own.filter((account) => account.currency === chosen);
  return {
    accountIds: accounts.map(({ id }) => id),
    currency: chosen,
    balance: sumAmounts(accounts.map(({ balance }) => balance)),
  };
}
