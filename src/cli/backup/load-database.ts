import type { Migration } from '@mikro-orm/migrations';
import type { Orm } from '../../db/database.js';
import { migrations } from '../../db/migrations/index.js';
import { compileSql } from '../../db/sql.js';
import { schemaStatements } from '../../modules/plugins/storage/migrate-plugin.js';
import type { MigrationStep } from '../../plugin-host/contribution.js';
import { CliError, refused } from '../exit-codes.js';
import { sumOf, tablesOf } from './dump-database.js';
import type { Manifest } from './manifest.js';
import { quoted, quotedTable, type Session } from './session.js';

const migrationsTable = 'public.mikro_orm_migrations';

/** Names of tables that stand in the way of a restore. The queue's own, and an empty list of migrations, do not. */
export async function tablesInTheWay(session: Session): Promise<string[]> {
  const names = (await tablesOf(session)).map(({ name }) => name);
  const rowsIn = async (table: string): Promise<boolean> =>
    (await session.all(`select 1 from ${quotedTable(table)} limit 1`)).length > 0;
  const others = names.filter((name) => name !== migrationsTable);
  if (names.includes(migrationsTable) && (await rowsIn(migrationsTable))) others.push(migrationsTable);
  const [queue] = await session.all<{ exists: boolean }>(`select to_regclass('pgboss.job') is not null as exists`);
  if (queue?.exists && (await rowsIn('pgboss.job'))) others.push('pgboss.job');
  return others;
}

/** Throws when the backup is of a program that this one does not know yet. */
export function refuseNewer(manifest: Manifest): void {
  const known = new Set<string>(migrations.map(({ name }) => name));
  const unknown = manifest.migrations.filter(({ name }) => !known.has(name));
  if (unknown.length > 0)
    throw refused(
      `The backup is of version ${manifest.version}, which is newer than this program: it does not know ` +
        `${unknown.map(({ name }) => name).join(', ')}. Restore with that version or a newer one.`,
    );
}

/**
 * Makes the tables as they were when the backup was taken, empty and without what would act on rows: the triggers, and
 * the references between tables, which the end of the load makes again. All within the session's transaction.
 */
export async function prepareTables(session: Session, orm: Orm, manifest: Manifest): Promise<() => Promise<void>> {
  await session.run(`drop table if exists ${quotedTable(migrationsTable)}`);
  await session.run(`create table ${quotedTable(migrationsTable)} (
    id serial primary key, name varchar(255), executed_at timestamptz default current_timestamp)`);
  await runMigrations(session, orm, new Set(manifest.migrations.map(({ name }) => name)));
  const [months] = await session.all<{ exists: boolean }>(
    `select to_regprocedure('add_event_month(date)') is not null as exists`,
  );
  if (months?.exists)
    for (const month of manifest.eventMonths) await session.all('select add_event_month($1::date)', [month]);

  for (const { name, migrations: ran } of manifest.pluginSchemas)
    for (const statement of schemaStatements(name, ran as MigrationStep[][]))
      await session.run(compileSql(statement, noColumn).text);

  const tables = (await tablesOf(session)).map(({ name }) => quotedTable(name));
  const references = await session.all<{ table: string; name: string; definition: string }>(`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace`);
  await session.run(`truncate ${tables.join(', ')}`);
  for (const { table, name } of references) await session.run(`alter table ${table} drop constraint ${quoted(name)}`);
  for (const table of tables) await session.run(`alter table ${table} disable trigger user`);
  return async () => {
    await session.run('set constraints all immediate');
    for (const { table, name, definition } of references)
      await session.run(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
    await session.run('set constraints all immediate');
    for (const table of tables) await session.run(`alter table ${table} enable trigger user`);
  };
}

/** Statements that make tables take nothing of entities. */
const noColumn = (): never => {
  throw new Error('No entity has a part in this');
};

/** Runs the migrations that are pending now, as the product's start would. */
export async function runPendingMigrations(session: Session, orm: Orm): Promise<string[]> {
  const done = await session.all<{ name: string }>(`select name from ${quotedTable(migrationsTable)}`);
  const names = new Set(done.map(({ name }) => name));
  const pending = migrations.map(({ name }) => name as string).filter((name) => !names.has(name));
  await runMigrations(session, orm, new Set(pending));
  for (const name of pending)
    await session.all(`insert into ${quotedTable(migrationsTable)} (name) values ($1) returning id`, [name]);
  return pending;
}

/** Those of these names, in the order of the list. */
async function runMigrations(session: Session, orm: Orm, names: ReadonlySet<string>): Promise<void> {
  for (const { name, class: Class } of migrations) {
    if (!names.has(name)) continue;
    const migration: Migration = new Class(orm.em.getDriver(), orm.config);
    await migration.up();
    for (const query of migration.getQueries()) await session.run(String(query));
  }
}

/** Compares what was loaded with what was there. */
export async function verifyTables(session: Session, manifest: Manifest, advance: (n: number) => void): Promise<void> {
  for (const table of manifest.tables) {
    const { rows, checksum } = await sumOf(session, table);
    if (rows !== table.rows) throw new CliError(`${table.name} has ${rows} rows, and ${table.rows} were backed up`);
    if (checksum !== table.checksum) throw new CliError(`The rows of ${table.name} are not those that were backed up`);
    advance(1);
  }
}

export async function setSequences(session: Session, manifest: Manifest): Promise<void> {
  for (const { name, last } of manifest.sequences)
    if (last !== null) await session.all('select setval($1::regclass, $2::bigint)', [quotedTable(name), last]);
}
