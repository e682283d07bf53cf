import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { settled } from '../../support/events.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let now = new Date('2026-02-03T12:00:00Z');
let person: Someone;
beforeAll(async () => {
  server = await startTestServer({ now: () => now });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  now = new Date('2026-02-03T12:00:00Z');
  person = await someone();
});

/** Whose session outlives every jump of the clock. */
interface Someone {
  id: number;
  sessionId: string;
}
async function someone(roles = ['user']): Promise<Someone> {
  const { id } = await server.person({ roles });
  const [session] = await server.sql(
    `insert into sessions (user_id, kind, expires_at) values (?, 'token', '2100-01-01') returning id`,
    [id],
  );
  return { id, sessionId: session.id };
}
const tokenOf = ({ id, sessionId }: Someone): string => server.services.accessTokens.sign(id, sessionId, now);

const run = async (document: string, variables: object, by = person): Promise<any> => {
  const { data, errors } = await server.graphql(document, variables, tokenOf(by));
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data;
};
const account = async ({ typeId = '1', openingBalance = 1000, by = person } = {}): Promise<string> =>
  (
    await run(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Compte', typeId, openingBalance } },
      by,
    )
  ).createBankAccount.bankAccount.id;

interface Rule {
  id: string;
  accountId: string;
  transactionId: string;
}
const recurring = async (
  recurrence: object,
  { accountId, ...terms }: { accountId?: string; [field: string]: unknown } = {},
): Promise<Rule> => {
  const into = accountId ?? (await account());
  const input = {
    accountId: into,
    amount: -10,
    description: 'Loyer',
    transactionDate: (recurrence as { startDate?: string }).startDate,
    recurrence,
    ...terms,
  };
  const { transaction } = (
    await run(
      `mutation ($input: CreateTransactionInput!) {
        createTransaction(input: $input) { transaction { id recurrenceRule { id } } } }`,
      { input },
    )
  ).createTransaction;
  return { id: transaction.recurrenceRule.id, accountId: into, transactionId: transaction.id };
};
const ruleOf = async (id: string, by = person): Promise<any> =>
  (
    await run(
      `query ($id: ID!) { recurrenceRule(id: $id) {
        nextOccurrence skippedDates refusedOn stoppedAt amount pendingOccurrences { date amount } } }`,
      { id },
      by,
    )
  ).recurrenceRule;
const daysOf = async ({ id }: Rule): Promise<string[]> =>
  (
    await server.sql(
      'select transaction_date::text as day from transactions where recurrence_rule_id = ? order by transaction_date, id',
      [id],
    )
  ).map(({ day }) => day);
