import { createServer, type Server } from 'node:http';
import { corsOf } from '../http/cors.js';
import { contextOfRequests } from '../http/request-context.js';
import { goingAway, identify, observe, prepared } from '../http/requests.js';
import { serverOptions } from '../http/server-options.js';
import { cutStalled } from '../http/stalled-clients.js';
import { theSystem } from '../kernel/viewer.js';
import type { CloseStack } from '../lib/close-stack.js';
import { mayFile } from '../modules/documents/files/file-document.js';
import { findWatchOwner } from '../modules/documents/watched-folder/find-watch-owner.js';
import { watchFolder } from '../modules/documents/watched-folder/watch-folder.js';
import { securityHeaders } from '../pages/security-headers.js';
import { workersOf } from './compose.js';
import { monitoringDialect } from './dialects.js';
import type { Graph } from './graph.js';
import { modules } from './modules.js';
import { dialectOptionsOf, recordingOf } from './monitoring.js';
import { openRest } from './rest.js';
import type { AppServices } from './services.js';

/** Begins to take jobs, to consume the event log, the modules' own work, and to watch the folder of dropped files. */
export async function startWorker(app: AppServices, closing: CloseStack): Promise<void> {
  const { consumers, database, makeContext, services } = app;
  await services.jobs.work((requestId, signal, notes) =>
    makeContext.forViewer(theSystem, {
      credential: undefined,
      requestId,
      ip: undefined,
      userAgent: undefined,
      signal,
      notes,
    }),
  );
  await consumers.work();
  for (const start of workersOf(modules)) {
    const worker = await start({ ctx: app.ownContext(theSystem, 'worker'), listen: database.listen });
    closing.add(() => worker.stop());
  }
  if (services.recogniser)
    await database.client.transaction((tx) => services.jobs.send(tx, 'documents.recognise_waiting', {}));
  await watchDroppedFiles(app, closing);
}

async function watchDroppedFiles(
  { config, database, log, ownContext }: AppServices,
  closing: CloseStack,
): Promise<void> {
  if (!config.watchDir) return;
  const folder = await watchFolder({
    root: config.watchDir,
    contextFor: async () => {
      const owner = await findWatchOwner(database.client, config.watchOwner);
      return owner && mayFile(owner) ? ownContext(owner, 'watch') : undefined;
    },
    log,
  });
  closing.add(() => folder.stop());
}

/** The server of a process that only works: `/health…` and `/metrics`, and 404 for the rest. Not listening yet. */
export function openMonitoring(app: AppServices, graph: Graph, closing: CloseStack): Server {
  const { config, log, makeContext } = app;
  const site = { publicUrl: config.publicUrl, cors: corsOf(config.corsOrigins) };
  const rest = openRest(app, graph, {
    dialects: [monitoringDialect(dialectOptionsOf(app))],
    contextOf: contextOfRequests(makeContext, { site, trustProxy: config.trustProxy }),
    site,
    validateResponses: false,
  });
  const secure = securityHeaders({ https: config.publicUrl.startsWith('https:') });
  const prepare = prepared([
    identify,
    observe(log, recordingOf(app)),
    (_request, response) => secure(response),
    goingAway(app),
    cutStalled(),
  ]);
  const server = createServer(serverOptions, (request, response) => {
    prepare(request, response);
    rest.handle(request, response).catch((err: unknown) => {
      log.error({ err }, 'a request could not be answered');
      response.destroy();
    });
  });
  closing.add(async () => {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  return server;
}
