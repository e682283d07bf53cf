import 'reflect-metadata';
import { createHmac, randomUUID } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import express, { type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { type Config, packageRoot } from '../config/config.js';
import { encryptionKey, jwtSecret } from '../config/secrets.js';
import { version } from '../config/version.js';
import { type Database, type DatabaseOptions, openDatabase } from '../db/database.js';
import { startConsumers } from '../events/consumer.js';
import { startFeed } from '../events/feed.js';
import { startRelay } from '../events/relay.js';
import { findTesseract } from '../files/recognition.js';
import { stopTextExtraction } from '../files/text-extraction.js';
import { AcceptedDocuments } from '../graph/accepted-documents.js';
import { graphAdmission } from '../graph/admission.js';
import { startApollo } from '../graph/apollo.js';
import { contextMaker } from '../graph/context.js';
import { executor } from '../graph/executor.js';
import { LiveSchema } from '../graph/live-schema.js';
import { principalOf } from '../graph/principal.js';
import { graphQuota } from '../graph/quota.js';
import { PlanCompiler } from '../graph/reader/compile.js';
import { entityShapes } from '../graph/reader/metadata.js';
import { passThrough } from '../graph/reader/pass-through.js';
import { buildServedSchema } from '../graph/schema.js';
import { isForeignForm } from '../http/csrf.js';
import type { EventSocketOptions } from '../http/event-socket.js';
import { frontDoor } from '../http/front-door.js';
import { graphqlDoor } from '../http/graphql-door.js';
import { graphqlFastPath } from '../http/graphql-fast-path.js';
import { contextOfRequests } from '../http/request-context.js';
import { factsOf, identify, noteEndpoint, observe, requestIdOf } from '../http/requests.js';
import { openSocketDoors } from '../http/sockets.js';
import { keyStore } from '../idempotency/key-store.js';
import { openJobs } from '../jobs/queue.js';
import type { Context, Services } from '../kernel/context.js';
import { hookRunner } from '../kernel/hooks.js';
import { loadersFrom } from '../kernel/loaders.js';
import { UploadedFile } from '../kernel/scalars.js';
import { theSystem, type Viewer } from '../kernel/viewer.js';
import { forbidden } from '../lib/errors.js';
import { sealerOf } from '../lib/sealing.js';
import { smtpMailer } from '../mail/mailer.js';
import { makeMetrics } from '../metrics/metrics.js';
import { mayFile } from '../modules/documents/files/file-document.js';
import { findWatchOwner } from '../modules/documents/watched-folder/find-watch-owner.js';
import { watchFolder } from '../modules/documents/watched-folder/watch-folder.js';
import { startApiKeyUsage } from '../modules/identity/api-keys/api-key-usage.js';
import { accessTokens } from '../modules/identity/sessions/access-tokens.js';
import { startCredentialCache } from '../modules/identity/sessions/credential-cache.js';
import { closeLostIngests } from '../modules/ingests/track-ingest.js';
import { pages } from '../pages/pages.js';
import { securityHeaders } from '../pages/security-headers.js';
import { openCounterStore } from '../quota/counter-store.js';
import { quotaGate } from '../quota/gate.js';
import { openApiOf } from '../rest/engine/openapi.js';
import type { Dialect } from '../rest/engine/route.js';
import { type RestHandler, restRouter } from '../rest/engine/router.js';
import { diskStore } from '../storage/disk-store.js';
import { sweepSpool } from '../storage/spool.js';
import {
  consumersOf,
  countersOf,
  entitiesOf,
  eventAudienceOf,
  eventTypesOf,
  hooksOf,
  jobsOf,
  loadersOf,
  readModelsOf,
  resolversOf,
} from './compose.js';
import { dialects } from './dialects.js';
import { linksOf } from './links.js';
import { modules } from './modules.js';

export interface AppOptions {
  config: Config;
  log: Logger;
  database?: Omit<DatabaseOptions, 'entities'>;
  /** Checks every REST answer against its route's schema: for tests and development. */
  validateResponses?: boolean;
  now?: () => Date;
  /** Patience of `/ws`; `stallMs` is that of the subscriptions too. */
  eventSocket?: EventSocketOptions;
  /** Runs before the server listens, on the migrated database: the first start's work. */
  prepare?: (parts: Pick<App, 'database' | 'services' | 'contextFor'>) => Promise<void>;
}

export interface App {
  /** Where it listens: `http://127.0.0.1:4000`. */
  url: string;
  server: Server;
  database: Database;
  services: Services;
  /** Resolves when all consumers of the event log have consumed what was placed before the call. */
  caughtUp: () => Promise<void>;
  /** A context of the server's own, or of a person without a request. */
  contextFor: ReturnType<typeof contextMaker>['forViewer'];
  /** Takes no more requests, lets those under way finish, closes everything. */
  stop: () => Promise<void>;
}

/** An upload that is older than this belongs to a process that died. */
const abandonedSpoolMs = 3_600_000;

/** The composition root: the only place that knows everyone. Starts serving; throws when anything cannot. */
export async function startApp({
  config,
  log,
  database: databaseOptions,
  validateResponses = false,
  now = () => new Date(),
  eventSocket = {},
  prepare,
}: AppOptions): Promise<App> {
  const startedAt = now();
  const spoolFolder = join(config.dataDir, 'spool');
  const database = await openDatabase(config, log, { ...databaseOptions, entities: entitiesOf(modules) });
  const closing: (() => Promise<unknown>)[] = [() => database.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.toReversed())
      await close().catch((error: unknown) => log.error({ err: error }, 'closing failed'));
  };
  try {
    await Promise.all([config.ingestDir, spoolFolder].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
    await sweepSpool(spoolFolder, abandonedSpoolMs);
    closing.push(() => stopTextExtraction());
    const store = diskStore(join(config.dataDir, 'files'));
    const events = await startFeed(database.readPrimary, database.listen, log);
    closing.push(() => events.stop());
    const relay = startRelay(database.client, database.listen, log);
    closing.push(() => relay.stop());
    const apiKeyUsage = startApiKeyUsage(database.orm.em, now, log);
    closing.push(() => apiKeyUsage.stop());
    const queue = await openJobs({
      database: config.databaseUrl ? { url: config.databaseUrl } : { embedded: database.embedded as PGlite },
      jobs: jobsOf(modules),
      log,
    });
    closing.push(() => queue.stop());
    const metrics = makeMetrics(countersOf(modules));
    const services: Services = {
      config,
      links: linksOf(dialects(), config.publicUrl),
      store,
      events,
      now,
      apiKeyUsage,
      jobs: queue,
      mailer: config.mail && smtpMailer(config.mail),
      recogniser: config.tesseract && (await findTesseract(config.tesseract, log)),
      count: metrics.count,
      runHook: hookRunner(hooksOf(modules)),
      accessTokens: accessTokens(jwtSecret(config)),
      sealer: sealerOf(encryptionKey(config)),
    };

    const compiler = new PlanCompiler(entityShapes(database.orm, readModelsOf(modules)));
    const live = new LiveSchema(buildServedSchema(resolversOf(modules), compiler.shapes));
    const execute = executor(config.passThrough ? passThrough(compiler) : undefined);
    const credentials = await startCredentialCache(database.listenAtOnce, database.isListening);
    closing.push(() => credentials.stop());
    const makeContext = contextMaker({
      database,
      compiler,
      services,
      credentials,
      loadersFor: loadersFrom(loadersOf(modules)),
      log,
    });
    const counters = await openCounterStore({ redisUrl: config.redisUrl, installation: installationOf(config), log });
    closing.push(() => counters.close());
    const gate =
      config.rateLimitFactor !== undefined
        ? quotaGate(counters, {
            factor: config.rateLimitFactor,
            onRefused: metrics.rateLimited,
            onApiKeyRefused: (keyId) => apiKeyUsage.count(keyId, 'refused'),
          })
        : undefined;
    const admission = graphAdmission(gate && graphQuota(gate));
    const idempotencyKeys = keyStore(() => database.orm.em.fork(), services.sealer);
    await queue.work((requestId, signal) =>
      makeContext.forViewer(theSystem, {
        credential: undefined,
        requestId,
        ip: undefined,
        userAgent: undefined,
        signal,
      }),
    );
    const following = await startConsumers(database.client, database.listen, consumersOf(modules, services), log);
    closing.push(() => following.stop());
    await prepare?.({ database, services, contextFor: makeContext.forViewer });
    const ownContext = (viewer: Viewer, name: string): Context =>
      makeContext.forViewer(viewer, {
        credential: undefined,
        requestId: `${name}_${randomUUID().replaceAll('-', '')}`,
        ip: undefined,
        userAgent: undefined,
      });
    const { em } = ownContext(theSystem, 'start');
    await closeLostIngests(ownContext(theSystem, 'start'), { isAlone: database.embedded !== undefined });
    if (services.recogniser) await em.transactional((tem) => queue.send(tem, 'documents.recognise_waiting', {}));
    if (config.watchDir) {
      const folder = await watchFolder({
        root: config.watchDir,
        contextFor: async () => {
          const owner = await findWatchOwner(em, config.watchOwner);
          return owner && mayFile(owner) ? ownContext(owner, 'watch') : undefined;
        },
        log,
      });
      closing.push(() => folder.stop());
    }

    const app = express();
    app.disable('x-powered-by');
    app.set('trust proxy', config.trustProxy);
    app.set('query parser', 'simple');
    const server = createServer({ maxHeaderSize: 32 * 1024 });
    const sockets = openSocketDoors(server, {
      live,
      shapes: compiler.shapes,
      makeContext,
      events,
      audience: eventAudienceOf(modules),
      eventTypes: () => eventTypesOf(modules),
      log,
      admission,
      trustProxy: config.trustProxy,
      eventSocket,
    });
    closing.push(() => sockets.stop());
    metrics.sockets(sockets.count);
    const accepted = new AcceptedDocuments();
    const apollo = await startApollo(live, { httpServer: server, log, idempotencyKeys, admission, accepted });

    const secure = securityHeaders({ https: config.publicUrl.startsWith('https:') });
    const contextOf = contextOfRequests(makeContext, config);

    app.use('/graphql', graphqlDoor({ apollo, contextOf, admission }));

    const served = dialects({
      health: async () => ({
        database: await database.isUp(),
        // Events travel by the database's own notifications; xcore's document calls the bus by the name of its usual kind.
        redis: database.isListening() && (await counters.isUp()),
        disk: await isWritable(config.dataDir),
      }),
      metrics: metrics.text,
      version,
      startedAt,
    });
    const documented = served.filter((d) => d.routes.length > 0);
    app.use(
      pages({
        staticFolder: join(packageRoot, 'dist/static'),
        dialects: documented.map((d) => ({
          name: d.name,
          title: d.title,
          prefix: d.prefix,
          description: d.description,
        })),
        publicUrl: config.publicUrl,
        version,
        demo: config.demo,
      }),
    );
    for (const dialect of documented)
      app.get(`/core-docs/${dialect.name}.json`, openApiHandler(dialect, config.publicUrl));

    const buildRest = (): RestHandler =>
      restRouter(served, {
        schema: () => live.current,
        execute: ({ document, operationName, variables, context }) =>
          execute.values({ schema: live.current, document, operationName, variables, context: context as Context }),
        context: async (request, response, { dialect, route }) => {
          noteEndpoint(response, `${dialect.prefix}${route.path}`);
          if (route.credential === 'none') {
            if (isForeignForm(request.headers, config.publicUrl))
              throw forbidden('A form must come from this site', 'foreign_origin');
            return makeContext({ ...factsOf(request, config.trustProxy), credential: undefined });
          }
          return contextOf(request, () => route.credential === 'optional');
        },
        isSignedIn: (context) => (context as Context).viewer.userId !== undefined,
        principal: (context) => principalOf((context as Context).viewer),
        ...(gate && { quotas: gate }),
        idempotencyKeys,
        store,
        spoolFolder,
        makeUpload: (filename, content) => new UploadedFile(filename, content),
        log,
        validateResponses,
        requestId: requestIdOf,
        trustProxy: config.trustProxy,
      });
    let rest = buildRest();
    live.onSwap(() => (rest = buildRest()));
    app.use((request, response) => rest(request, response));
    server.on(
      'request',
      frontDoor({
        always: [identify, observe(log, metrics.observe), (_request, response) => secure(response)],
        fastPath: graphqlFastPath({ live, execute, accepted, contextOf, admission, log }),
        rest: (request, response) => rest(request, response),
        app,
        log,
      }),
    );

    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : config.port;
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
      server,
      database,
      services,
      caughtUp: following.caughtUp,
      contextFor: makeContext.forViewer,
      stop: async () => {
        // Apollo's drain closes the listener and waits for requests under way; sockets are told first.
        await sockets.stop();
        await apollo.stop();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The same in all processes that share the signing key; says nothing of it. */
const installationOf = (config: Config): string =>
  createHmac('sha256', jwtSecret(config)).update('redis keys').digest('hex').slice(0, 12);

/** The document is made once, on first demand. */
function openApiHandler(dialect: Dialect, publicUrl: string): RequestHandler {
  let document: object | undefined;
  return (_request, response) => void response.json((document ??= openApiOf(dialect, { publicUrl })));
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
