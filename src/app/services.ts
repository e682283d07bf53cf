import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { encryptionKey, jwtSecret } from '../config/secrets.js';
import { type Database, type DatabaseOptions, openDatabase } from '../db/database.js';
import { WrittenStatement } from '../db/sql.js';
import { type Consumers, openConsumers } from '../events/consumer.js';
import { eventTypes, type EventTypes } from '../events/event-types.js';
import { startFeed } from '../events/feed.js';
import { startRelay } from '../events/relay.js';
import { findTesseract } from '../files/recognition.js';
import { stopTextExtraction } from '../files/text-extraction.js';
import { graphAdmission, type GraphAdmission } from '../graph/admission.js';
import { type ContextMaker, contextMaker, visibilityCheck } from '../graph/context.js';
import { graphCounters } from '../graph/counters.js';
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
import { startApiKeyUsage } from '../modules/identity/api-keys/api-key-usage.js';
import { accessTokens } from '../modules/identity/sessions/access-tokens.js';
import { startCredentialCache } from '../modules/identity/sessions/credential-cache.js';
import { type CounterStore, openCounterStore } from '../quota/counter-store.js';
import { type QuotaGate, quotaGate } from '../quota/gate.js';
import { diskStore } from '../storage/disk-store.js';
import { sweepSpool } from '../storage/spool.js';
import {
  consumersOf,
  countersOf,
  entitiesOf,
  eventAudienceOf,
  eventTypesOf,
  gaugesOf,
  hooksOf,
  personalDataOf,
  jobsOf,
  loadersOf,
  readModelsOf,
} from './compose.js';
import { dialects } from './dialects.js';
import { openFolders } from './folders.js';
import { linksOf } from './links.js';
import { modules } from './modules.js';

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
  database: Database;
  /** What commands and resolvers get of it. */
  services: Services;
  compiler: PlanCompiler;
  /** What follows the event log and writes. */
  consumers: Consumers;
  eventTypes: EventTypes;
  makeContext: ContextMaker;
  /** A context for what the server does by itself, or does for a person without a request. */
  ownContext: (viewer: Viewer, name: string) => Context;
  metrics: Metrics;
  quotas: Quotas;
  idempotencyKeys: KeyStore;
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

/** An upload that is older than this belongs to a process that died. */
const abandonedSpoolMs = 3_600_000;

/** Opens everything in order and puts each on `closing` at once. Throws when anything cannot be opened. */
export async function openServices(
  { config, log, now, database: databaseOptions }: ServicesOptions,
  closing: CloseStack,
): Promise<AppServices> {
  const startedAt = now();
  const spoolFolder = join(config.dataDir, 'spool');
  await openFolders(config, spoolFolder);
  const database = await openDatabase(config, log, { ...databaseOptions, entities: entitiesOf(modules) });
  closing.add(() => database.close());
  await sweepSpool(spoolFolder, abandonedSpoolMs);
  closing.add(stopTextExtraction);

  const metrics = makeMetrics([...graphCounters, ...countersOf(modules)]);
  for (const gauge of gaugesOf(modules)) metrics.gauge(gauge, () => gauge.read(database.client));
  const types = eventTypes();
  types.add(eventTypesOf(modules));
  const compiler = new PlanCompiler(entityShapes(database.orm, readModelsOf(modules)));
  const services = await openKernelServices(
    { config, log, now, database, metrics, eventTypes: types, shapes: compiler.shapes },
    closing,
  );
  const credentials = await startCredentialCache(database.listenAtOnce, database.isListening);
  closing.add(() => credentials.stop());
  const following = await openConsumersOf(services, { database, log }, closing);
  const makeContext = contextMaker({
    database,
    compiler,
    services,
    credentials,
    loadersFor: loadersFrom(loadersOf(modules)),
    log,
  });
  return {
    config,
    log,
    startedAt,
    database,
    services,
    compiler,
    consumers: following,
    eventTypes: types,
    makeContext,
    ownContext: (viewer, name) =>
      makeContext.forViewer(viewer, {
        credential: undefined,
        requestId: `${name}_${randomUUID().replaceAll('-', '')}`,
        ip: undefined,
        userAgent: undefined,
      }),
    metrics,
    quotas: await openQuotas(config, { services, metrics, log }, closing),
    idempotencyKeys: keyStore(database.client, services.sealer),
    spoolFolder,
  };
}

interface KernelServicesOptions extends Pick<ServicesOptions, 'config' | 'log' | 'now'> {
  database: Database;
  metrics: Metrics;
  eventTypes: EventTypes;
  shapes: EntityShapes;
}

async function openKernelServices(
  { config, log, now, database, metrics, eventTypes: types, shapes }: KernelServicesOptions,
  closing: CloseStack,
): Promise<Services> {
  const events = await startFeed(database.readPrimary, database.listen, log);
  closing.add(() => events.stop());
  const relay = startRelay(database.client, log);
  closing.add(() => relay.stop());
  const apiKeyUsage = startApiKeyUsage(database.client, now, log);
  closing.add(() => apiKeyUsage.stop());
  const queue = await openJobs({
    takesJobs: config.process !== 'web',
    database: config.databaseUrl ? { url: config.databaseUrl } : { embedded: database.embedded as PGlite },
    jobs: jobsOf(modules),
    log,
  });
  closing.add(() => queue.stop());
  return {
    config,
    links: linksOf(dialects(), config.publicUrl),
    store: diskStore(join(config.dataDir, 'files')),
    events,
    mayHear: hearing(shapes),
    eventTypes: types.list,
    now,
    apiKeyUsage,
    jobs: queue,
    mailer: config.mail && smtpMailer(config.mail),
    recogniser: config.tesseract && (await findTesseract(config.tesseract, log)),
    count: metrics.count,
    personalData: personalDataOf(modules),
    runHook: hookRunner(hooksOf(modules)),
    accessTokens: accessTokens(jwtSecret(config)),
    sealer: sealerOf(encryptionKey(config)),
  };
}

/** Asks within a transaction what `/ws` asks outside of any. */
function hearing(shapes: EntityShapes): Services['mayHear'] {
  const { mayHear } = eventAudienceOf(modules);
  return async (tx, event, viewer) =>
    mayHear(event, {
      viewer,
      isVisible: visibilityCheck(viewer, shapes, (text, values) => tx.all(new WrittenStatement(text, values))),
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
  for (const consumer of consumersOf(modules, services)) await opened.add(consumer);
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
