/** The databases of the bench: made once for a size, kept until another is asked for. */
import { mkdirSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { start } from './contenders.mjs';
import { fillFirm, fillOver, people } from './firm.mjs';
import { fillMoney } from './money.mjs';

const version = 3;

/** Ten transactions for each document of a firm that has money, a tenth of them of the one who asks. */
const moneyOf = ({ documents }, log) => ({ people, transactions: 10 * documents, owned: documents, log });

async function asked(url, ask) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return Promise.resolve(ask(client)).finally(() => client.end());
}

/**
 * A database with a firm of this size; what it is filled with is known by a table of its own.
 *
 * @param server URL of a server on which a superuser may make databases
 * @param firm options of `fillFirm`; `hasMoney`: with transactions
 * @param isFresh true: made anew whatever is there
 * @returns its URL
 */
export async function benchDatabase(server, { name, dataDir, firm, isFresh = false, log }) {
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const wanted = JSON.stringify({ version, ...firm });
  const exists = await asked(
    server,
    async (client) => (await client.query('select from pg_database where datname = $1', [name])).rowCount === 1,
  );
  if (exists && !isFresh) {
    const [row] = await asked(url, (client) =>
      client.query('select filled_with from bench.firm').then(
        ({ rows }) => rows,
        () => [],
      ),
    );
    if (row?.filled_with === wanted) {
      log(`database ${name} is there already`);
      return url;
    }
  }
  log(`making database ${name}`);
  await asked(server, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
    // For the peers' sessions the settings that ours asks for itself.
    for (const setting of ['jit = off', 'max_parallel_workers_per_gather = 0', `timezone = 'UTC'`])
      await client.query(`alter database ${name} set ${setting}`);
  });
  await (await start('ours', { databaseUrl: url, dataDir })).stop();
  await fillFirm(url, { ...firm, log });
  if (firm.hasMoney) await asked(url, (client) => fillMoney(client, moneyOf(firm, log)));
  await asked(url, async (client) => {
    await client.query(readFileSync(new URL('peers/postgraphile.sql', import.meta.url), 'utf8'));
    await client.query('create table bench.firm as select $1::text as filled_with', [wanted]);
  });
  return url;
}

/** The embedded database, filled before our server opens it. Answers what `read` finds in it. */
export async function embeddedDatabase({ dataDir, firm, log, read }) {
  const { entitiesOf } = await import('../dist/app/compose.js');
  const { modules } = await import('../dist/app/modules.js');
  const { openDatabase } = await import('../dist/db/database.js');
  const { readConfig } = await import('../dist/config/config.js');
  const { pino } = await import('pino');
  mkdirSync(join(dataDir, 'files'), { recursive: true });
  const config = readConfig({ DATA_DIR: dataDir });
  const database = await openDatabase(config, pino({ level: 'silent' }), {
    entities: entitiesOf(modules),
    fsync: false,
  });
  await fillOver([database.embedded], { ...firm, log });
  await fillMoney(database.embedded, moneyOf(firm, log));
  await database.embedded.query('set session_replication_role = origin');
  const found = await read(database.embedded);
  await database.close();
  return found;
}
