/** A server of our own on a database that is made for it and dropped again, for what is measured alone over HTTP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startApp } from '../src/app/start.js';
import { readConfig } from '../src/config/config.js';

const server = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
export const log = (text) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const admin = async (statement) => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
};

export const rounds = Number(process.env.BENCH_ROUNDS ?? 40);

/** How long `ask` takes in milliseconds, `rounds` times one after the other, after 5 to warm up. */
export async function timesOf(ask) {
  for (let i = 0; i < Math.min(5, rounds); i += 1) await ask();
  const times = [];
  for (let i = 0; i < rounds; i += 1) {
    const startedMs = performance.now();
    await ask();
    times.push(performance.now() - startedMs);
  }
  return summaryOf(times);
}

export function summaryOf(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), best: sorted[0] };
}

/** Writes a page of bench/results. */
export function writeResults(name, page) {
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
  writeFileSync(new URL(`./results/${name}`, import.meta.url), page);
}

const isThere = async (name) => {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rowCount } = await client
    .query('select from pg_database where datname = $1', [name])
    .finally(() => client.end());
  return rowCount > 0;
};

/**
 * Calls `measure` with the server, the URL of its database, a connection to that, and what signs somebody in.
 * `settings` go to the server, `options` to the connection, `prepare` to `startApp`. `kept`: the name of a database that
 * stays, and may be there already: `isFilled`. Ends the process, with 1 when it failed.
 */
export async function withOwnServer({ settings = {}, options = '', prepare, kept } = {}, measure) {
  const name = kept ?? `passerelle_bench_${process.pid}`;
  const isFilled = await isThere(name);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-bench-'));
  if (!isFilled) await admin(`create database ${name}`);
  try {
    const app = await startApp({
      config: readConfig({
        DATABASE_URL: url,
        DATA_DIR: folder,
        PORT: '0',
        DEMO: '0',
        RATE_LIMITS: 'off',
        JWT_SECRET: 'bench-secret-'.repeat(4),
        ENCRYPTION_KEY: 'bench-key-'.repeat(4),
        ...settings,
      }),
      log: pino({ level: 'silent' }),
      ...(prepare && { prepare }),
    });
    const client = new pg.Client({
      connectionString: url,
      options: `-c TimeZone=UTC -c jit=off -c max_parallel_workers_per_gather=0 ${options}`,
    });
    client.on('error', () => undefined);
    await client.connect();
    const tokenOf = async (id) => {
      const [session] = (
        await client.query(
          `insert into sessions (user_id, kind, expires_at) values ($1, 'token', now() + interval '1 day') returning id`,
          [id],
        )
      ).rows;
      return app.services.accessTokens.sign(id, session.id, new Date());
    };
    await measure({ app, url, client, tokenOf, isFilled });
    await client.end();
    await app.stop();
  } catch (error) {
    log(error.stack ?? String(error));
    process.exitCode = 1;
  } finally {
    if (!kept) await admin(`drop database ${name} with (force)`);
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}
