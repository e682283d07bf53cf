import { type GraphQLSchema, isObjectType } from 'graphql';
import type { EntityShapes } from './metadata.js';
import { resolveRelation } from './output/objects.js';

/**
 * Lets every relation field of the schema resolve to what the plan read. A field that is a relation in the entity's
 * metadata has no resolver of its own: its type-graphql method only declares its arguments.
 */
export function bindRelations(schema: GraphQLSchema, shapes: EntityShapes): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const shape = isObjectType(type) ? shapes.get(type.name) : undefined;
    if (!shape || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const property = shape.properties.get(field.name);
      if (property && property.kind !== 'scalar') field.resolve = resolveRelation;
    }
  }
  return schema;
}
