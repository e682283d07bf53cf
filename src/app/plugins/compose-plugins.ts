import type { GraphQLSchema } from 'graphql';
import { composeSchema, type ComposeOptions } from '../../graph/plugins/plugin-schema.js';
import type { GraphCall } from '../../graph/plugins/schema-part.js';
import { NotComposable } from '../../graph/plugins/schema-part.js';
import type { Context } from '../../kernel/context.js';
import type { OperationSource } from '../../mcp/tools.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { checkRoutes } from '../../rest/engine/prepare.js';
import type { Dialect } from '../../rest/engine/route.js';
import { BadShape } from '../../rest/plugins/json-shapes.js';
import { type CallRoute, pluginDialects } from '../../rest/plugins/plugin-dialect.js';
import { eventTypeFor, ownEventsOf } from './plugin-events.js';
import { prefixProblem } from './plugin-prefixes.js';

/** A plugin by what it says of itself, and how it is called. */
export interface Composed {
  id: string;
  manifest: Manifest;
  contribution: Contribution;
  callGraph: (call: GraphCall, context: Context) => Promise<unknown>;
  callRoute: CallRoute;
  hasLeft: () => boolean;
}

/** The core and plugins as one whole, not served yet. */
export interface Composition {
  schema: GraphQLSchema;
  dialects: readonly Dialect[];
  /** The plugins' own types of events. */
  events: readonly string[];
  /** The operations of their dialects, which are tools of models too. */
  operations: readonly OperationSource[];
}

export interface CoreParts extends ComposeOptions {
  schema: GraphQLSchema;
  dialects: readonly Dialect[];
  events: readonly string[];
}

/** Joins plugins with the core, in their order. Throws NotComposable for the first that does not fit. */
export function composePlugins(plugins: readonly Composed[], core: CoreParts): Composition {
  const known = new Set(core.events);
  const ids = new Set<string>();
  for (const plugin of plugins) {
    const { id, manifest, contribution } = plugin;
    const refuse = (kind: 'clash' | 'invalid', reason: string): never => {
      throw new NotComposable(id, kind, [reason]);
    };
    const missing = Object.keys(manifest.dependencies).find((needed) => !ids.has(needed));
    if (missing !== undefined) refuse('clash', `it needs the plugin ${missing}, which is not served`);
    if (ids.has(id)) refuse('clash', `there is a plugin ${id} already`);
    for (const name of ownEventsOf(id, contribution.events)) {
      if (known.has(name)) refuse('clash', `the event ${name} is there already`);
      known.add(name);
    }
    const unknown = contribution.handles.find((type) => type !== '*' && !known.has(type));
    if (unknown !== undefined) refuse('invalid', `its handlers want the event ${unknown}, which there is not`);
    ids.add(id);
  }
  const parts = plugins.map(({ id, manifest, contribution, callGraph, hasLeft }) => ({
    id,
    dependencies: Object.keys(manifest.dependencies),
    contribution: {
      ...contribution,
      subscriptions: Object.fromEntries(
        Object.entries(contribution.subscriptions).map(([name, { events }]) => [
          name,
          { events: events.map((event) => eventTypeFor(id, event)) },
        ]),
      ),
    },
    call: callGraph,
    hasLeft,
    mayDeliver: (type: string) => known.has(type),
  }));
  const schema = composeSchema(core.schema, parts, core);
  const dialects: Dialect[] = [];
  for (const plugin of plugins) {
    const own = dialectsOf(plugin, schema);
    const taken = prefixProblem(own, [...core.dialects, ...dialects]);
    if (taken !== undefined) throw new NotComposable(plugin.id, 'clash', [taken]);
    dialects.push(...own);
  }
  return {
    schema,
    dialects,
    events: plugins.flatMap(({ id, contribution }) => ownEventsOf(id, contribution.events)),
    operations: plugins.flatMap(operationsOf),
  };
}

const operationsOf = ({ id, manifest, contribution: { dialect } }: Composed): OperationSource[] =>
  (dialect?.routes ?? []).map(({ method, path, summary, operation }) => ({
    name: `the plugin ${id}, ${method} ${path}`,
    text: operation,
    description: `${summary || `${method} ${path}`} (${manifest.name})`,
  }));

function dialectsOf({ id, manifest, contribution, callRoute }: Composed, schema: GraphQLSchema): Dialect[] {
  try {
    const made = pluginDialects({ manifest, contribution, call: callRoute });
    for (const dialect of made) checkRoutes(dialect, schema);
    return made;
  } catch (error) {
    if (error instanceof BadShape || (error as Error).message.startsWith("Routes that can't be served"))
      throw new NotComposable(id, 'invalid', [(error as Error).message]);
    throw error;
  }
}
