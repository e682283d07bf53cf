import type { Column, ContributedMigration, MigrationStep } from '../../../plugin-host/contribution.js';

/** The key that every table of a plugin has. */
export const keyColumn = 'id';
const key: Column = { type: 'bigint' };

/** The columns of each table of a plugin, the key among them. */
export type PluginTables = ReadonlyMap<string, ReadonlyMap<string, Column>>;

/** The schema that a plugin has for itself; two plugins whose ids differ by `-` and `_` alone are refused. */
export const schemaOf = (pluginId: string): string => `plugin_${pluginId.replaceAll('-', '_')}`;

/** What the migrations leave. Throws an Error for steps that do not go together, such as a column of no table. */
export function tablesOf(migrations: readonly Pick<ContributedMigration, 'name' | 'steps'>[]): PluginTables {
  const tables = new Map<string, Map<string, Column>>();
  for (const { name, steps } of migrations)
    for (const [index, step] of steps.entries()) {
      const problem = apply(tables, step);
      if (problem) throw new Error(`migration ${name}, step ${index + 1}: ${problem}`);
    }
  return tables;
}

/** Changes `tables` as the step does; returns what is wrong with it. */
function apply(tables: Map<string, Map<string, Column>>, step: MigrationStep): string | undefined {
  if ('createTable' in step) {
    if (tables.has(step.createTable)) return `there is a table ${step.createTable} already`;
    tables.set(step.createTable, new Map([[keyColumn, key], ...Object.entries(step.columns)]));
    return missing(tables.get(step.createTable), [...(step.unique ?? []), ...(step.indexes ?? [])].flat());
  }
  if ('dropTable' in step) return tables.delete(step.dropTable) ? undefined : `there is no table ${step.dropTable}`;
  const table = tables.get(step.table);
  if (!table) return `there is no table ${step.table}`;
  if ('addColumn' in step) {
    if (table.has(step.addColumn)) return `${step.table} has a column ${step.addColumn} already`;
    const { nullable = false, default: initial } = step.column;
    if (!nullable && initial === undefined) return `${step.addColumn} needs a default, or may be null`;
    table.set(step.addColumn, step.column);
    return undefined;
  }
  if ('dropColumn' in step)
    return step.dropColumn !== keyColumn && table.delete(step.dropColumn)
      ? undefined
      : `${step.table} has no column ${step.dropColumn}`;
  return missing(table, step.createIndex);
}

function missing(table: ReadonlyMap<string, Column> | undefined, columns: readonly string[]): string | undefined {
  const unknown = columns.find((column) => !table?.has(column));
  return unknown === undefined ? undefined : `there is no column ${unknown}`;
}
