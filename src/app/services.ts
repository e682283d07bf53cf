import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { encryptionKey, jwtSecret } from '../config/secrets.js';
import { version } from '../config/version.js';
import { type Database, type DatabaseOptions, openDatabase } from '../db/database.js';
import { WrittenStatement } from '../db/sql.js';
import { type Consumers, openConsumers } from '../events/consumer.js';
import { makeEventMonths } from '../events/event-months.js';
import { eventTypes, type EventTypes } from '../events/event-types.js';
import { startFeed } from '../events/feed.js';
import { startOpenSubscriptions } from '../events/open-subscriptions.js';
import { startRelay } from '../events/relay.js';
import { stopMediaWorker } from '../files/media-jobs.js';
import { findTesseract } from '../files/recognition.js';
import { stopTextExtraction } from '../files/text-extraction.js';
import { graphAdmission, type GraphAdmission } from '../graph/admission.js';
import { type ContextMaker, contextMaker, visibilityCheck } from '../graph/context.js';
import { graphCounters } from '../graph/counters.js';
import { ownWrites } from '../graph/own-writes.js';
import { graphQuota } from '../graph/quota.js';
import { PlanCompiler } from '../graph/reader/compile.js';
import { entityShapes, type EntityShapes } from '../graph/reader/metadata.js';
import { keyStore } from '../idempotency/key-store.js';
import type { KeyStore } from '../idempotency/once.js';
import { openJobs } from '../jobs/queue.js';
import type { Context, Services } from '../kernel/context.js';
import { hookRunner } from '../kernel/hooks.js';
import { loadersFrom } from '../kernel/loaders.js';
import type { Viewer } from '../kernel/viewer.js';
import type { CloseStack } from '../lib/close-stack.js';
import { sealerOf } from '../lib/sealing.js';
import { smtpMailer } from '../mail/mailer.js';
import { makeMetrics, type Metrics } from '../metrics/metrics.js';
import type { EventAudience } from '../modules/audit/audit-event.policy.js';
import { stopCategorizationWorker } from '../modules/banking/categorization/categorization-jobs.js';
import { stopMatchingWorker } from '../modules/documents/filing/matching-jobs.js';
import { startApiKeyUsage } from '../modules/identity/api-keys/api-key-usage.js';
import { accessTokens } from '../modules/identity/sessions/access-tokens.js';
import { startCredentialCache } from '../modules/identity/sessions/credential-cache.js';
import { stopPaperWorker } from '../modules/invoicing/rendering/paper-jobs.js';
import { startFigures } from '../modules/monitoring/figures/figures.js';
import { showIn } from '../modules/monitoring/metrics.js';
import { PluginRuntimes } from '../modules/plugins/plugin-runtime.js';
import { startPresence } from '../modules/processes/presence.js';
import { stopRenderWorker } from '../modules/reports/rendering/render-jobs.js';
import { ActionRegistry } from '../modules/tasks/actions/action-registry.js';
import { TaskRunner } from '../modules/tasks/runs/task-runner.js';
import { type CounterStore, openCounterStore } from '../quota/counter-store.js';
import { type QuotaGate, quotaGate } from '../quota/gate.js';
import type { ContentStore } from '../storage/content-store.js';
import { openContentStore } from '../storage/open-content-store.js';
import { sweepSpool } from '../storage/spool.js';
import {
  cleanupOf,
  consumersOf,
  countersOf,
  entitiesOf,
  eventAudienceOf,
  eventHoldsOf,
  eventTypesOf,
  gaugesOf,
  hooksOf,
  personalDataOf,
  jobsOf,
  loadersOf,
  readModelsOf,
  taskActionsOf,
  trashOf,
} from './compose.js';
import { dialects } from './dialects.js';
import { GraphPayloads } from './event-payloads.js';
import { openFolders } from './folders.js';
import { linksOf } from './links.js';
import { modules } from './modules.js';
import { audienceWithPlugins } from './plugins/plugin-events.js';
import { showState } from './state-gauges.js';

export interface ServicesOptions {
  config: Config;
  log: Logger;
  database?: Omit<DatabaseOptions, 'entities'> | undefined;
  now: () => Date;
}

/** What every process opens, whether it serves requests or works behind them. */
export interface AppServices {
  config: Config;
  log: Logger;
  startedAt: Date;
  /** Aborted when the process is about to stop: it still answers, and nobody should send more. */
  draining: AbortController;
  database: Database;
  /** What commands and resolvers get of it. */
  services: Services;
  compiler: PlanCompiler;
  /** What follows the event log and writes. */
  consumers: Consumers;
  eventTypes: EventTypes;
  /** Who may have which events. */
  audience: EventAudience;
  /** The types of events that plugins brought, as of now. */
  pluginEvents: Set<string>;
  /** What webhooks say of events; reads nothing before it has the graph. */
  eventPayloads: GraphPayloads;
  makeContext: ContextMaker;
  /** A context for what the server does by itself, or does for a person without a request. */
  ownContext: (viewer: Viewer, name: string) => Context;
  metrics: Metrics;
  quotas: Quotas;
  idempotencyKeys: KeyStore;
  /** Of credentials that are found without asking the database. */
  credentialCount: () => number;
  /** Where uploads lie until they are filed. */
  spoolFolder: string;
}

