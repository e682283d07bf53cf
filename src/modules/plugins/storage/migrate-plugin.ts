import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../../db/sql-client.js';
import { joined, json, raw, type Sql, sql } from '../../../db/sql.js';
import type { Column, ContributedMigration, MigrationStep } from '../../../plugin-host/contribution.js';
import { quoted, textOf, typeOf } from './column-values.js';
import { keyColumn, schemaOf, tablesOf } from './plugin-tables.js';

/** Migrations of a plugin that cannot run. The message is for administrators. */
export class MigrationProblem extends Error {
  override readonly name = 'MigrationProblem';
}

interface RanMigration {
  name: string;
  steps: unknown;
}

/**
 * A step: brings the schema of a plugin up to date. Each migration runs once, in order; those that ran are as they
 * were. Throws MigrationProblem, and nothing is left of what it did: it runs within a savepoint.
 */
export async function migratePlugin(
  tx: Transaction,
  pluginId: string,
  migrations: readonly ContributedMigration[],
  now: Date,
): Promise<void> {
  const schema = schemaOf(pluginId);
  const ran = await tx.all<RanMigration>(
    sql`select name, steps from plugin_migrations where schema_name = ${schema} order by position`,
  );
  if (!migrations.length && !ran.length) return;
  requireSame(ran, migrations);
  try {
    tablesOf(migrations);
    await tx.savepoint(async () => {
      await tx.run(sql`create schema if not exists ${quoted(schema)}`);
      for (const [position, { name, steps }] of migrations.entries()) {
        if (position < ran.length) continue;
        for (const step of steps) for (const statement of statementsOf(schema, step)) await tx.run(statement);
        await tx.run(sql`
          insert into plugin_migrations (schema_name, name, position, steps, ran_at)
          values (${schema}, ${name}, ${position}, ${json(steps)}, ${now})`);
      }
    });
  } catch (error) {
    throw new MigrationProblem(`the migrations do not run: ${(error as Error).message.slice(0, 500)}`);
  }
}

function requireSame(ran: readonly RanMigration[], migrations: readonly ContributedMigration[]): void {
  for (const [position, { name, steps }] of ran.entries()) {
    const wanted = migrations[position];
    // An older version of the plugin knows fewer; its tables have what it knows.
    if (!wanted) return;
    if (wanted.name !== name)
      throw new MigrationProblem(`migration ${name} ran here, and ${wanted.name} stands in its place`);
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(wanted.steps)), steps))
      throw new MigrationProblem(`migration ${name} ran already, and was changed since`);
  }
}

/** A step: removes all tables of a plugin, for good. */
export async function dropPluginSchema(tx: Transaction, pluginId: string): Promise<void> {
  const schema = schemaOf(pluginId);
  await tx.run(sql`drop schema if exists ${quoted(schema)} cascade`);
  await tx.run(sql`delete from plugin_migrations where schema_name = ${schema}`);
}

/** What makes the tables of a schema anew, empty, from the steps of the migrations that ran: as a restore does. */
export function schemaStatements(schema: string, migrations: readonly (readonly MigrationStep[])[]): Sql[] {
  const steps = migrations.flatMap((ran) => ran.flatMap((step) => statementsOf(schema, step)));
  return [sql`create schema if not exists ${quoted(schema)}`, ...steps];
}

function statementsOf(schema: string, step: MigrationStep): Sql[] {
  const nameOf = (table: string): Sql => sql`${quoted(schema)}.${quoted(table)}`;
  if ('createTable' in step) {
    const table = nameOf(step.createTable);
    const columns = Object.entries(step.columns).map(([name, column]) => definition(name, column));
    const uniques = (step.unique ?? []).map((names) => sql`unique (${joined(names.map(quoted))})`);
    const key = sql`${quoted(keyColumn)} bigint generated always as identity primary key`;
    return [
      sql`create table ${table} (${joined([key, ...columns, ...uniques])})`,
      ...(step.indexes ?? []).map((names) => sql`create index on ${table} (${joined(names.map(quoted))})`),
    ];
  }
  if ('dropTable' in step) return [sql`drop table ${nameOf(step.dropTable)} cascade`];
  const table = nameOf(step.table);
  if ('addColumn' in step) return [sql`alter table ${table} add column ${definition(step.addColumn, step.column)}`];
  if ('dropColumn' in step) return [sql`alter table ${table} drop column ${quoted(step.dropColumn)}`];
  const unique = raw(step.unique ? 'unique' : '');
  return [sql`create ${unique} index on ${table} (${joined(step.createIndex.map(quoted))})`];
}

function definition(name: string, column: Column): Sql {
  const { nullable = false, default: initial } = column;
  // A definition takes no parameters: the value is checked for its type, and quoted as PostgreSQL reads a literal.
  const value = initial === undefined ? raw('') : raw(` default ${literal(textOf(name, column, initial))}`);
  return sql`${quoted(name)} ${raw(typeOf(column))}${value}${raw(nullable ? '' : ' not null')}`;
}

/** Without backslashes' meaning: `standard_conforming_strings` is on, as it is everywhere since PostgreSQL 9.1. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
