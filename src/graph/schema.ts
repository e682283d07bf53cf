import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { checkSchema } from './check-schema.js';
import type { EntityShapes } from './reader/metadata.js';
import { bindRelations } from './reader/relations.js';

/** type-graphql asks for one, but our subscriptions read the event log: see `events/feed.ts`. */
const unusedPubSub: PubSub = {
  publish: () => {
    throw new Error('Events are published by emit(), in a transaction');
  },
  subscribe: () => {
    throw new Error('Subscriptions read the event log');
  },
};

/** The core schema, from the decorated classes. Sorted, so that its printed form changes only when it does. */
export const buildCoreSchema = (resolvers: NonEmptyArray<Function>): GraphQLSchema =>
  // Input is checked by the commands, all problems at once; class-validator would report in words of its own.
  lexicographicSortSchema(buildSchemaSync({ resolvers, validate: false, pubSub: unusedPubSub }));

/**
 * The core schema as it is served: relations resolve to what plans read. Throws for a field that would read wrongly.
 */
export function buildServedSchema(resolvers: NonEmptyArray<Function>, shapes: EntityShapes): GraphQLSchema {
  const schema = bindRelations(buildCoreSchema(resolvers), shapes);
  checkSchema(schema, shapes);
  return schema;
}
