import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';

interface Column {
  name: string;
  /** As PostgreSQL spells it. */
  type: string;
  isNullable: boolean;
}

/**
 * Where the entities and the migrated database disagree, a line each: a column that an entity has and its table (or
 * view) lacks, or that has another type or another nullability there. What only the database has (defaults, checks,
 * indexes, generated columns, whole tables) is the migrations' own affair and never reported. Reads only, apart from
 * temporary tables.
 */
export async function findDrift(
  em: SqlEntityManager,
  entities: Iterable<Declared> = em.getMetadata().getAll().values(),
): Promise<string[]> {
  const problems: string[] = [];
  await em.fork().transactional(async (tx) => {
    for (const entity of entities)
      if (entity.tableName && !entity.abstract && !entity.embeddable)
        problems.push(...(await driftOfEntity(tx, entity)));
  });
  return problems;
}

/** What is looked at of an entity. */
export type Declared = Pick<EntityMetadata, 'tableName' | 'abstract' | 'embeddable' | 'props'>;

async function driftOfEntity(em: SqlEntityManager, { tableName: table, props }: Declared): Promise<string[]> {
  const actual = new Map((await columnsOf(em, `public.${quoted(table)}`)).map((column) => [column.name, column]));
  if (actual.size === 0) return [`${table}: there is no such table or view`];
  // A column of a view is never declared "not null".
  const [relation] = await run<{ kind: string }>(em, 'select relkind as kind from pg_class where oid = ?::regclass', [
    `public.${quoted(table)}`,
  ]);
  const hasNullability = relation?.kind !== 'v' && relation?.kind !== 'm';
  return (await declaredColumns(em, props)).flatMap(({ name, type, isNullable }) => {
    const found = actual.get(name);
    if (!found) return `${table}.${name}: in the entity (${type}), not in the database: write a migration`;
    if (found.type !== type) return `${table}.${name}: ${type} in the entity, ${found.type} in the database`;
    const [declared, migrated] = [isNullable, found.isNullable].map(nullability);
    if (hasNullability && declared !== migrated)
      return `${table}.${name}: ${declared} in the entity, ${migrated} in the database`;
    return [];
  });
}

const nullability = (isNullable: boolean): string => (isNullable ? 'nullable' : 'not nullable');

/** Relations to many, and the far side of those to one, stand in the other table. */
const hasColumns = ({ persist, formula, fieldNames, kind, mappedBy }: EntityProperty): boolean =>
  persist !== false && !formula && Boolean(fieldNames) && kind !== '1:m' && kind !== 'm:n' && !mappedBy;

/** The entity's columns; a temporary table of them has PostgreSQL spell their types. */
async function declaredColumns(em: SqlEntityManager, props: readonly EntityProperty[]): Promise<Column[]> {
  const declared = props
    .filter(hasColumns)
    .flatMap(({ fieldNames, columnTypes, nullable, primary }) =>
      fieldNames.map((name, i) => ({ name, type: columnTypes[i] ?? '', isNullable: Boolean(nullable) && !primary })),
    );
  const columns = [...new Map(declared.map((column) => [column.name, column])).values()];
  const definitions = columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
  await run(em, `create temporary table drift (${definitions}) on commit drop`);
  const spelled = new Map((await columnsOf(em, 'pg_temp.drift')).map(({ name, type }) => [name, type]));
  await run(em, 'drop table pg_temp.drift');
  return columns.map((column) => ({ ...column, type: spelled.get(column.name) ?? column.type }));
}

const columnsOf = (em: SqlEntityManager, relation: string): Promise<Column[]> =>
  run<Column>(
    em,
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as "isNullable"
       from pg_attribute where attrelid = to_regclass(?) and attnum > 0 and not attisdropped order by attnum`,
    [relation],
  );

const run = <R extends object>(em: SqlEntityManager, sql: string, parameters: unknown[] = []): Promise<R[]> =>
  em.getDriver().execute<R[]>(sql, parameters, 'all', em.getTransactionContext());

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
