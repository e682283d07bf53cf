import 'reflect-metadata';
import { type GraphQLSchema, isEnumType, lexicographicSortSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray, type PubSub } from 'type-graphql';
import { eventTypeOf } from '../kernel/event-type.js';
import type { ReadModel } from '../kernel/read-model.js';
import { isBuilt } from '../lib/is-built.js';
import { checkSchema } from './check-schema.js';
import { bindNodes, withNodes } from './nodes.js';
import { bindEntities } from './reader/bind.js';
import type { EntityShapes } from './reader/metadata.js';
import { bindChanges, withNullableRoots, withOwnPayloads } from './roots.js';

/** type-graphql asks for one, but our subscriptions read the event log: see `events/feed.ts`. */
const unusedPubSub: PubSub = {
  publish: () => {
    throw new Error('Events are published by emit(), in a transaction');
  },
  subscribe: () => {
    throw new Error('Subscriptions read the event log');
  },
};

/**
 * The core schema as it is served and printed: an error at a root field leaves the others.
 */
export const buildCoreSchema = (resolvers: NonEmptyArray<Function>, models: readonly ReadModel[]): GraphQLSchema =>
  withNullableRoots(buildDeclaredSchema(resolvers, models));

/**
 * The schema of the decorated classes, with every entity of a read model as a Node and a payload for each mutation. A
 * root field is nullable only where it is null without an error, which is what a caller sees that stops at errors.
 * Sorted, so that its printed form changes only when it does.
 */
export function buildDeclaredSchema(resolvers: NonEmptyArray<Function>, models: readonly ReadModel[]): GraphQLSchema {
  // Input is checked by the commands, all problems at once; class-validator would report in words of its own.
  const schema = buildSchemaSync({ resolvers, validate: false, pubSub: unusedPubSub, skipCheck: isBuilt });
  describeRoots(schema);
  return withKnownEvents(lexicographicSortSchema(withOwnPayloads(withNodes(schema, models))));
}

/** Events that nobody declares any more stay in the log: they are `UNKNOWN`, and no error. */
export function withKnownEvents(schema: GraphQLSchema): GraphQLSchema {
  const type = schema.getType('EventType');
  if (isEnumType(type)) {
    const serialize = type.serialize.bind(type);
    type.serialize = (name) => serialize(eventTypeOf(String(name)));
  }
  return schema;
}

/** type-graphql makes the root types by itself, and takes no description of them. */
function describeRoots(schema: GraphQLSchema): void {
  const [query, mutation, subscription] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ];
  if (query) query.description = 'What can be read. Each field shows what the viewer may see, and nothing else.';
  if (mutation) mutation.description = 'What can be changed. Several fields run one after the other, each by itself.';
  if (subscription)
    subscription.description =
      'What happens, as it happens. Each field takes a position of the event log as `after`, and resumes from there.';
}

/** The core schema with what the reader answers: relations and node ids resolve to what plans read. */
export const buildReadableSchema = (resolvers: NonEmptyArray<Function>, shapes: EntityShapes): GraphQLSchema => {
  const models = [...shapes.values()].map(({ model }) => model);
  return bindChanges(bindNodes(bindEntities(buildCoreSchema(resolvers, models), shapes), shapes));
};

/** The core schema as it is served. Throws for a field that would read wrongly. */
export function buildServedSchema(resolvers: NonEmptyArray<Function>, shapes: EntityShapes): GraphQLSchema {
  const schema = buildReadableSchema(resolvers, shapes);
  checkSchema(schema, shapes);
  return schema;
}