export interface Quotas {
  counters: CounterStore;
  /** undefined: nothing is counted. */
  gate: QuotaGate | undefined;
  /** Limits, cost and quota of GraphQL operations. */
  admission: GraphAdmission;
}

const contentStoreUp = {
  name: 'xcore_content_store_up',
  help: 'Whether what keeps the files (a folder, or S3) can be reached: 1 or 0',
};

const replicasUp = {
  name: 'xcore_replicas_up',
  help: 'How many of the replicas answer and keep up',
};

/** An upload that is older than this belongs to a process that died, also elsewhere, where nobody can tell. */
const abandonedSpoolMs = 3_600_000;

/** Opens everything in order and puts each on `closing` at once. Throws when anything cannot be opened. */
export async function openServices(
  { config, log, now, database: databaseOptions }: ServicesOptions,
  closing: CloseStack,
): Promise<AppServices> {
  const startedAt = now();
  await openTelemetry(config, log, closing);
  const spoolFolder = join(config.dataDir, 'spool');
  await openFolders(config, spoolFolder);
  const database = await openDatabase(config, log, { ...databaseOptions, entities: entitiesOf(modules) });
  closing.add(() => database.close());
  const content = await openContentStore(config, { spoolFolder, log });
  closing.add(async () => content.close());
  // Nobody shares the folder of the embedded database, whose lock this process holds.
  await sweepSpool(spoolFolder, database.embedded ? 0 : abandonedSpoolMs);
  closing.add(stopTextExtraction);
  closing.add(stopMediaWorker);
  closing.add(stopRenderWorker);
  closing.add(stopPaperWorker);
  closing.add(stopMatchingWorker);
  closing.add(stopCategorizationWorker);

  const metrics = makeMetrics([...graphCounters, ...countersOf(modules)]);
  metrics.gauge(contentStoreUp, async () => Number(await content.isUp()));
  metrics.gauge(replicasUp, async () => database.replicas?.countUp() ?? 0);
  showState(metrics, { config, database });
  for (const gauge of gaugesOf(modules)) metrics.gauge(gauge, () => gauge.read(database.client));
  const types = eventTypes();
  types.add(eventTypesOf(modules));
  const compiler = new PlanCompiler(entityShapes(database.orm, readModelsOf(modules)));
  const pluginEvents = new Set<string>();
  const audience = audienceWithPlugins(eventAudienceOf(modules), compiler.shapes, (type) => pluginEvents.has(type));
  const eventPayloads = new GraphPayloads(dialects());
  const services = await openKernelServices(
    {
      config,
      log,
      now,
      database,
      store: content.store,
      metrics,
      eventTypes: types,
      eventPayloads,
      shapes: compiler.shapes,
      patienceMs: databaseOptions?.patienceMs,
      audience,
    },
    closing,
  );
  const credentials = await startCredentialCache(database.listenAtOnce, database.isListening);
  closing.add(() => credentials.stop());
  const following = await openConsumersOf(services, { database, log }, closing);
  const quotas = await openQuotas(config, { services, metrics, log }, closing);
  const makeContext = contextMaker({
    database,
    compiler,
    services,
    credentials,
    ownWrites: ownWrites(database, quotas.counters.texts),
    loadersFor: loadersFrom(loadersOf(modules)),
    log,
  });
  return {
    config,
    log,
    startedAt,
    draining: new AbortController(),
    database,
    services,
    compiler,
    consumers: following,
    eventTypes: types,
    audience,
    pluginEvents,
    eventPayloads,
    makeContext,
    ownContext: (viewer, name) =>
      makeContext.forViewer(viewer, {
        credential: undefined,
        requestId: `${name}_${randomUUID().replaceAll('-', '')}`,
        ip: undefined,
        userAgent: undefined,
      }),
    metrics,
    quotas,
    idempotencyKeys: keyStore(database.client, services.sealer),
    credentialCount: credentials.count,
    spoolFolder,
  };
}

/** Only then is anything of it loaded. */
async function openTelemetry(config: Config, log: Logger, closing: CloseStack): Promise<void> {
  if (!config.telemetry) return;
  const { startTelemetry } = await import('../telemetry/start-telemetry.js');
  const telemetry = startTelemetry({ ...config.telemetry, process: config.process, log });
  closing.add(() => telemetry.stop());
}

