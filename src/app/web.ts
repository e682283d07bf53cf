import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { ApolloServer } from '@apollo/server';
import express, { type Express, type RequestHandler } from 'express';
import { packageRoot } from '../config/config.js';
import { version } from '../config/version.js';
import { AcceptedDocuments } from '../graph/accepted-documents.js';
import { startApollo } from '../graph/apollo.js';
import { corsOf } from '../http/cors.js';
import type { EventSocketOptions } from '../http/event-socket.js';
import { frontDoor } from '../http/front-door.js';
import { graphqlDoor } from '../http/graphql-door.js';
import { graphqlFastPath } from '../http/graphql-fast-path.js';
import { type ContextOf, contextOfRequests } from '../http/request-context.js';
import { identify, observe } from '../http/requests.js';
import { openSocketDoors } from '../http/sockets.js';
import type { Context } from '../kernel/context.js';
import type { CloseStack } from '../lib/close-stack.js';
import { pages } from '../pages/pages.js';
import { securityHeaders } from '../pages/security-headers.js';
import { openApiOf } from '../rest/engine/openapi.js';
import type { Dialect } from '../rest/engine/route.js';
import { eventAudienceOf } from './compose.js';
import { dialects } from './dialects.js';
import type { Graph } from './graph.js';
import { modules } from './modules.js';
import { dialectOptionsOf } from './monitoring.js';
import { openRest, type RestDialects } from './rest.js';
import type { AppServices } from './services.js';

export interface WebOptions {
  validateResponses: boolean;
  eventSocket: EventSocketOptions;
}

export interface Web {
  /** Not listening yet. */
  server: Server;
  rest: RestDialects;
}

/** Everything that answers requests: the graph over HTTP and sockets, pages, the REST dialects. */
export async function openWeb(
  app: AppServices,
  graph: Graph,
  { validateResponses, eventSocket }: WebOptions,
  closing: CloseStack,
): Promise<Web> {
  const { config, log, makeContext, metrics, quotas, services } = app;
  const server = createServer({ maxHeaderSize: 32 * 1024 });
  const accepted = new AcceptedDocuments();
  const cors = corsOf(config.corsOrigins);
  const site = { publicUrl: config.publicUrl, cors };
  const apollo = await startApollo(graph.live, {
    httpServer: server,
    socketUrl: `${config.publicUrl.replace(/^http/, 'ws')}/graphql`,
    log,
    count: services.count,
    idempotencyKeys: app.idempotencyKeys,
    admission: quotas.admission,
    accepted,
  });
  // Its drain closes the server and waits for the requests under way; the sockets, which it would wait for, go first.
  closing.add(() => apollo.stop());
  const sockets = openSocketDoors(server, {
    live: graph.live,
    shapes: app.compiler.shapes,
    makeContext,
    events: services.events,
    audience: eventAudienceOf(modules),
    eventTypes: app.eventTypes.list,
    log,
    count: services.count,
    admission: quotas.admission,
    trustProxy: config.trustProxy,
    site,
    eventSocket,
  });
  closing.add(() => sockets.stop());
  metrics.sockets(sockets.count);

  const contextOf = contextOfRequests(makeContext, { site, trustProxy: config.trustProxy });
  const rest = openRest(app, graph, { dialects: dialects(dialectOptionsOf(app)), contextOf, site, validateResponses });
  const secure = securityHeaders({ https: config.publicUrl.startsWith('https:') });
  server.on(
    'request',
    frontDoor({
      always: [identify, observe(log, metrics.observe), (_request, response) => secure(response)],
      cors,
      fastPath: graphqlFastPath({
        ...graph,
        accepted,
        contextOf,
        admission: quotas.admission,
        log,
        count: services.count,
      }),
      rest: rest.handle,
      app: expressApp(app, { apollo, contextOf, rest }),
      log,
    }),
  );
  return { server, rest };
}

/** What few requests need: pages, the explorer, the documents of the REST dialects, and Apollo. */
function expressApp(
  { config, log, quotas, services, spoolFolder }: AppServices,
  { apollo, contextOf, rest }: { apollo: ApolloServer<Context>; contextOf: ContextOf; rest: RestDialects },
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  app.use(
    '/graphql',
    graphqlDoor({ apollo, contextOf, admission: quotas.admission, spoolFolder, log, count: services.count }),
  );
  app.use(
    pages({
      staticFolder: join(packageRoot, 'dist/static'),
      dialects: () =>
        documented(rest).map(({ name, title, prefix, description }) => ({ name, title, prefix, description })),
      publicUrl: config.publicUrl,
      version,
      demo: config.demo,
    }),
  );
  app.get('/core-docs/:document', openApiDocuments(rest, config.publicUrl));
  app.use((request, response) => rest.handle(request, response));
  return app;
}

/** Dialects without routes of their own serve nothing that could be described. */
const documented = (rest: RestDialects): readonly Dialect[] => rest.served().filter(({ routes }) => routes.length > 0);

/** `<dialect>.json`; each is made once, when it is first wanted. */
function openApiDocuments(rest: RestDialects, publicUrl: string): RequestHandler {
  const made = new WeakMap<Dialect, object>();
  return (request, response, next) => {
    // As Express compares paths: in any case.
    const wanted = String(request.params['document']).toLowerCase();
    const dialect = documented(rest).find(({ name }) => wanted === `${name}.json`);
    if (!dialect) return next();
    const document = made.get(dialect) ?? openApiOf(dialect, { publicUrl });
    made.set(dialect, document);
    response.json(document);
  };
}
