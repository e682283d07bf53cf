import type { EntityMetadata, EntityProperty, MikroORM } from '@mikro-orm/core';
import type { ColumnOf } from './sql.js';

/** Columns by the entities' own metadata, so that a class stays the only definition of its columns. */
export function columnsOf(orm: MikroORM): ColumnOf {
  const known = new Map<unknown, Map<string, ReturnType<ColumnOf>>>();
  return (entity, property) => {
    const ofEntity = known.get(entity) ?? new Map<string, ReturnType<ColumnOf>>();
    known.set(entity, ofEntity);
    const found = ofEntity.get(property) ?? findColumn(orm, entity.name, property);
    ofEntity.set(property, found);
    return found;
  };
}

function findColumn(orm: MikroORM, entity: string, property: string): ReturnType<ColumnOf> {
  const meta = orm.getMetadata().get(entity as never) as EntityMetadata;
  const found = meta.properties[property as never] as EntityProperty | undefined;
  const name = found?.fieldNames?.[0];
  if (!found || name === undefined) throw new TypeError(`${entity}.${property} is no column`);
  return { name, isJson: /^jsonb?$/.test(found.columnTypes?.[0] ?? '') };
}
