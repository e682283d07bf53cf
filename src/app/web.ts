import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import type { ApolloServer } from '@apollo/server';
import express, { type Express, type RequestHandler } from 'express';
import { packageRoot } from '../config/config.js';
import { version } from '../config/version.js';
import { AcceptedDocuments } from '../graph/accepted-documents.js';
import { AnswersUnderWay } from '../graph/answer-budget.js';
import { startApollo } from '../graph/apollo.js';
import { watchCredentials } from '../graph/socket-credentials.js';
import { subscriptions } from '../graph/subscriptions/subscriptions.js';
import { corsOf } from '../http/cors.js';
import type { EventSocketOptions } from '../http/event-socket.js';
import { frontDoor } from '../http/front-door.js';
import { graphqlDoor } from '../http/graphql-door.js';
import { graphqlFastPath } from '../http/graphql-fast-path.js';
import { graphqlStream, streamPath } from '../http/graphql-stream.js';
import { mcpDoor } from '../http/mcp-door.js';
import { pluginPagesDoor, type PluginPagesOptions } from '../http/plugin-pages.js';
import { type ContextOf, contextOfRequests } from '../http/request-context.js';
import { budgeted, goingAway, identify, observe, prepared, tracedRequests } from '../http/requests.js';
import { serverOptions } from '../http/server-options.js';
import { openSocketDoors } from '../http/sockets.js';
import { cutStalled } from '../http/stalled-clients.js';
import type { Context } from '../kernel/context.js';
import type { CloseStack } from '../lib/close-stack.js';
import { memoized } from '../lib/memoized.js';
import { coreOperations } from '../mcp/core-operations.js';
import { ToolSet } from '../mcp/tools.js';
import { pages, type PagesOptions } from '../pages/pages.js';
import { securityHeaders } from '../pages/security-headers.js';
import { addressBehind } from '../quota/address.js';
import { openApiOf } from '../rest/engine/openapi.js';
import type { Dialect } from '../rest/engine/route.js';
import { dialects } from './dialects.js';
import type { Graph } from './graph.js';
import { dialectOptionsOf, recordingOf } from './monitoring.js';
import { openRest, type RestDialects } from './rest.js';
import type { AppServices } from './services.js';

export interface WebOptions {
  validateResponses: boolean;
  eventSocket: EventSocketOptions;
  clientStallMs: number | undefined;
  socketIdleMs: number | undefined;
  socketPenaltyMs: number | undefined;
  /** The plugins that are served here, in so far as they have pages. */
  pluginOf: PluginPagesOptions['pluginOf'];
  pluginPages: PagesOptions['pluginPages'];
}

export interface Web {
  /** Not listening yet. */
  server: Server;
  rest: RestDialects;
  tools: ToolSet;
}

/** How long a tool of a model may take. */
const toolTimeoutMs = 60_000;

