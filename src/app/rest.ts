import type { GraphQLSchema } from 'graphql';
import { principalOf } from '../graph/principal.js';
import { isForeignForm, type Site } from '../http/csrf.js';
import { type ContextOf, contextOfSession } from '../http/request-context.js';
import { factsOf, noteEndpoint, requestIdOf } from '../http/requests.js';
import type { Context } from '../kernel/context.js';
import { UploadedFile } from '../kernel/scalars.js';
import { holds } from '../kernel/viewer.js';
import { forbidden } from '../lib/errors.js';
import { isBuilt } from '../lib/is-built.js';
import type { Engine } from '../rest/engine/engine.js';
import type { Dialect } from '../rest/engine/route.js';
import { dialectFinder, type RestHandler, routerOf } from '../rest/engine/router.js';
import type { Graph } from './graph.js';
import type { AppServices } from './services.js';

export interface RestOptions {
  /** Those that are served from the start. */
  dialects: readonly Dialect[];
  contextOf: ContextOf;
  site: Site;
  /** Checks every answer against its route's schema. */
  validateResponses: boolean;
}

/** The REST dialects that are served; they can be added and removed while requests run. */
export interface RestDialects {
  handle: RestHandler;
  served: () => readonly Dialect[];
  /**
   * Serves a dialect from the next request on. Throws when its name or prefix is taken, or when the graph cannot serve
   * one of its routes; everything then stays as it was.
   */
  add: (dialect: Dialect) => void;
  /** Requests under way are answered. Does nothing when there is no such dialect. */
  remove: (name: string) => void;
  /** Serves these beside those from the start, on this schema, in place of all that were served so. */
  serve: (schema: GraphQLSchema, added: readonly Dialect[]) => void;
}

export function openRest(app: AppServices, graph: Graph, options: RestOptions): RestDialects {
  const core = options.dialects;
  // What is served beside the core only adds to its schema, so that the core's routes are prepared once.
  const coreEngine = restEngine(app, graph, options);
  const finders = core.map((dialect) => dialectFinder(dialect, coreEngine, { isProven: isBuilt }));
  let served = core;
  let handle = routerOf(finders);
  const replace = (dialects: readonly Dialect[], schema = graph.live.current): void => {
    const engine = restEngine(app, graph, options, schema);
    const added = dialects.filter((dialect) => !core.includes(dialect)).map((each) => dialectFinder(each, engine));
    handle = routerOf([...finders.filter(({ dialect }) => dialects.includes(dialect)), ...added]);
    served = dialects;
  };
  return {
    serve: (schema, added) => replace([...core, ...added], schema),
    handle: (request, response) => handle(request, response),
    served: () => served,
    add: (dialect) => {
      const taken = served.find(({ name, prefix }) => name === dialect.name || prefix === dialect.prefix);
      if (taken)
        throw new Error(
          `REST dialect ${dialect.name} at ${dialect.prefix || '/'}: ${taken.name} has the name or prefix`,
        );
      replace([...served, dialect]);
    },
    remove: (name) => replace(served.filter((dialect) => dialect.name !== name)),
  };
}

function restEngine(
  { config, log, makeContext, quotas, idempotencyKeys, services, spoolFolder }: AppServices,
  { live, execute }: Graph,
  { contextOf, site, validateResponses }: RestOptions,
  fixed?: GraphQLSchema,
): Engine {
  const schema = (): GraphQLSchema => fixed ?? live.current;
  return {
    schema,
    execute: ({ document, operationName, variables, context }) =>
      execute.values({ schema: schema(), document, operationName, variables, context: context as Context }),
    context: async (request, response, { dialect, route }) => {
      noteEndpoint(response, `${dialect.prefix}${route.path}`);
      if (route.onlyCookie) return contextOfSession(makeContext, request, config.trustProxy);
      if (route.credential !== 'none')
        return contextOf(request, () => route.credential === 'optional', { isConfirmed: route.confirms ?? false });
      if (isForeignForm(String(request.method), request.headers, site))
        throw forbidden('A form must come from this site', 'foreign_origin');
      return makeContext({ ...factsOf(request, config.trustProxy), credential: undefined });
    },
    isSignedIn: (context) => (context as Context).viewer.userId !== undefined,
    requirePermission: (context, permission) => {
      if (!holds((context as Context).viewer, permission))
        throw forbidden(`This needs the permission ${permission}`, 'permission');
    },
    principal: (context) => principalOf((context as Context).viewer),
    ...(quotas.gate && { quotas: quotas.gate }),
    idempotencyKeys,
    store: services.store,
    spoolFolder,
    minFreeBytes: config.minFreeBytes,
    makeUpload: (filename, content) => new UploadedFile(filename, content),
    log,
    validateResponses,
    requestId: requestIdOf,
    trustProxy: config.trustProxy,
    publicUrl: config.publicUrl,
  };
}