interface KernelServicesOptions extends Pick<ServicesOptions, 'config' | 'log' | 'now'> {
  database: Database;
  store: ContentStore;
  metrics: Metrics;
  eventTypes: EventTypes;
  eventPayloads: GraphPayloads;
  shapes: EntityShapes;
  /** See `DatabaseOptions`. */
  patienceMs: number | undefined;
  audience: EventAudience;
}

async function openKernelServices(
  {
    config,
    log,
    now,
    database,
    store,
    metrics,
    eventTypes: types,
    eventPayloads,
    shapes,
    patienceMs,
    audience,
  }: KernelServicesOptions,
  closing: CloseStack,
): Promise<Services> {
  await makeEventMonths(database.client, log);
  const events = await startFeed(database.readPrimary, database.listen, log);
  closing.add(() => events.stop());
  const presence = await startPresence({ db: database.client, role: config.process, version, log });
  closing.add(() => presence.stop());
  const openSubscriptions = await startOpenSubscriptions({
    client: database.client,
    listen: database.listen,
    processId: presence.id,
    newest: events.newest,
    log,
  });
  closing.add(() => openSubscriptions.stop());
  const relay = startRelay(database.client, log);
  closing.add(() => relay.stop());
  const apiKeyUsage = startApiKeyUsage(database.client, now, log);
  closing.add(() => apiKeyUsage.stop());
  const figures = startFigures({ db: database.client, now, log, show: showIn(metrics) });
  closing.add(() => figures.stop());
  const queue = await openJobs({
    takesJobs: config.process !== 'web',
    database: config.databaseUrl ? { url: config.databaseUrl, patienceMs } : { embedded: database.embedded as PGlite },
    onSignal: database.client.onSignal,
    jobs: jobsOf(modules),
    log,
  });
  closing.add(() => queue.stop());
  return {
    config,
    links: linksOf(dialects(), config.publicUrl),
    store,
    events,
    openSubscriptions,
    mayHear: hearing(shapes, audience),
    eventPayloads,
    eventTypes: types.list,
    eventHolds: eventHoldsOf(modules),
    now,
    apiKeyUsage,
    figures,
    presence,
    plugins: new PluginRuntimes(),
    jobs: queue,
    tasks: new TaskRunner(new ActionRegistry(taskActionsOf(modules))),
    cleanup: cleanupOf(modules),
    emptyTrash: trashOf(modules),
    mailer: config.mail && smtpMailer(config.mail),
    recogniser: config.tesseract && (await findTesseract(config.tesseract, log)),
    count: metrics.count,
    personalData: personalDataOf(modules),
    runHook: hookRunner(hooksOf(modules)),
    accessTokens: accessTokens(jwtSecret(config)),
    sealer: sealerOf(encryptionKey(config)),
  };
}

/** Asks with a runner of the caller's, such as a transaction, what `/ws` asks. */
function hearing(shapes: EntityShapes, { mayHear }: EventAudience): Services['mayHear'] {
  return async (db, event, viewer) =>
    mayHear(event, {
      viewer,
      isVisible: visibilityCheck(viewer, shapes, (text, values) => db.all(new WrittenStatement(text, values))),
    });
}

/** Adds the consumers, which do not begin yet. */
async function openConsumersOf(
  services: Services,
  { database, log }: Pick<AppServices, 'database' | 'log'>,
  closing: CloseStack,
): Promise<Consumers> {
  const opened = openConsumers(database.client, database.listen, log);
  closing.add(() => opened.stop());
  for (const consumer of consumersOf(modules, services, { db: database.client, log })) await opened.add(consumer);
  return opened;
}

async function openQuotas(
  config: Config,
  { services, metrics, log }: Pick<AppServices, 'services' | 'metrics' | 'log'>,
  closing: CloseStack,
): Promise<Quotas> {
  const counters = await openCounterStore({ redisUrl: config.redisUrl, installation: installationOf(config), log });
  closing.add(() => counters.close());
  if (config.rateLimitFactor === undefined) return { counters, gate: undefined, admission: graphAdmission(undefined) };
  const gate = quotaGate(counters, {
    factor: config.rateLimitFactor,
    onRefused: metrics.rateLimited,
    onApiKeyRefused: (keyId) => services.apiKeyUsage.count(keyId, 'refused'),
  });
  return { counters, gate, admission: graphAdmission(graphQuota(gate)) };
}

/** The same in all processes that share the signing key; reveals nothing of it. */
const installationOf = (config: Config): string =>
  createHmac('sha256', jwtSecret(config)).update('redis keys').digest('hex').slice(0, 12);
