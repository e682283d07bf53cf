import { type DocumentNode, getOperationAST, GraphQLError, OperationTypeNode, parse, validate } from 'graphql';
import { AcceptedDocuments, type AcceptedOperation } from '../../graph/accepted-documents.js';
import { bounded, type Execution } from '../../graph/executor.js';
import { assertFewTokens, assertWithinLimits, maxCost, maxTokens } from '../../graph/limits.js';
import type { Context } from '../../kernel/context.js';
import { can, type Scope, type Viewer } from '../../kernel/viewer.js';
import type { HostServices, PluginViewer } from '../../plugin-host/plugin-process.js';
import type { Graph } from '../graph.js';
import type { AppServices } from '../services.js';
import type { PluginScope } from './plugin-ports.js';

/** Plugins that ask the graph, which asks a plugin, and so on. */
const maxDepthOfPlugins = 3;
const maxOperations = 100;
const maxVariablesBytes = 1024 * 1024;

type Spent = PluginScope['spent'];

/** What a request that a plugin made has behind it. */
const behind = new WeakMap<Context['notes'], { depth: number; spent: Spent }>();

/** The scope of a call that this request makes. Throws when plugins have asked each other too often by then. */
export function scopeOf(plugin: string, { viewer, notes, requestId, signal }: Context): PluginScope {
  const { depth, spent } = behind.get(notes) ?? { depth: 0, spent: { operations: 0, cost: 0, events: 0 } };
  behind.set(notes, { depth, spent });
  return { plugin, viewer, requestId, depth, spent, ...(signal && { signal }) };
}

/** Whom a plugin is told that it works for: what the person's roles give, as far as the credential goes. */
export function pluginViewerOf(viewer: Viewer): PluginViewer {
  const allowed = [...viewer.permissions].flatMap((permission) => {
    if (can(viewer, permission as `${string}:${string}`)) return [permission];
    const [resource] = permission.split(':');
    const read = `${resource}:read` as const;
    return permission.endsWith(':*') && can(viewer, read) ? [read] : [];
  });
  return { id: viewer.userId ?? null, permissions: allowed };
}

/** The viewer with no more than a plugin was granted, and never in person: it cannot manage credentials and rights. */
export function cutDown({ userId, permissions, scopes }: Viewer, grants: readonly string[]): Viewer {
  const granted: Scope[] = [];
  if (grants.includes('graph:read')) granted.push('read');
  if (grants.includes('graph:write')) granted.push('write');
  return {
    userId,
    permissions,
    scopes: new Set(granted.filter((scope) => scopes.has(scope))),
    credential: { kind: 'none' },
  };
}

/** Runs the operations of one plugin on the schema that is live, each as whoever it was called for. */
export function graphFor(
  grants: readonly string[],
  { live, execute }: Graph,
  { makeContext }: Pick<AppServices, 'makeContext'>,
): HostServices<PluginScope>['graph'] {
  const accepted = new AcceptedDocuments();
  return async (scope, { query, variables }) => {
    scope.spent.operations += 1;
    if (scope.spent.operations > maxOperations) throw new Error(`At most ${maxOperations} operations for one request`);
    if (scope.depth >= maxDepthOfPlugins)
      throw new Error(`Plugins ask for one another at most ${maxDepthOfPlugins} deep`);
    const schema = live.current;
    const { document, operation, ...judged } = acceptedOf(accepted, schema, query);
    const isWrite = operation.operation === OperationTypeNode.MUTATION;
    const grant = isWrite ? 'graph:write' : 'graph:read';
    if (!grants.includes(grant)) throw new Error(`This needs the capability ${grant}`);
    const viewer = cutDown(scope.viewer, grants);
    if (judged.asksForSchema && viewer.userId === undefined) throw new Error('Nobody is signed in to read the schema');
    if (JSON.stringify(variables).length > maxVariablesBytes) throw new Error('The variables are too large');
    scope.spent.cost += judged.cost(variables);
    if (scope.spent.cost > maxCost)
      throw new Error(`The operations of one request may cost ${maxCost} together: ask for fewer rows or fields`);
    const notes: Context['notes'] = {};
    behind.set(notes, { depth: scope.depth + 1, spent: scope.spent });
    const context = makeContext.forViewer(viewer, {
      credential: undefined,
      requestId: scope.requestId,
      ip: undefined,
      userAgent: undefined,
      notes,
      ...(scope.signal && { signal: scope.signal }),
    });
    const execution: Execution = { schema, document, variables: { ...variables }, context };
    const { data, errors } = bounded(execution, await execute.values(execution));
    return {
      ...(data !== undefined && { data }),
      ...(errors?.length && {
        errors: errors.map(({ message, path, extensions: { code } }) => ({
          message,
          ...(path && { path }),
          ...(typeof code === 'string' && { code }),
        })),
      }),
    };
  };
}

interface Judged {
  document: DocumentNode;
  operation: AcceptedOperation['operation'];
  asksForSchema: boolean;
  cost: (variables: Readonly<Record<string, unknown>>) => number;
}

/** Throws an Error that says what is wrong with the text. */
function acceptedOf(accepted: AcceptedDocuments, schema: Graph['live']['current'], query: string): Judged {
  let found = accepted.find(schema, query, undefined);
  if (!found) {
    try {
      assertFewTokens(query);
      const document = parse(query, { maxTokens });
      const [problem] = validate(schema, document);
      if (problem) throw problem;
      assertWithinLimits(schema, document);
      const operation = getOperationAST(document);
      if (!operation) throw new Error('The text must hold one operation');
      if (operation.operation === OperationTypeNode.SUBSCRIPTION)
        throw new Error('A plugin hears of events by its handlers');
      accepted.add(schema, query, document);
    } catch (error) {
      // graphql-js's errors carry the whole text with them.
      throw error instanceof GraphQLError ? new Error(error.message) : error;
    }
    found = accepted.find(schema, query, undefined);
  }
  if (!found) throw new Error('The text is too long');
  const { document, operation, asksForSchema } = found;
  return { document, operation, asksForSchema, cost: (variables) => found.cost({ ...variables }) };
}

/** The scope of a call without a request. */
export const scopeFor = (plugin: string, viewer: Viewer, requestId: string): PluginScope => ({
  plugin,
  viewer,
  requestId,
  depth: 0,
  spent: { operations: 0, cost: 0, events: 0 },
});
