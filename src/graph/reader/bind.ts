import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { nodeIdOf } from '../../lib/node-id.js';
import type { EntityShapes } from './metadata.js';
import { type RowObject, resolveRelation } from './output/objects.js';

/** Resolves `nodeId`: every row has its key, under `id`. */
export const resolveNodeId: GraphQLFieldResolver<RowObject, unknown> = ({ id }, _args, _context, { parentType }) =>
  nodeIdOf(parentType.name, id as number | string);

/**
 * Lets the relation fields and the `nodeId` of every entity resolve to what the plan read. A field that is a relation
 * in the entity's metadata has no resolver of its own: its type-graphql method only declares its arguments.
 */
export function bindEntities(schema: GraphQLSchema, shapes: EntityShapes): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const shape = isObjectType(type) ? shapes.get(type.name) : undefined;
    if (!shape || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const property = shape.properties.get(field.name);
      if (property && property.kind !== 'scalar') field.resolve = resolveRelation;
      if (field.name === 'nodeId') {
        field.resolve = resolveNodeId;
        field.extensions = { ...field.extensions, sharable: true };
      }
    }
  }
  return schema;
}
