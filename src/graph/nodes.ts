import {
  type DocumentNode,
  extendSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  parse,
} from 'graphql';
import { maxPageSize } from '../kernel/connection.js';
import type { Context } from '../kernel/context.js';
import type { ReadModel } from '../kernel/read-model.js';
import { requireSignedIn } from '../kernel/viewer.js';
import { badInput, type FieldProblem } from '../lib/errors.js';
import { type NodeKey, parseNodeId } from '../lib/node-id.js';
import type { EntityShapes } from './reader/metadata.js';

/** Most node ids that one field takes. */
export const maxNodeIds = maxPageSize;

/** The part of the schema that every entity with a read model gets: nobody has to declare it. */
const nodeExtension = (models: readonly ReadModel[]): DocumentNode =>
  parse(/* GraphQL */ `
    """
    An object that can be read again by an id of its own.
    """
    interface Node {
      """
      Id that no other object of the graph has, of whatever type. Stable for good; not to be looked into.
      """
      nodeId: ID!
    }
    extend type Query {
      """
      The object with this node id, of whatever type; null when there is none that the viewer may see.
      """
      node(
        """
        As a \`nodeId\` field gave it.
        """
        nodeId: ID!
      ): Node

      """
      The objects with these node ids, in their order; null for each that the viewer may not see.
      """
      nodes(
        """
        As \`nodeId\` fields gave them, at most ${maxNodeIds}.
        """
        nodeIds: [ID!]!
      ): [Node]!
    }
    ${models
      .map(
        ({ entity }) => /* GraphQL */ `
          extend type ${entity.name} implements Node {
            """
            Id that no other object of the graph has, for \`node\` and for caches.
            """
            nodeId: ID!
          }`,
      )
      .join('\n')}
  `);

/** Makes every entity with a read model a Node, and adds `node` and `nodes`. Throws for one that is no type of it. */
export const withNodes = (schema: GraphQLSchema, models: readonly ReadModel[]): GraphQLSchema =>
  extendSchema(schema, nodeExtension(models));

/** Lets `node` and `nodes` read; both pass through. */
export function bindNodes(schema: GraphQLSchema, shapes: EntityShapes): GraphQLSchema {
  const { node, nodes } = (schema.getQueryType() as GraphQLObjectType).getFields() as Record<
    'node' | 'nodes',
    GraphQLField<unknown, Context>
  >;
  node.extensions = { planned: true };
  node.resolve = async (_root, { nodeId }: { nodeId: string }, { viewer, read }, info) => {
    requireSignedIn(viewer);
    const [found] = await readNodes(
      keysOf([nodeId], () => ['nodeId'], shapes),
      shapes,
      { read, info },
    );
    return found;
  };
  nodes.extensions = {
    planned: true,
    complexity: ({ args, childComplexity }: { args: { nodeIds: readonly string[] }; childComplexity: number }) =>
      args.nodeIds.length * Math.max(childComplexity, 1),
  };
  nodes.resolve = async (_root, { nodeIds }: { nodeIds: readonly string[] }, { viewer, read }, info) => {
    requireSignedIn(viewer);
    if (nodeIds.length > maxNodeIds)
      throw badInput([{ path: ['nodeIds'], code: 'too_long', message: `At most ${maxNodeIds} ids` }]);
    return readNodes(
      keysOf(nodeIds, (i) => ['nodeIds', String(i)], shapes),
      shapes,
      { read, info },
    );
  };
  return schema;
}

/** Throws BAD_USER_INPUT with every id that this server cannot have made. */
function keysOf(
  nodeIds: readonly string[],
  pathOf: (i: number) => FieldProblem['path'],
  shapes: EntityShapes,
): NodeKey[] {
  const keys = nodeIds.map((nodeId) => parseNodeId(nodeId));
  const isKnown = (key: NodeKey | undefined): key is NodeKey => key !== undefined && shapes.has(key.type);
  const problems = keys.flatMap((key, i): FieldProblem[] =>
    isKnown(key) ? [] : [{ path: pathOf(i), code: 'invalid', message: 'is no node id of this server' }],
  );
  if (problems.length) throw badInput(problems);
  return keys.filter(isKnown);
}

/** One read a type, whatever the number of ids. */
async function readNodes(
  keys: readonly NodeKey[],
  shapes: EntityShapes,
  { read, info }: { read: Context['read']; info: GraphQLResolveInfo },
): Promise<(object | undefined)[]> {
  const found = new Map<NodeKey, object | undefined>();
  await Promise.all(
    [...Map.groupBy(keys, ({ type }) => type)].map(async ([type, ofType]) => {
      const { model } = shapes.get(type) as { model: ReadModel };
      const rows = await read.each(
        model,
        ofType.map(({ key }) => key),
        info,
      );
      ofType.forEach((key, i) => found.set(key, rows[i]));
    }),
  );
  return keys.map((key) => found.get(key));
}
