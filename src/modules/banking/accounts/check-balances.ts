import { json, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Gauge } from '../../../metrics/gauge.js';
import { activeAdminIds } from '../../identity/people/active-admins.js';

interface Drift {
  accountId: number;
  /** Decimal text: how much the balance is too high. */
  difference: string;
}

/** Most account numbers that an alert names. */
const mostNamed = 100;

/** Accounts that the last check found to have drifted: 0 unless something is wrong. */
export const balanceDrift: Gauge = {
  name: 'xcore_balance_drift_accounts',
  help: 'Bank accounts whose balance is not its opening plus its transactions',
  read: async (db) => {
    const row = await db.first<{ count: number }>(sql`select count(*)::int as count from balance_drifts`);
    return row?.count ?? 0;
  },
};

/**
 * Compares the balance of every account with its opening plus the sum of its transactions, notes those that differ and
 * alerts the administrators of what was not known. Nothing is repaired: which of the figures is wrong is for people to
 * find out. Reads one statement's snapshot, in which both always agree, whatever is written meanwhile.
 */
export async function checkBalances(ctx: CommandContext): Promise<void> {
  const found = await ctx.db.all<Drift>(sql`
    with sums as (select account_id, sum(amount) as total from transactions group by account_id)
    select a.id as "accountId", (a.balance - a.opening_balance - coalesce(s.total, 0))::text as difference
      from bank_accounts a left join sums s on s.account_id = a.id
     where a.balance <> a.opening_balance + coalesce(s.total, 0) order by a.id`);
  await ctx.db.transaction(async (tx) => {
    const drifts = sql`jsonb_to_recordset(${json(found)}) as d("accountId" int, difference numeric)`;
    await tx.send(sql`delete from balance_drifts where account_id not in (select d."accountId" from ${drifts})`);
    const news = await tx.all<{ accountId: number }>(sql`
      insert into balance_drifts as b (account_id, difference, found_at)
      select a.id, d.difference, ${ctx.services.now()} from ${drifts} join bank_accounts a on a.id = d."accountId"
       order by a.id for key share of a
      on conflict (account_id) do update set difference = excluded.difference, found_at = excluded.found_at
       where b.difference <> excluded.difference
      returning account_id as "accountId"`);
    const [first] = news;
    if (!first) return;
    ctx.log.error({ accounts: news.length }, 'balances are not their opening plus their transactions');
    await emit(tx, ctx, 'balance.drifted', ['BankAccount', first.accountId], {
      accounts: news.length,
      accountIds: news.slice(0, mostNamed).map(({ accountId }) => accountId),
      adminIds: await activeAdminIds(tx),
    });
  });
}
