import 'reflect-metadata';
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import type { Database, DatabaseOptions } from '../db/database.js';
import type { Consumers } from '../events/consumer.js';
import type { EventTypes } from '../events/event-types.js';
import type { EventSocketOptions } from '../http/event-socket.js';
import type { Services } from '../kernel/context.js';
import { theSystem } from '../kernel/viewer.js';
import { CloseStack } from '../lib/close-stack.js';
import { pluginFigures } from '../metrics/plugin-metrics.js';
import { closeLostIngests } from '../modules/ingests/track-ingest.js';
import { openPluginHttp } from '../plugin-host/plugin-http.js';
import { startPlugin } from '../plugin-host/start-plugin.js';
import { type Graph, openGraph } from './graph.js';
import { openPlugins, type PluginsOptions, type RunningPlugins } from './plugins/plugin-runtime.js';
import { pluginShelf } from './plugins/plugin-shelf.js';
import type { RestDialects } from './rest.js';
import { type AppServices, openServices } from './services.js';
import { openWeb } from './web.js';
import { openMonitoring, startWorker } from './worker.js';

export interface AppOptions {
  config: Config;
  log: Logger;
  database?: Omit<DatabaseOptions, 'entities'>;
  /** Checks every REST answer against its route's schema: for tests and development. */
  validateResponses?: boolean;
  now?: () => Date;
  /** Patience of `/ws`; `stallMs` is that of the subscriptions too. */
  eventSocket?: EventSocketOptions;
  /** How long a client may stand still in the middle of a request or an answer. Default 30 s. */
  clientStallMs?: number | undefined;
  /** How long a socket at `/graphql` may be open without an operation. Default 10 minutes. */
  socketIdleMs?: number | undefined;
  /** How long whoever has sent too much over sockets opens none. Default 30 s. */
  socketPenaltyMs?: number | undefined;
  /** Where the plugins come from, and what runs them; by default those of the database. false: none are run. */
  plugins?: ((app: AppServices) => Pick<PluginsOptions, 'shelf' | 'start'>) | false;
  /**
   * The first start's work, on the migrated database. The server listens when it calls `listen`, which may throw a
   * ConfigError, and otherwise once everything else has started.
   */
  prepare?: (
    parts: Pick<App, 'database' | 'services' | 'contextFor'> & { listen: () => Promise<void> },
  ) => Promise<void>;
}

export interface App {
  /** Where it listens: `http://127.0.0.1:4000`. */
  url: string;
  server: Server;
  database: Database;
  services: Services;
  graph: Graph;
  plugins: RunningPlugins | undefined;
  /** undefined in a process that only works. */
  rest: RestDialects | undefined;
  consumers: Consumers;
  eventTypes: EventTypes;
  /** A context of the server's own, or of a person without a request. */
  contextFor: AppServices['makeContext']['forViewer'];
  /** Says from now on that it is not ready, for whoever sends requests here to send them elsewhere; goes on. */
  drain: () => void;
  /** Takes no more requests, lets those under way finish, closes everything. */
  stop: () => Promise<void>;
}

/** Starts the parts, in order, and serves. Throws when anything cannot start; what was open by then is closed again. */
export async function startApp({
  config,
  log,
  database,
  validateResponses = false,
  now = () => new Date(),
  eventSocket = {},
  clientStallMs,
  socketIdleMs,
  socketPenaltyMs,
  plugins: pluginsOf = (app) => ({ shelf: pluginShelf(app), start: startPlugin }),
  prepare,
}: AppOptions): Promise<App> {
  const closing = new CloseStack(log);
  try {
    const app = await openServices({ config, log, database, now }, closing);
    const graph = openGraph(app);
    app.eventPayloads.serve(graph, app.makeContext.forViewer);
    const parts = { database: app.database, services: app.services, contextFor: app.makeContext.forViewer };
    // Before anything here can be at an ingest of its own.
    await closeLostIngests(app.ownContext(theSystem, 'start'), { isAlone: app.database.embedded !== undefined });
    const plugins = pluginsOf ? openPluginsOf(app, graph, pluginsOf(app), closing) : undefined;
    const web =
      config.process === 'worker'
        ? { server: openMonitoring(app, graph, closing) }
        : await openWeb(
            app,
            graph,
            {
              validateResponses,
              eventSocket,
              clientStallMs,
              socketIdleMs,
              socketPenaltyMs,
              pluginOf: (id) => plugins?.withPages(id),
              pluginPages: () => plugins?.pages() ?? [],
            },
            closing,
          );
    if ('rest' in web) plugins?.serveWeb(web);
    let url: string | undefined;
    const listening = async (): Promise<string> => (url ??= await listen(web.server, config));
    await prepare?.({ ...parts, listen: async () => void (await listening()) });
    if (config.process !== 'web') await startWorker(app, closing);
    await plugins?.follow();
    return {
      rest: undefined,
      plugins,
      ...parts,
      ...web,
      graph,
      url: await listening(),
      consumers: app.consumers,
      eventTypes: app.eventTypes,
      drain: () => {
        app.draining.abort();
        void app.services.presence.drain();
      },
      stop: () => {
        void app.services.presence.drain();
        return closing.close();
      },
    };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

function openPluginsOf(
  app: AppServices,
  graph: Graph,
  parts: Pick<PluginsOptions, 'shelf' | 'start'>,
  closing: CloseStack,
): RunningPlugins {
  const http = openPluginHttp(app.config.webhooks);
  closing.add(() => http.close());
  const figures = pluginFigures(app.metrics.registry);
  const plugins = openPlugins({
    app,
    graph,
    figures,
    http: (scope, request) => http.send(request, scope.signal && { signal: scope.signal }),
    ...parts,
  });
  closing.add(() => plugins.stop());
  app.services.plugins.use(plugins);
  return plugins;
}

/** Throws ConfigError when the address is taken or not to be had. */
async function listen(server: Server, { host, port }: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError(listenRefusal(cause, { host, port }), { cause });
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
}

function listenRefusal(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: Pick<Config, 'host' | 'port'>,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: another program listens at port ${port} of ${host}`;
    case 'EACCES':
      return `PORT: this user may not listen at port ${port}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST: ${host} is no address of this machine`;
    default:
      return `HOST, PORT: cannot listen at port ${port} of ${host} (${message})`;
  }
}