const change = (name: string, input: object): Promise<any> =>
  run(
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
      ${name}(input: $input) { recurrenceRule { id nextOccurrence } } }`,
    { input },
  ).then((data) => data[name].recurrenceRule);
const post = (): Promise<void> => server.services.jobs.run('banking.post_recurrences', {});
const at = async (moment: string): Promise<void> => {
  now = new Date(moment);
  await post();
};

describe('a rule is made with its transaction', () => {
  test('which is its first day’s own; the next one is to come', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    expect(await daysOf(rule)).toEqual(['2026-02-01']);
    expect(await ruleOf(rule.id)).toMatchObject({ nextOccurrence: '2026-03-01', pendingOccurrences: [] });
    await at('2026-02-28T22:59:59Z');
    expect(await daysOf(rule)).toHaveLength(1);
    // March begins in Paris.
    await at('2026-02-28T23:00:00Z');
    await post();
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-03-01']);
  });

  test('what has passed is caught up at once, to the end of it', async () => {
    now = new Date('2026-06-30T12:00:00Z');
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-01-31', endDate: '2026-04-30' });
    expect(await daysOf(rule)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect((await ruleOf(rule.id)).nextOccurrence).toBeNull();
    const { bankAccount } = await run('query ($id: ID!) { bankAccount(id: $id) { balance } }', { id: rule.accountId });
    expect(bankAccount.balance).toBe(960);
    await at('2026-08-01T12:00:00Z');
    expect(await daysOf(rule)).toHaveLength(4);
  });

  test('months that are shorter, and 29 February', async () => {
    now = new Date('2028-03-01T12:00:00Z');
    const quarterly = { frequency: 'MONTHLY', interval: 3, startDate: '2024-11-30' };
    expect((await daysOf(await recurring(quarterly))).slice(0, 4)).toEqual([
      '2024-11-30',
      '2025-02-28',
      '2025-05-30',
      '2025-08-30',
    ]);
    expect(await daysOf(await recurring({ frequency: 'YEARLY', startDate: '2024-02-29' }))).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
  });

  test('dated on another of its days it is that day’s own, and on none it is one more', async () => {
    const future = await recurring(
      { frequency: 'MONTHLY', startDate: '2026-02-10' },
      { transactionDate: '2026-04-10' },
    );
    await at('2026-05-10T12:00:00Z');
    expect(await daysOf(future)).toEqual(['2026-02-10', '2026-03-10', '2026-04-10', '2026-05-10']);
    now = new Date('2026-02-03T12:00:00Z');
    const odd = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' }, { transactionDate: '2026-01-15' });
    expect(await daysOf(odd)).toEqual(['2026-01-15', '2026-02-01']);
  });

  test('what makes no rule is refused, and nothing is written', async () => {
    const accountId = await account();
    const problem = async (recurrence: object, terms = {}): Promise<any> =>
      recurring(recurrence, { accountId, transactionDate: '2026-02-01', ...terms }).then(
        () => undefined,
        (error) => [error.fields?.[0].path.slice(1).join('.'), error.fields?.[0].code],
      );
    const monthly = { frequency: 'MONTHLY', startDate: '2026-02-01' };
    expect(await problem({ ...monthly, interval: 0 })).toEqual(['recurrence.interval', 'too_small']);
    expect(await problem({ ...monthly, interval: 1001 })).toEqual(['recurrence.interval', 'too_large']);
    expect(await problem({ ...monthly, endDate: '2026-01-31' })).toEqual(['recurrence.endDate', 'too_small']);
    expect(await problem({ frequency: 'DAILY', startDate: '1990-01-01' })).toEqual([
      'recurrence.startDate',
      'too_small',
    ]);
    const splits = [{ amount: -4 }, { amount: -6 }];
    expect(await problem(monthly, { splits })).toEqual(['recurrence', 'not_allowed']);
    const { transactions } = await run('query ($id: ID!) { transactions(filter: { accountId: $id }) { totalCount } }', {
      id: accountId,
    });
    expect(transactions.totalCount).toBe(0);
  });
});

describe('the job', () => {
  test('catches up days when nobody worked, each once, and also when several run it', async () => {
    const rule = await recurring({ frequency: 'DAILY', startDate: '2026-02-01' });
    now = new Date('2026-12-31T12:00:00Z');
    expect((await ruleOf(rule.id)).pendingOccurrences).toHaveLength(331);
    await Promise.all([post(), post(), post()]);
    const days = await daysOf(rule);
    expect(days).toHaveLength(334);
    expect(new Set(days).size).toBe(334);
    expect(days.at(-1)).toBe('2026-12-31');
  });

  test('tells who made the rule, once for what was written together', async () => {
    const rule = await recurring({ frequency: 'WEEKLY', startDate: '2026-02-02' }, { description: 'Piano' });
    await at('2026-02-16T12:00:00Z');
    await settled(server.app);
    const { notifications } = await run('{ notifications { nodes { type title message } } }', {});
    expect(notifications.nodes).toEqual([
      {
        type: 'RECURRENCE_POSTED',
        title: 'Opérations récurrentes passées',
        message: 'Piano (-10.00 EUR) : 2 échéances',
      },
    ]);
    expect(await daysOf(rule)).toHaveLength(3);
  });

  test('counts the days of who made the rule', async () => {
    await run('mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }', {
      input: { id: person.id, timeZone: 'America/New_York' },
    });
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await at('2026-03-01T04:59:59Z');
    expect(await daysOf(rule)).toHaveLength(1);
    await at('2026-03-01T05:00:00Z');
    expect(await daysOf(rule)).toHaveLength(2);
  });

  test('waits while the person may not sign in', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await server.sql('update users set is_active = false where id = ?', [person.id]);
    await at('2026-04-01T12:00:00Z');
    expect(await daysOf(rule)).toHaveLength(1);
    await server.sql('update users set is_active = true where id = ?', [person.id]);
    await post();
    expect(await daysOf(rule)).toHaveLength(3);
  });

  test('goes on when a rule fails', async () => {
    const broken = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    const sound = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await server.sql(
      `insert into transactions (account_id, owner_id, amount, description, transaction_date, recurrence_rule_id,
         occurrence_date) select account_id, owner_id, 1, 'x', '2026-03-01', id, '2026-03-01'
         from recurrence_rules where id = ?`,
      [broken.id],
    );
    await at('2026-03-01T12:00:00Z');
    expect(await daysOf(sound)).toHaveLength(2);
    expect(server.log.some((line) => line.includes('a recurrence could not be posted'))).toBe(true);
    await change('stopRecurrenceRule', { id: broken.id });
  });

  test('finds what is due by its index', async () => {
    const plan = await server.sql(`explain (costs off)
      select r.id from recurrence_rules r join users u on u.id = r.created_by_id and u.is_active
       where r.next_occurrence <= '2026-01-01' and (r.next_occurrence, r.id) > ('-infinity'::date, 0)
       order by r.next_occurrence, r.id limit 500`);
    expect(JSON.stringify(plan)).toContain('recurrence_rules_due_idx');
  });
});

describe('a savings account', () => {
  test('is not overdrawn: the rest waits with its own day, is told once, tried each day, and can be skipped', async () => {
    const accountId = await account({ typeId: '3', openingBalance: 25 });
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' }, { accountId });
    const other = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await at('2026-04-02T12:00:00Z');
    await post();
    await at('2026-04-03T12:00:00Z');
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-03-01']);
    expect(await daysOf(other)).toHaveLength(3);
    expect(await ruleOf(rule.id)).toMatchObject({
      nextOccurrence: '2026-04-01',
      refusedOn: '2026-04-03',
      pendingOccurrences: [{ date: '2026-04-01', amount: -10 }],
    });
    await settled(server.app);
    const { notifications } = await run('{ notifications { nodes { type priority message } } }', {});
    expect(notifications.nodes.filter(({ type }: any) => type === 'RECURRENCE_REFUSED')).toEqual([
      {
        type: 'RECURRENCE_REFUSED',
        priority: 'HIGH',
        message: 'Loyer (-10.00 EUR) le 2026-04-01 : le solde du compte d’épargne ne suffit pas',
      },
    ]);

    await run(
      'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
      {
        input: { accountId, amount: 5, description: 'Versement', transactionDate: '2026-04-03' },
      },
    );
    await at('2026-04-04T12:00:00Z');
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-03-01', '2026-04-01']);
    await at('2026-06-01T12:00:00Z');
    expect((await ruleOf(rule.id)).pendingOccurrences).toHaveLength(2);
    await change('skipOccurrence', { id: rule.id, date: '2026-06-01' });
    await change('skipOccurrence', { id: rule.id, date: '2026-05-01' });
    expect(await ruleOf(rule.id)).toMatchObject({
      nextOccurrence: '2026-07-01',
      refusedOn: null,
      pendingOccurrences: [],
    });
  });

  test('is filled when a rule is made too', async () => {
    const accountId = await account({ typeId: '2', openingBalance: 20 });
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2025-11-01' }, { accountId });
    expect(await daysOf(rule)).toEqual(['2025-11-01', '2025-12-01']);
    expect((await ruleOf(rule.id)).pendingOccurrences.map(({ date }: any) => date)).toEqual([
      '2026-01-01',
      '2026-02-01',
    ]);
  });
});

describe('changes touch the future only', () => {
  test('the next ones have the new amount and go into the new account, what was stays', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    const accountId = await account();
    await change('updateRecurrenceRule', { id: rule.id, amount: -12.5, accountId, categoryId: 5, labels: ['bail'] });
    await at('2026-03-01T12:00:00Z');
    const rows = await server.sql(
      `select account_id, amount, category_id, labels from transactions where recurrence_rule_id = ? order by id`,
      [rule.id],
    );
    expect(rows).toMatchObject([
      { account_id: Number(rule.accountId), amount: '-10.00', category_id: null },
      { account_id: Number(accountId), amount: '-12.50', category_id: 5, labels: ['bail'] },
    ]);
  });

  test('moving the day within the month neither doubles nor skips', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    const later = await change('updateRecurrenceRule', { id: rule.id, startDate: '2026-02-15' });
    expect(later.nextOccurrence).toBe('2026-03-15');
    await at('2026-03-10T12:00:00Z');
    // The 15th of March has not come; the 5th has: it is the one of March.
    await change('updateRecurrenceRule', { id: rule.id, startDate: '2026-02-05' });
    await post();
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-03-05']);
    const back = await change('updateRecurrenceRule', { id: rule.id, startDate: '2026-02-28' });
    expect(back.nextOccurrence).toBe('2026-04-28');
  });

  test('another rhythm makes up for nothing, and a longer end for nothing that is over', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01', endDate: '2026-02-28' });
    expect((await ruleOf(rule.id)).nextOccurrence).toBeNull();
    now = new Date('2026-05-20T12:00:00Z');
    const longer = await change('updateRecurrenceRule', { id: rule.id, endDate: null });
    expect(longer.nextOccurrence).toBe('2026-05-01');
    await post();
    const daily = await change('updateRecurrenceRule', { id: rule.id, frequency: 'DAILY' });
    expect(daily.nextOccurrence).toBe('2026-05-20');
    const yearly = await change('updateRecurrenceRule', { id: rule.id, frequency: 'YEARLY' });
    expect(yearly.nextOccurrence).toBe('2027-02-01');
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-05-01']);
  });

  test('a day to come is left out; one that was, or that is none, cannot be', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await change('skipOccurrence', { id: rule.id, date: '2026-04-01' });
    await change('skipOccurrence', { id: rule.id, date: '2026-04-01' });
    for (const date of ['2026-02-01', '2026-04-02', '2025-12-01'])
      await expect(change('skipOccurrence', { id: rule.id, date })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await at('2026-03-01T12:00:00Z');
    expect(await ruleOf(rule.id)).toMatchObject({ nextOccurrence: '2026-05-01', skippedDates: [] });
    await at('2026-05-01T12:00:00Z');
    expect(await daysOf(rule)).toEqual(['2026-02-01', '2026-03-01', '2026-05-01']);
  });

  test('a rule that is stopped keeps the past and does nothing more', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await change('stopRecurrenceRule', { id: rule.id });
    await change('stopRecurrenceRule', { id: rule.id });
    await at('2026-06-01T12:00:00Z');
    expect(await daysOf(rule)).toEqual(['2026-02-01']);
    expect(await ruleOf(rule.id)).toMatchObject({ nextOccurrence: null, stoppedAt: '2026-02-03T12:00:00Z' });
    const { recurrenceRules } = await run('{ recurrenceRules { nodes { id } } }', {});
    expect(recurrenceRules.nodes).toEqual([]);
    await expect(change('updateRecurrenceRule', { id: rule.id, amount: -1 })).rejects.toMatchObject({
      code: 'CONFLICT',
      reason: 'recurrence.stopped',
    });
  });

  test('a transaction that was moved or deleted is not written again', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await at('2026-03-01T12:00:00Z');
    const [, second] = await server.sql('select id from transactions where recurrence_rule_id = ? order by id', [
      rule.id,
    ]);
    const move = { id: second.id, transactionDate: '2026-03-02' };
    await run(
      'mutation ($input: UpdateTransactionInput!) { updateTransaction(input: $input) { transaction { id } } }',
      {
        input: move,
      },
    );
    await run('mutation ($input: DeleteTransactionInput!) { deleteTransaction(input: $input) { deletedId } }', {
      input: { id: rule.transactionId },
    });
    await post();
    expect(await daysOf(rule)).toEqual(['2026-03-02']);
    expect((await ruleOf(rule.id)).nextOccurrence).toBe('2026-04-01');
  });
});

describe('an account that is shared', () => {
  test('rights are asked each time: who lost them is told, and the rule ends', async () => {
    const owner = await someone();
    const accountId = await account({ typeId: '4', by: owner });
    await server.sql(`insert into account_shares (account_id, user_id, permission) values (?, ?, 'write')`, [
      accountId,
      person.id,
    ]);
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' }, { accountId });
    expect(await ruleOf(rule.id, owner)).toMatchObject({ nextOccurrence: '2026-03-01' });
    await server.sql(`update account_shares set permission = 'read' where account_id = ?`, [accountId]);
    await expect(change('skipOccurrence', { id: rule.id, date: '2026-03-01' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await at('2026-03-01T12:00:00Z');
    expect(await daysOf(rule)).toHaveLength(1);
    expect((await ruleOf(rule.id)).stoppedAt).not.toBeNull();
    await settled(server.app);
    const { notifications } = await run('{ notifications { nodes { title } } }', {});
    expect(notifications.nodes).toEqual([{ title: 'Opération récurrente arrêtée' }]);
  });
});

test('an account goes with its rules, and a category that a rule has is in use', async () => {
  const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
  const { createCategory } = await run(
    'mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { category { id } } }',
    { input: { name: 'Loyers' } },
  );
  const categoryId = createCategory.category.id;
  await change('updateRecurrenceRule', { id: rule.id, categoryId });
  const remove = 'mutation ($input: DeleteCategoryInput!) { deleteCategory(input: $input) { deletedId } }';
  await expect(run(remove, { input: { id: categoryId } })).rejects.toMatchObject({
    reason: 'category.in_use',
    details: { uses: 1 },
  });
  await run('mutation ($input: DeleteBankAccountInput!) { deleteBankAccount(input: $input) { deletedId } }', {
    input: { id: rule.accountId, force: true },
  });
  expect(await server.sql('select 1 from recurrence_rules where id = ?', [rule.id])).toEqual([]);
  expect(await server.sql('select 1 from transactions where id = ?', [rule.transactionId])).toEqual([]);
  await run(remove, { input: { id: categoryId } });
});

describe('the forecast', () => {
  const forecast = async (variables: { accountId?: string; days?: number }): Promise<any> =>
    (
      await run(
        `query ($accountId: ID, $days: Int) { balanceForecast(accountId: $accountId, days: $days) {
          account { id } points { date balance } } }`,
        variables,
      )
    ).balanceForecast;
  const on = ({ points }: any, date: string): number => points.find((point: any) => point.date === date)?.balance;

  test('knows the rules, and counts what is dated later on its day and not before', async () => {
    const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' });
    await change('skipOccurrence', { id: rule.id, date: '2026-04-01' });
    await run(
      'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
      {
        input: { accountId: rule.accountId, amount: 50, description: 'Prime', transactionDate: '2026-02-10' },
      },
    );
    const found = await forecast({ accountId: rule.accountId });
    expect(found.account.id).toBe(rule.accountId);
    expect(found.points).toHaveLength(91);
    expect(found.points[0]).toEqual({ date: '2026-02-03', balance: 990 });
    const days = ['2026-02-09', '2026-02-10', '2026-02-28', '2026-03-01', '2026-04-30', '2026-05-01'];
    expect(days.map((day) => on(found, day))).toEqual([990, 1040, 1040, 1030, 1030, 1020]);
    expect(found.points.at(-1).date).toBe('2026-05-04');
    // Of all of one's own: none for another person's.
    const all = await forecast({ days: 1 });
    expect(all).toMatchObject({ account: null, points: [{ balance: 990 }, { date: '2026-02-04', balance: 990 }] });
    await at('2026-03-01T12:00:00Z');
    expect((await forecast({ days: 1 })).points[0]).toEqual({ date: '2026-03-01', balance: 1030 });
  });

  test('what would overdraw a savings account waits', async () => {
    const accountId = await account({ typeId: '2', openingBalance: 25 });
    const rent = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' }, { accountId });
    await recurring({ frequency: 'YEARLY', startDate: '2026-04-10' }, { accountId, amount: 5 });
    await server.sql('delete from transactions where account_id = ? and recurrence_rule_id <> ?', [accountId, rent.id]);
    await server.sql(
      `update recurrence_rules set next_occurrence = '2026-04-10' where frequency = 'yearly' and
      account_id = ?`,
      [accountId],
    );
    const found = await forecast({ accountId });
    expect(['2026-03-01', '2026-04-01', '2026-04-09', '2026-04-10'].map((day) => on(found, day))).toEqual([
      5, 5, 5, 10,
    ]);
    expect(on(found, '2026-05-01')).toBe(0);
  });

  test('is bounded, and only for accounts that one sees', async () => {
    const accountId = await account();
    for (const days of [0, 367])
      await expect(forecast({ accountId, days })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    person = await someone();
    await expect(forecast({ accountId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a person has at most 200 rules that are not stopped', async () => {
  const { id } = await recurring({ frequency: 'YEARLY', startDate: '2026-02-01' });
  await server.sql(
    `insert into recurrence_rules (account_id, owner_id, amount, description, frequency, "interval", start_date,
       created_by_id) select account_id, owner_id, 1, 'x', 'daily', 1, '2026-01-01', created_by_id
       from recurrence_rules, generate_series(1, 199) where id = ?`,
    [id],
  );
  await expect(recurring({ frequency: 'YEARLY', startDate: '2026-02-01' })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'too_many',
  });
});

test('who is erased leaves no rule, also not in accounts of others', async () => {
  const owner = await someone();
  const accountId = await account({ typeId: '4', by: owner });
  await server.sql(`insert into account_shares (account_id, user_id, permission) values (?, ?, 'write')`, [
    accountId,
    person.id,
  ]);
  const rule = await recurring({ frequency: 'MONTHLY', startDate: '2026-02-01' }, { accountId });
  const exported = await run('{ personalDataExport { data } }', {});
  expect(JSON.parse(exported.personalDataExport.data).recurrenceRules).toMatchObject([
    { description: 'Loyer', frequency: 'monthly', nextOccurrence: '2026-03-01' },
  ]);
  await run(
    'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { deletedId } }',
    {
      input: { id: person.id },
    },
    await someone(['admin']),
  );
  expect(await server.sql('select 1 from recurrence_rules where id = ?', [rule.id])).toEqual([]);
  expect(await server.sql('select recurrence_rule_id from transactions where id = ?', [rule.transactionId])).toEqual([
    { recurrence_rule_id: null },
  ]);
});
