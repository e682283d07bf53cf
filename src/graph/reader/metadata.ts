import { type EntityMetadata, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/core';
import type { ReadModel } from '../../kernel/read-model.js';
import { isoSecondsOf, wordsOfArray } from '../../lib/postgres-text.js';
import type { Cell } from './sql.js';

export interface ScalarColumn {
  kind: 'scalar';
  property: string;
  column: string;
  /** As PostgreSQL names it, in lower case: `timestamptz(0)`. */
  sqlType: string;
  /** Whether it may hold a text of megabytes, which is read only where it is asked for (`lazy`). */
  isLong: boolean;
  /** From PostgreSQL's text to what the graph's scalar takes. */
  decode: (cell: Cell) => unknown;
}

export interface ToOne {
  kind: 'to-one';
  target: string;
  /** The columns that are equal: of this entity's table and of the target's. */
  own: string;
  other: string;
}

export interface ToMany {
  kind: 'to-many';
  target: string;
  /** Foreign key in the target's table, or the table between with its two columns. */
  via: { column: string } | { table: string; from: string; to: string };
  /** SQL order of the plain list, over the target's alias. */
  order: (alias: string) => string;
}

export type Property = ScalarColumn | ToOne | ToMany;

/** An entity as the reader sees it: MikroORM's metadata and the read model, joined. */
export interface EntityShape {
  name: string;
  table: string;
  /** SQL type of the primary key, which is always the column `id`. */
  keyType: string;
  properties: ReadonlyMap<string, Property>;
  model: ReadModel;
}

export type EntityShapes = ReadonlyMap<string, EntityShape>;

/** Throws when a model's entity is unknown or has a key that the reader cannot page by. */
export function entityShapes(orm: MikroORM, models: readonly ReadModel[]): EntityShapes {
  const shapes = new Map<string, EntityShape>();
  for (const model of models) {
    const meta = orm.getMetadata().get(model.entity.name as never) as EntityMetadata;
    const key = meta.getPrimaryProp();
    if (key?.fieldNames[0] !== 'id') throw new Error(`${model.entity.name}: the reader needs a primary key called id`);
    const properties = new Map<string, Property>();
    for (const prop of meta.props) {
      const known = propertyOf(prop);
      if (known) properties.set(prop.name, known);
    }
    shapes.set(meta.className, {
      name: meta.className,
      table: meta.tableName,
      keyType: key.columnTypes[0] ?? 'int',
      properties,
      model,
    });
  }
  return shapes;
}

function propertyOf(prop: EntityProperty): Property | undefined {
  const columnName = prop.fieldNames?.[0];
  const target = prop.targetMeta;
  switch (prop.kind) {
    case ReferenceKind.SCALAR:
      return columnName ? scalarOf(prop, columnName) : undefined;
    case ReferenceKind.MANY_TO_ONE:
    case ReferenceKind.ONE_TO_ONE: {
      // The other side of a one-to-one keeps the key; it is unique there, so that the join adds no rows.
      const kept = prop.mappedBy
        ? (target?.properties[prop.mappedBy as never] as EntityProperty | undefined)?.fieldNames[0]
        : undefined;
      if (target && kept) return { kind: 'to-one', target: target.className, own: 'id', other: kept };
      return columnName && target
        ? { kind: 'to-one', target: target.className, own: columnName, other: 'id' }
        : undefined;
    }
    case ReferenceKind.ONE_TO_MANY: {
      const inverse = target?.properties[prop.mappedBy as never] as EntityProperty | undefined;
      const foreignKey = inverse?.fieldNames[0];
      return target && foreignKey
        ? { kind: 'to-many', target: target.className, via: { column: foreignKey }, order: orderOf(prop) }
        : undefined;
    }
    case ReferenceKind.MANY_TO_MANY: {
      const owner = prop.owner ? prop : (target?.properties[prop.mappedBy as never] as EntityProperty | undefined);
      const [own, other] = [owner?.joinColumns[0], owner?.inverseJoinColumns[0]];
      if (!target || !owner?.pivotTable || !own || !other) return undefined;
      const via = prop.owner
        ? { table: owner.pivotTable, from: own, to: other }
        : { table: owner.pivotTable, from: other, to: own };
      return { kind: 'to-many', target: target.className, via, order: orderOf(prop) };
    }
    default:
      return undefined;
  }
}

function scalarOf(prop: EntityProperty, column: string): ScalarColumn {
  const sqlType = (prop.columnTypes?.[0] ?? String(prop.type)).toLowerCase();
  const isLong = prop.lazy === true && sqlType === 'text';
  return { kind: 'scalar', property: prop.name, column, sqlType, isLong, decode: decoderOf(sqlType) };
}

function orderOf(prop: EntityProperty): (alias: string) => string {
  const wanted = Object.entries((Array.isArray(prop.orderBy) ? prop.orderBy[0] : prop.orderBy) ?? {});
  const columns = wanted.map(([name, direction]) => {
    const sortedBy = (prop.targetMeta?.properties as Record<string, EntityProperty> | undefined)?.[name];
    return [sortedBy?.fieldNames[0] ?? name, String(direction).toLowerCase() === 'desc' ? 'desc' : 'asc'] as const;
  });
  const last = columns.at(-1)?.[1] ?? 'asc';
  return (alias) =>
    [...columns.map(([name, direction]) => `${alias}.${name} ${direction}`), `${alias}.id ${last}`].join(', ');
}

const text = (cell: Cell): unknown => cell;
const integer = (cell: Cell): unknown => (cell === null ? null : Number(cell));
const boolean = (cell: Cell): unknown => (cell === null ? null : cell === 't' || cell === 'true');
const json = (cell: Cell): unknown => (cell === null ? null : JSON.parse(cell));
const moment = (cell: Cell): unknown => (cell === null ? null : isoSecondsOf(cell));
const words = (cell: Cell): unknown => (cell === null ? null : wordsOfArray(cell));

function decoderOf(type: string): (cell: Cell) => unknown {
  if (/^(int|integer|smallint|bigint|serial)/.test(type)) return integer;
  if (type.startsWith('bool')) return boolean;
  if (type.startsWith('json')) return json;
  if (type.startsWith('timestamp')) return moment;
  if (type.endsWith('[]')) return words;
  return text;
}
