/**
 * The statistics of a person with 100,000 transactions among 1,000,000, asked over HTTP as consumers ask: `npm run bench:statistics`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and drops
 * it again. Checks each figure against a plain statement first. Writes bench/results/statistics.md.
 */
import { cpus, loadavg } from 'node:os';
import { idOfPerson } from './firm.mjs';
import { fillMoney } from './money.mjs';
import { log, rounds, timesOf, withOwnServer, writeResults } from './own-server.mjs';

const transactions = Number(process.env.BENCH_TRANSACTIONS ?? 1_000_000);
const owned = transactions / 10;
const people = 10;
const goalMs = 100;

await withOwnServer({ settings: { TIME_ZONE: 'UTC' } }, async ({ app, client, tokenOf }) => {
  await client.query(
    `insert into users (id, username, email) select ${idOfPerson(0)} + n, 'person' || n, n || '@example.org' from generate_series(1, ${people}) n`,
  );
  await client.query(
    `insert into role_assignments (user_id, role_id) select u.id, r.id from users u, roles r where u.username like 'person%' and r.name = 'user'`,
  );
  await fillMoney(client, { people, transactions, owned, log });
  const tokens = [undefined, await tokenOf(idOfPerson(1)), await tokenOf(idOfPerson(2))];
  const ask = async (person, path) => {
    const response = await fetch(`${app.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${tokens[person]}` },
    });
    const json = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(json)}`);
    return json;
  };
  const valueOf = async (statement) => Number(Object.values((await client.query(statement)).rows[0])[0]);

  const spent = (person, condition) =>
    valueOf(`select coalesce(sum(p.amount), 0) from transactions t left join lateral (
        select amount from transaction_splits s where s.transaction_id = t.id union all select t.amount where not t.is_split) p on true
      where t.owner_id = ${idOfPerson(person)} and t.transfer_id is null and p.amount < 0 and ${condition}`);
  const balance = (person, condition = 'true') =>
    valueOf(`select sum(opening_balance) + (select sum(amount) from transactions t where owner_id = ${idOfPerson(person)} and ${condition})
      from bank_accounts where owner_id = ${idOfPerson(person)}`);
  const today = new Date().toISOString().slice(0, 10);
  const [year, ago] = [
    `${today.slice(0, 4)}-01-01`,
    new Date(Date.now() - 2200 * 86_400_000).toISOString().slice(0, 10),
  ];
  const all = `start_date=${ago}&end_date=${today}`;
  const cases = [
    [
      'overview of the month',
      1,
      '/stats/overview',
      (json) => json.current_period.total_expenses,
      () => spent(1, `t.transaction_date >= date_trunc('month', current_date)`),
    ],
    [
      'overview of the year',
      1,
      '/stats/overview?period=year',
      (json) => json.current_period.total_expenses,
      () => spent(1, `t.transaction_date >= '${year}'`),
    ],
    [
      `overview of a year with ${owned.toLocaleString('en')} transactions`,
      2,
      '/stats/overview?period=year',
      (json) => json.current_period.total_expenses,
      () => spent(2, `t.transaction_date >= '${year}'`),
    ],
    [
      'expenses of the month',
      1,
      '/stats/expenses-by-category',
      (json) => json.total_expenses,
      () => spent(1, `t.transaction_date >= date_trunc('month', current_date)`),
    ],
    [
      `expenses of six years: ${owned.toLocaleString('en')} transactions`,
      1,
      `/stats/expenses-by-category?${all}`,
      (json) => json.total_expenses,
      () => spent(1, 'true'),
    ],
    [
      'expenses of six years, one account',
      1,
      `/stats/expenses-by-category?${all}&account_id=1`,
      (json) => json.total_expenses,
      () => spent(1, 't.account_id = 1'),
    ],
    [
      'balance by day, a month',
      1,
      `/stats/balance-evolution?start_date=${today.slice(0, 8)}01&end_date=${today}`,
      (json) => json.data[0].balance,
      () => balance(1, `transaction_date <= '${today.slice(0, 8)}01'`),
    ],
    [
      'balance by day, six years',
      1,
      `/stats/balance-evolution?${all}`,
      (json) => json.data.at(-1).balance,
      () => balance(1),
    ],
    [
      'balance by week, six years',
      1,
      `/stats/balance-evolution?${all}&granularity=week`,
      (json) => json.data.at(-1).balance,
      () => balance(1),
    ],
    [
      'balance by month, six years',
      1,
      `/stats/balance-evolution?${all}&granularity=month`,
      (json) => json.data.at(-1).balance,
      () => balance(1),
    ],
    [
      'balance by day, six years, one account',
      1,
      `/stats/balance-evolution?${all}&account_id=1`,
      (json) => json.account_id,
      () => 1,
    ],
    [
      'list of transactions, newest first',
      1,
      '/transactions',
      (json) => json.count,
      () => valueOf(`select count(*) from transactions where owner_id = ${idOfPerson(1)}`),
    ],
    [
      'list of a category in a month',
      1,
      `/transactions?category_id=3&start_date=${today.slice(0, 8)}01`,
      (json) => json.results.length > 0,
      () => true,
    ],
  ];
  const lines = [];
  for (const [title, person, path, figure, expected] of cases) {
    const found = figure(await ask(person, path));
    const wanted = await expected();
    if (found !== wanted) throw new Error(`${title}: ${found} instead of ${wanted}`);
    const { median, p95, best } = await timesOf(() => ask(person, path));
    const isStatistic = path.startsWith('/stats');
    const verdict = isStatistic ? (median < goalMs ? 'reached' : '**missed**') : '–';
    const line = `| ${title} | \`${path}\` | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${best.toFixed(1)} | ${verdict} |`;
    lines.push(line);
    log(line);
  }
  const version = (await client.query('show server_version')).rows[0].server_version.split(' ')[0];
  const { heap, covering } = (
    await client.query(
      `select pg_size_pretty(pg_relation_size('transactions')) as heap, pg_size_pretty(pg_relation_size('transactions_account_date_idx')) as covering`,
    )
  ).rows[0];
  const page = `# Statistics of 100,000 transactions among 1,000,000

\`npm run bench:statistics\`: ${transactions.toLocaleString('en')} transactions (and ${(transactions / 50).toLocaleString('en')} legs of transfers) of ${people} people over six years,
${owned.toLocaleString('en')} of them of the one who asks, one of thirty split; PostgreSQL ${version}, Node ${process.versions.node}, ${cpus().length} cores for database, server and client
together. Over HTTP, ${rounds} requests each, one after the other, after 5 to warm up; each figure was compared with a plain statement first.
Load average of the machine at the end: ${loadavg()
    .map((l) => l.toFixed(1))
    .join(', ')}. The table has ${heap}, the index that the figures are read from ${covering}.

| figure | request | median ms | p95 ms | best ms | below ${goalMs} ms |
| --- | --- | ---: | ---: | ---: | --- |
${lines.join('\n')}
`;
  writeResults('statistics.md', page);
});