/** Everything that answers requests: the graph over HTTP and sockets, pages, the REST dialects. */
export async function openWeb(
  app: AppServices,
  graph: Graph,
  { validateResponses, eventSocket, clientStallMs, socketIdleMs, socketPenaltyMs, pluginOf, pluginPages }: WebOptions,
  closing: CloseStack,
): Promise<Web> {
  const { config, log, makeContext, metrics, quotas, services } = app;
  const server = createServer(serverOptions);
  const accepted = new AcceptedDocuments();
  const answers = new AnswersUnderWay();
  const cors = corsOf(config.corsOrigins);
  const tools = new ToolSet(graph.live, coreOperations(), log);
  const site = { publicUrl: config.publicUrl, cors };
  const apollo = await startApollo(graph.live, {
    httpServer: server,
    socketUrl: `${config.publicUrl.replace(/^http/, 'ws')}/graphql`,
    streamUrl: `${config.publicUrl}${streamPath}`,
    log,
    count: services.count,
    idempotencyKeys: app.idempotencyKeys,
    admission: quotas.admission,
    accepted,
  });
  // Its drain closes the server and waits for the requests under way; the sockets, which it would wait for, go first.
  closing.add(() => apollo.stop());
  const credentials = watchCredentials(services.events, log);
  closing.add(async () => credentials.stop());
  const { stallMs } = eventSocket;
  const { subscribe } = subscriptions({ shapes: app.compiler.shapes, makeContext, stallMs });
  const sockets = openSocketDoors(server, {
    live: graph.live,
    subscribe,
    makeContext,
    credentials,
    events: services.events,
    audience: app.audience,
    eventTypes: app.eventTypes.list,
    log,
    count: services.count,
    admission: quotas.admission,
    answers,
    trustProxy: config.trustProxy,
    site,
    eventSocket,
    clientStallMs,
    socketIdleMs,
    socketPenaltyMs,
  });
  closing.add(() => sockets.stop());
  metrics.gauges({
    gauges: {
      xcore_websocket_connections: { help: 'Open WebSocket connections', label: 'door' },
      xcore_event_streams: { help: 'Open streams of server-sent events' },
      xcore_cache_entries: { help: 'What is kept to be found again at once', label: 'cache' },
    },
    read: async () => ({
      xcore_websocket_connections: sockets.count(),
      xcore_event_streams: stream.count(),
      xcore_cache_entries: [
        { of: 'documents', value: accepted.count(graph.live.current) },
        { of: 'credentials', value: app.credentialCount() },
      ],
    }),
  });

  const contextOf = contextOfRequests(makeContext, { site, trustProxy: config.trustProxy });
  const admitting = {
    contextOf,
    addressOf: (request: IncomingMessage) => addressBehind(request, config.trustProxy),
    admission: quotas.admission,
  };
  const stream = graphqlStream({
    ...admitting,
    live: graph.live,
    subscribe,
    credentials,
    count: services.count,
    log,
    site,
    stallMs,
  });
  closing.add(async () => stream.stop());
  const rest = openRest(app, graph, { dialects: dialects(dialectOptionsOf(app)), contextOf, site, validateResponses });
  const secure = securityHeaders({ https: config.publicUrl.startsWith('https:') });
  server.on(
    'request',
    tracedRequests(
      frontDoor({
        prepare: prepared([
          identify,
          observe(log, recordingOf(app)),
          (_request, response) => secure(response),
          goingAway(app),
          budgeted(answers),
          cutStalled({ limitMs: clientStallMs }),
        ]),
        cors,
        fastPath: graphqlFastPath({
          ...graph,
          accepted,
          contextOf,
          admission: quotas.admission,
          log,
          count: services.count,
        }),
        stream: stream.handle,
        rest: rest.handle,
        mcp: mcpDoor({
          tools,
          schema: () => graph.live.current,
          execute: graph.execute,
          contextOf,
          admission: quotas.admission,
          idempotencyKeys: app.idempotencyKeys,
          site,
          trustProxy: config.trustProxy,
          timeoutMs: toolTimeoutMs,
          log,
          count: services.count,
        }),
        pluginPages: pluginPagesDoor({
          ...admitting,
          pluginOf,
          publicUrl: config.publicUrl,
          count: services.count,
          log,
        }),
        app: expressApp(app, { apollo, contextOf, rest, pluginPages }),
        log,
      }),
    ),
  );
  return { server, rest, tools };
}

/** What few requests need: pages, the explorer, the documents of the REST dialects, and Apollo. */
function expressApp(
  { config, log, quotas, services, spoolFolder }: AppServices,
  {
    apollo,
    contextOf,
    rest,
    pluginPages,
  }: { apollo: ApolloServer<Context>; contextOf: ContextOf; rest: RestDialects } & Pick<WebOptions, 'pluginPages'>,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  app.use(
    '/graphql',
    graphqlDoor({
      apollo,
      contextOf,
      admission: quotas.admission,
      spoolFolder,
      minFreeBytes: config.minFreeBytes,
      log,
      count: services.count,
    }),
  );
  app.use(
    pages({
      staticFolder: join(packageRoot, 'dist/static'),
      consoleFolder: join(packageRoot, 'dist/console'),
      mapTilesUrl: config.mapTilesUrl,
      dialects: () =>
        documented(rest).map(({ name, title, prefix, description, words: { language } }) => ({
          name,
          title,
          prefix,
          description,
          language,
        })),
      pluginPages,
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
  const documentOf = memoized((dialect: Dialect) => openApiOf(dialect, { publicUrl }));
  return (request, response, next) => {
    // As Express compares paths: in any case.
    const wanted = String(request.params['document']).toLowerCase();
    const dialect = documented(rest).find(({ name }) => wanted === `${name}.json`);
    if (!dialect) return next();
    response.json(documentOf(dialect));
  };
}
