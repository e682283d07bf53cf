import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import 'reflect-metadata';
import { entitiesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { readConfig } from '../../src/config/config.js';
import { openDatabase } from '../../src/db/database.js';

export type TestDatabase = { kind: 'server'; url: string; template: string } | { kind: 'embedded'; template: string };

declare module 'vitest' {
  export interface ProvidedContext {
    database: TestDatabase;
  }
}

/**
 * Prepares one migrated database for each set of migrations; every test file starts from a copy. On PostgreSQL when
 * TEST_DATABASE_URL names one, embedded otherwise.
 */
export default async function setUp(project: TestProject): Promise<void> {
  const folder = 'src/db/migrations';
  const sources = readdirSync(folder)
    .sort()
    .map((f) => readFileSync(join(folder, f), 'utf8'));
  const hash = createHash('sha256').update(sources.join()).digest('hex').slice(0, 12);
  const url = process.env['TEST_DATABASE_URL'];
  project.provide('database', url ? await serverTemplate(url, hash) : await embeddedTemplate(hash));
}

async function serverTemplate(url: string, hash: string): Promise<TestDatabase> {
  const template = `passerelle_template_${hash}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if ((await client.query('select from pg_database where datname = $1', [template])).rowCount === 0) {
      const building = `${template}_${process.pid}`;
      await client.query(`create database ${building}`);
      await migrate({
        DATABASE_URL: Object.assign(new URL(url), { pathname: `/${building}` }).href,
        JWT_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEY: 'x'.repeat(32),
      });
      await client.query(`alter database ${building} rename to ${template}`);
    }
  } finally {
    await client.end();
  }
  return { kind: 'server', url, template };
}

async function embeddedTemplate(hash: string): Promise<TestDatabase> {
  const cache = resolve('node_modules/.cache/passerelle');
  const template = join(cache, hash);
  if (!existsSync(template)) {
    const building = `${template}.${process.pid}`;
    mkdirSync(cache, { recursive: true });
    rmSync(building, { recursive: true, force: true });
    await migrate({ DATA_DIR: building });
    renameSync(building, template);
  }
  return { kind: 'embedded', template };
}

async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const database = await openDatabase(readConfig(env), pino({ level: 'silent' }), {
    entities: entitiesOf(modules),
    fsync: false,
  });
  await database.close();
}
