import type { EntityClass, RequiredEntityData } from '@mikro-orm/core';

/**
 * SQL for commands, as a tagged template: every `${value}` becomes a parameter of the statement, so that a value can
 * never be read as SQL, and a parameter stands where it is used.
 *
 *   sql`update tags set ${set(Tag, { name, color })} where id = ${id}`
 *
 * A value may be a scalar, a Date, an array of scalars (PostgreSQL's array literal: cast it, `any(${ids}::int[])`),
 * `json(…)`, another `sql` or a fragment below. Statements with equal texts are prepared once a connection.
 */
export class Sql {
  constructor(
    readonly strings: readonly string[],
    readonly parts: readonly SqlPart[],
  ) {}
}

type Scalar = string | number | boolean | Date;
export type SqlValue = Scalar | null | readonly (Scalar | null)[];
export type SqlPart = SqlValue | Sql | Json | Bound | EntityColumns;

/** A parameter's value as it leaves: PostgreSQL's own text. */
export type ParameterValue = string | null;

/** Adds a parameter and returns its placeholder. */
export type BindParameter = (value: unknown) => string;

/** Text that binds its own parameters, such as a row policy. */
export class Bound {
  constructor(readonly write: (bind: BindParameter) => string) {}
}

/** A value that is stored as JSON. */
export class Json {
  constructor(readonly value: unknown) {}
}

/** Columns of an entity with the values that are given to them. */
export class EntityColumns {
  constructor(
    readonly entity: EntityClass<object>,
    readonly form: 'set' | 'values',
    readonly rows: readonly Readonly<Record<string, unknown>>[],
  ) {}
}

export const sql = (strings: TemplateStringsArray, ...parts: SqlPart[]): Sql => new Sql(strings, parts);

/** Text of the code's own, such as a table's name from a closed list. Never text that came from outside. */
export const raw = (text: string): Sql => new Sql([text], []);

export const json = (value: unknown): Json => new Json(value);

/** A whole statement that a library wrote, with its own `$1`, `$2`, … */
export class WrittenStatement extends Sql {
  constructor(
    readonly text: string,
    readonly values: readonly unknown[],
  ) {
    super([text], []);
  }
}

/** The fragments with a separator between them; nothing for an empty list. */
export function joined(fragments: readonly (Sql | Bound)[], separator = ', '): Sql {
  if (fragments.length === 0) return raw('');
  return new Sql(['', ...Array.from({ length: fragments.length - 1 }, () => separator), ''], fragments);
}

/** A condition on rows, such as a read model's `visibleTo(viewer)`, over the rows called `alias`. */
export const holds = (predicate: (alias: string, bind: BindParameter) => string, alias: string): Bound =>
  new Bound((bind) => `(${predicate(alias, bind)})`);

type Unref<T> = NonNullable<T> extends { unwrap: unknown } ? number | string | Extract<T, null | undefined> : T;
type Given<T> = NonNullable<T> extends Date ? Date | string | Extract<T, null | undefined> : Unref<T>;

/** Changes to a row by the entity's properties; a relation is given by its id. What is undefined stays as it is. */
export type RowChanges<E> = { readonly [K in keyof E]?: Given<E[K]> | Sql | undefined };

/** A new row by the entity's properties: all that have neither a default nor may be null are required. */
export type NewRow<E> = {
  readonly [K in keyof RequiredEntityData<E> as K extends keyof E ? K : never]: K extends keyof E
    ? Given<E[K]> | Sql
    : never;
};

/** `a = $1, b = $2`: for `update … set`. A jsonb property is given as it is. */
export const set = <E extends object>(entity: EntityClass<E>, changes: RowChanges<E>): EntityColumns =>
  new EntityColumns(entity, 'set', [changes]);

/** `(a, b) values ($1, $2), …`: for `insert into …`. All rows give the same properties. */
export const values = <E extends object>(
  entity: EntityClass<E>,
  ...rows: readonly [NewRow<E>, ...NewRow<E>[]]
): EntityColumns => new EntityColumns(entity, 'values', rows);

/** The column of an entity's property, and whether it holds JSON. Throws for a property that is no column. */
export type ColumnOf = (entity: EntityClass<object>, property: string) => { name: string; isJson: boolean };

export interface CompiledSql {
  text: string;
  values: ParameterValue[];
}

/** The statement's text with `$1`, `$2`, … and their values. Throws for a part that is undefined. */
export function compileSql(statement: Sql, columnOf: ColumnOf): CompiledSql {
  if (statement instanceof WrittenStatement) {
    return { text: statement.text, values: statement.values.map(libraryValue) };
  }
  const parameters: ParameterValue[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(parameterOf(value))}`;
  return { text: textOf(statement, bind, columnOf), values: parameters };
}

function textOf({ strings, parts }: Sql, bind: BindParameter, columnOf: ColumnOf): string {
  let text = strings[0] ?? '';
  for (let i = 0; i < parts.length; i += 1) text += textOfPart(parts[i], bind, columnOf) + (strings[i + 1] ?? '');
  return text;
}

function textOfPart(part: SqlPart | undefined, bind: BindParameter, columnOf: ColumnOf): string {
  if (part instanceof Sql) return textOf(part, bind, columnOf);
  if (part instanceof Bound) return part.write(bind);
  if (part instanceof EntityColumns) return textOfColumns(part, bind, columnOf);
  if (part === undefined) throw new TypeError('A value of a statement is undefined: say null, or leave it out');
  return bind(part);
}

function textOfColumns({ entity, form, rows }: EntityColumns, bind: BindParameter, columnOf: ColumnOf): string {
  const [first = {}] = rows;
  const properties = Object.keys(first).filter((name) => first[name] !== undefined);
  const columns = properties.map((name) => columnOf(entity, name));
  const valueOf = (row: Readonly<Record<string, unknown>>, index: number): string => {
    const value = row[properties[index] as string];
    const isJson = columns[index]?.isJson && value !== null && !(value instanceof Sql);
    return textOfPart(isJson ? new Json(value) : (value as SqlPart), bind, columnOf);
  };
  if (form === 'set') {
    if (columns.length === 0) throw new TypeError(`${entity.name}: nothing is set`);
    return columns.map(({ name }, index) => `${name} = ${valueOf(first, index)}`).join(', ');
  }
  const lines = rows.map((row) => `(${columns.map((_column, index) => valueOf(row, index)).join(', ')})`);
  return `(${columns.map(({ name }) => name).join(', ')}) values ${lines.join(', ')}`;
}

function parameterOf(value: unknown): ParameterValue {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Json) return JSON.stringify(value.value);
  if (Array.isArray(value)) return `{${value.map(elementOf).join(',')}}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`A value of a statement is neither a scalar nor a fragment: ${typeof value}`);
}

/** Libraries hand over what `pg` takes: objects are JSON to it, and undefined is null. */
function libraryValue(value: unknown): ParameterValue {
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value);
  return parameterOf(isObject ? new Json(value) : (value ?? null));
}

/** In PostgreSQL's array literal; quoted, so that no text is read as the literal's syntax. */
function elementOf(value: unknown): string {
  const text = parameterOf(value);
  return text === null ? 'NULL' : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
