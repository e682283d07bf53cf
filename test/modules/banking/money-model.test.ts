import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { isFull } from '../../support/full.js';
import { startTestServer } from '../../support/harness.js';
import { Random } from '../../support/random.js';
import {
  amountOf,
  centsOf,
  divided,
  figuresOf,
  type Goal,
  type Movement,
  monthsUntil,
  type Part,
  percent,
  pointsOf,
  sum,
  worth,
} from './plain-money.js';

const today = '2026-02-03';
const periods = {
  WEEK: ['2026-02-02', '2026-02-08'],
  MONTH: ['2026-02-01', '2026-02-28'],
  YEAR: ['2026-01-01', '2026-12-31'],
} as const;
const connections = isFull ? 6 : 4;
const turns = isFull ? 200 : 30;
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));

/** Refusals that belong to the game: an overdrawn savings account, and what another connection has just deleted. */
const allowed = new Set(['account.insufficient_balance', 'NOT_FOUND', 'unknown_reference']);

interface Transfer {
  id: string;
  from: Movement;
  to: Movement;
}

/** What one connection has made, which nobody else changes. */
interface Own {
  random: Random;
  movements: Map<string, Movement>;
  transfers: Set<Transfer>;
  /** Written by rules. */
  posted: Movement[];
}

test(`random changes by several connections leave every figure as the plain model has it (seed ${seed})`, async () => {
  const server = await startTestServer({ now: () => new Date(`${today}T10:00:00Z`) });
  try {
    const person = await server.person();
    const run = async (document: string, variables: object = {}): Promise<any> => {
      const { data, errors } = await server.graphql(document, variables, person.token);
      if (!errors) return data;
      const { code, reason, fields } = errors[0].extensions;
      if (![code, reason, ...(fields ?? []).map((field: any) => field.code)].some((word) => allowed.has(word)))
        throw new Error(JSON.stringify([document, variables, errors]));
      return undefined;
    };
    /** Undefined: it was refused. */
    const change = async (name: string, input: object, selection: string): Promise<any> => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
      return (await run(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }))?.[name];
    };

    const opening = new Map<string, bigint>();
    const deleted = new Set<string>();
    const savings = new Set<string>();
    const goals = new Map<string, Goal>();
    const open = async (typeId: string, cents: bigint): Promise<string> => {
      const input = { name: `Compte ${opening.size}`, typeId, openingBalance: amountOf(cents) };
      const { id } = (await change('createBankAccount', input, 'bankAccount { id }')).bankAccount;
      opening.set(id, cents);
      if (typeId === '2' || typeId === '3') savings.add(id);
      return id;
    };
    for (const [typeId, cents] of [
      ['1', 100_000n],
      ['2', 30_000n],
      ['3', 5n],
      ['4', -12_345n],
    ] as const)
      await open(typeId, cents);
    const categories: (string | null)[] = [null, '1', '3', '4', '5', '14'];
    for (const name of ['Sono', 'Vélo'])
      categories.push((await change('createCategory', { name }, 'category { id }')).category.id);

    const owners: Own[] = Array.from({ length: connections }, (_, n) => ({
      random: new Random(seed + n),
      movements: new Map(),
      transfers: new Set(),
      posted: [],
    }));
    const daysAround = Array.from({ length: 430 }, (_, n) =>
      new Date(Date.UTC(2025, 0, 1) + n * 86_400_000).toISOString().slice(0, 10),
    );
    const dayOf = (random: Random): string =>
      random.chance(0.5) ? random.pick(daysAround.slice(380)) : random.pick(daysAround);
    const centsFor = (random: Random): bigint => BigInt(random.int(-9_999, random.chance(0.1) ? 90_000 : 4_000));
    const partsFor = (random: Random): Part[] =>
      Array.from({ length: random.chance(0.3) ? random.int(2, 4) : 1 }, () => ({
        cents: centsFor(random),
        categoryId: random.pick(categories),
      }));
    const termsOf = (parts: readonly Part[]): object => ({
      amount: amountOf(sum(parts.map(({ cents }) => cents))),
      ...(parts.length > 1
        ? { splits: parts.map(({ cents, categoryId }) => ({ amount: amountOf(cents), categoryId })) }
        : { categoryId: parts[0]?.categoryId ?? null, splits: [] }),
    });

    const moves: Record<string, (own: Own) => Promise<unknown>> = {
      create: async ({ random, movements }) => {
        const movement: Movement = {
          accountId: random.pick([...opening.keys()]),
          day: dayOf(random),
          parts: partsFor(random),
        };
        const input = {
          accountId: movement.accountId,
          description: 'Test',
          transactionDate: movement.day,
          ...termsOf(movement.parts),
        };
        const made = await change('createTransaction', input, 'transaction { id }');
        if (made) movements.set(made.transaction.id, movement);
      },
      // All its days are past, and no account refuses one: each is posted, at the latest by the job.
      repeat: async ({ random, movements, posted }) => {
        const accountId = random.pick([...opening.keys()].filter((id) => !savings.has(id)));
        const parts: Part[] = [{ cents: centsFor(random), categoryId: random.pick(categories) }];
        const [count, first] = [random.int(2, 4), random.int(0, 390)];
        const days = Array.from({ length: count }, (_, n) => daysAround[first + 2 * n] as string);
        const input = {
          accountId,
          description: 'Loyer',
          transactionDate: days[0],
          amount: amountOf(sum(parts.map(({ cents }) => cents))),
          categoryId: parts[0]?.categoryId,
          recurrence: { frequency: 'DAILY', interval: 2, endDate: days.at(-1) },
        };
        const made = await change('createTransaction', input, 'transaction { id }');
        if (!made) return;
        movements.set(made.transaction.id, { accountId, day: days[0] as string, parts });
        for (const day of days.slice(1)) posted.push({ accountId, day, parts });
      },
      change: async ({ random, movements }) => {
        const [id, before] = random.pick([...movements]);
        const after: Movement = {
          accountId: random.chance(0.4) ? random.pick([...opening.keys()]) : before.accountId,
          day: random.chance(0.3) ? dayOf(random) : before.day,
          parts: partsFor(random),
        };
        const input = { id, accountId: after.accountId, transactionDate: after.day, ...termsOf(after.parts) };
        if (await change('updateTransaction', input, 'transaction { id }')) movements.set(id, after);
      },
      remove: async ({ random, movements }) => {
        const [id] = random.pick([...movements]);
        if (!(await change('deleteTransaction', { id }, 'deletedId'))) return;
        const isRestored =
          random.int(0, 1) && (await change('restoreTransaction', { id }, 'transaction { id }')) !== undefined;
        if (!isRestored) movements.delete(id);
      },
      transfer: async (own) => {
        const from = own.random.pick([...opening.keys()]);
        const to = own.random.pick([...opening.keys()].filter((id) => id !== from));
        const cents = BigInt(own.random.int(1, 5_000));
        const input = {
          fromAccountId: from,
          toAccountId: to,
          amount: amountOf(cents),
          transferDate: dayOf(own.random),
          description: 'Virement',
        };
        const made = await change('createTransfer', input, 'transfer { id }');
        if (made) own.transfers.add(transferOf(made.transfer.id, from, to, cents, input.transferDate));
      },
      changeTransfer: async (own) => {
        const before = own.random.pick([...own.transfers]);
        const cents = BigInt(own.random.int(1, 5_000));
        const day = dayOf(own.random);
        const input = { id: before.id, amount: amountOf(cents), transferDate: day };
        if (!(await change('updateTransfer', input, 'transfer { id }'))) return;
        own.transfers.delete(before);
        own.transfers.add(transferOf(before.id, before.from.accountId, before.to.accountId, cents, day));
      },
      removeTransfer: async (own) => {
        const transfer = own.random.pick([...own.transfers]);
        if (!(await change('deleteTransfer', { id: transfer.id }, 'deletedId'))) return;
        const isRestored =
          own.random.int(0, 1) && (await change('restoreTransfer', { id: transfer.id }, 'transfer { id }'));
        if (!isRestored) own.transfers.delete(transfer);
      },
      closeAccount: async ({ random }) => {
        const id = await open('1', BigInt(random.int(0, 9_999)));
        // The others use it meanwhile.
        for (let i = 0; i < 3; i += 1) await moves['create']?.(owners[0] as Own);
        if (await change('deleteBankAccount', { id, force: true }, 'deletedId')) deleted.add(id);
        opening.delete(id);
      },
      save: async ({ random }) => {
        const goal = {
          target: BigInt(random.int(1, 500_000)),
          saved: BigInt(random.int(0, 500_000)),
          until: dayOf(random),
        };
        const input = {
          name: 'But',
          targetAmount: amountOf(goal.target),
          currentAmount: amountOf(goal.saved),
          targetDate: goal.until,
        };
        goals.set((await change('createBudget', input, 'budget { id }')).budget.id, goal);
      },
    };

    await Promise.all(
      owners.map(async (own) => {
        for (let turn = 0; turn < turns; turn += 1) {
          const { random, movements, transfers } = own;
          const names = ['create', 'create', 'create', 'repeat', 'transfer', 'save'];
          if (movements.size > 0) names.push('change', 'change', 'change', 'remove');
          if (transfers.size > 0) names.push('changeTransfer', 'removeTransfer');
          if (random.chance(0.1)) names.push('closeAccount', 'closeAccount');
          await moves[random.pick(names)]?.(own);
        }
      }),
    );

    await server.services.jobs.run('banking.post_recurrences', {});
    // With an account its transactions went, and its transfers: of those the other leg stays, as any transaction.
    const movements = owners
      .flatMap(({ movements: own, transfers, posted }) => [
        ...own.values(),
        ...posted,
        ...[...transfers].flatMap(({ from, to }) => {
          const isWhole = !deleted.has(from.accountId) && !deleted.has(to.accountId);
          return isWhole ? [from, to] : [from, to].map((leg) => ({ ...leg, transfer: undefined }));
        }),
      ])
      .filter(({ accountId }) => !deleted.has(accountId));

    const { bankAccounts } = await run('{ bankAccounts(first: 100) { nodes { id balance } } }');
    const balanceOf = (id: string, until = '9999-12-31'): bigint =>
      (opening.get(id) ?? 0n) + sum(movements.filter((m) => m.accountId === id && m.day <= until).map(worth));
    expect(Object.fromEntries(bankAccounts.nodes.map(({ id, balance }: any) => [id, balance]))).toEqual(
      Object.fromEntries([...opening.keys()].map((id) => [id, amountOf(balanceOf(id))])),
    );

    const active = [...goals.values()].filter(({ until }) => until >= today);
    const [target, saved] = [sum(active.map((goal) => goal.target)), sum(active.map((goal) => goal.saved))];
    for (const [period, days] of Object.entries(periods)) {
      const { income, expenses, count, categories: spent } = figuresOf(movements, days);
      const { financeOverview } = await run(`{ financeOverview(period: ${period}) { totalBalance bankAccountsCount
        budgets { activeCount totalTarget totalSaved averageProgress }
        currentPeriod { startDate endDate totalIncome totalExpenses net transactionsCount }
        topCategories { category { id } amount percentage } } }`);
      const { topCategories, ...overview } = financeOverview;
      expect(overview).toEqual({
        totalBalance: amountOf(sum([...opening.keys()].map((id) => balanceOf(id)))),
        bankAccountsCount: opening.size,
        budgets: {
          activeCount: active.length,
          totalTarget: amountOf(target),
          totalSaved: amountOf(saved),
          averageProgress: percent(saved, target),
        },
        currentPeriod: {
          startDate: days[0],
          endDate: days[1],
          totalIncome: income,
          totalExpenses: expenses,
          net: amountOf(centsOf(income) + centsOf(expenses)),
          transactionsCount: count,
        },
      });
      const largest = [...spent.values()].map(({ amount }) => amount).toSorted((a, b) => a - b);
      expect(topCategories.map(({ amount }: any) => amount)).toEqual(largest.slice(0, 5));
      for (const { category, amount, percentage } of topCategories)
        expect(spent.get(category?.id ?? null)).toMatchObject({ amount, percentage });
    }

    const range = ['2025-01-05', '2026-03-04'] as const;
    for (const accountId of [undefined, ...opening.keys()]) {
      const own = accountId ? movements.filter((movement) => movement.accountId === accountId) : movements;
      const ofAccount = accountId ? `, accountId: "${accountId}"` : '';
      const asked = `startDate: "${range[0]}", endDate: "${range[1]}"${ofAccount}`;
      const { expenses, categories: spent } = figuresOf(own, range);
      const { expensesByCategory } = await run(`{ expensesByCategory(${asked}) { totalExpenses
        categories { category { id } amount percentage transactionsCount } } }`);
      expect(expensesByCategory.totalExpenses).toBe(expenses);
      expect(
        new Map(
          expensesByCategory.categories.map(({ category, ...figures }: any) => {
            const id = category?.id ?? null;
            return [id, { id, ...figures }];
          }),
        ),
      ).toEqual(spent);
      for (const granularity of ['DAY', 'WEEK', 'MONTH'] as const) {
        const { balanceEvolution } = await run(
          `{ balanceEvolution(${asked}, granularity: ${granularity}) { data { date balance } } }`,
        );
        const ids = accountId ? [accountId] : [...opening.keys()];
        expect(balanceEvolution.data).toEqual(
          pointsOf(range, granularity).map((date) => ({
            date,
            balance: amountOf(sum(ids.map((id) => balanceOf(id, date)))),
          })),
        );
      }
    }

    const { budgets } = await run(
      '{ budgets(first: 500) { nodes { id monthlyTarget progressPercentage daysRemaining } } }',
    );
    expect(budgets.nodes).toEqual(
      [...goals]
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .map(([id, goal]) => {
          const missing = goal.target > goal.saved ? goal.target - goal.saved : 0n;
          const months = goal.until > today ? Math.max(1, monthsUntil(today, goal.until)) : 1;
          return {
            id,
            monthlyTarget: amountOf(divided(missing, BigInt(months))),
            progressPercentage: percent(goal.saved, goal.target),
            daysRemaining: Math.max(0, (Date.parse(goal.until) - Date.parse(today)) / 86_400_000),
          };
        }),
    );

    await server.services.jobs.run('banking.check_balances', {});
    expect((await server.request('GET', '/metrics')).text).toMatch(/^xcore_balance_drift_accounts 0$/m);
  } finally {
    await server.stop();
  }
}, 600_000);

function transferOf(id: string, fromId: string, toId: string, cents: bigint, day: string): Transfer {
  const transfer = {};
  const leg = (accountId: string, amount: bigint): Movement => ({
    accountId,
    day,
    parts: [{ cents: amount, categoryId: null }],
    transfer,
  });
  return { id, from: leg(fromId, -cents), to: leg(toId, cents) };
}
