import { type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import { traced } from '../lib/tracing.js';
import { resolveNodeId } from './reader/bind.js';
import { resolveRelation } from './reader/output/objects.js';

/**
 * Has every resolver that does work of its own be a span: those of root fields and computed ones, not those that only
 * hand on what a plan has read. For a schema that is served with traces recorded; changes it.
 */
export function withTracedResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type) || type === schema.getSubscriptionType()) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve || resolve === resolveRelation || resolve === resolveNodeId) continue;
      const path = `${type.name}.${field.name}`;
      const attributes = { 'graphql.field.coordinates': path };
      field.resolve = (...given) =>
        traced(
          () => ({ name: path, kind: 'internal', attributes: { ...attributes } }),
          async () => resolve(...given),
        );
    }
  }
  return schema;
}
