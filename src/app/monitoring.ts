import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '../config/version.js';
import type { RequestRecord } from '../http/requests.js';
import { boundedCheck } from '../lib/bounded-read.js';
import type { Outcome } from '../modules/monitoring/figures/figures.js';
import { recordOperation, recordRoute } from '../modules/monitoring/figures/record-request.js';
import { freeBytesAt } from '../storage/disk-space.js';
import type { DialectOptions } from './dialects.js';
import type { AppServices } from './services.js';

/** Whoever probes gives up after few seconds, so that an answer has to come before, also when something hangs. */
const checkMs = 3_000;

/** What `/health` and `/metrics` say of this process. */
export function dialectOptionsOf({
  config,
  database,
  draining,
  metrics,
  quotas,
  spoolFolder,
  startedAt,
}: AppServices): DialectOptions {
  const isDatabaseUp = boundedCheck(database.isUp, checkMs);
  const isRedisUp = boundedCheck(quotas.counters.isUp, checkMs);
  const isDiskWritable = boundedCheck(() => isWritable(spoolFolder), checkMs);
  const hasRoom = boundedCheck(
    async () => (await isWritable(spoolFolder)) && (await freeBytesAt(spoolFolder)) >= config.minFreeBytes,
    checkMs,
  );
  const health: DialectOptions['health'] = async () => {
    const [isDatabaseThere, isRedisThere, disk] = await Promise.all([isDatabaseUp(), isRedisUp(), hasRoom()]);
    // Events travel by the database's own notifications; xcore's document calls the bus by the name of its usual kind.
    return { database: isDatabaseThere, redis: database.isListening() && isRedisThere, disk };
  };
  metrics.gauges({
    gauges: { xcore_health_check_up: { help: 'Whether a check of /health succeeds: 1 or 0', label: 'check' } },
    longestMs: checkMs + 500,
    read: async () => ({
      xcore_health_check_up: Object.entries(await health()).map(([of, isUp]) => ({ of, value: Number(isUp) })),
    }),
  });
  return {
    health,
    // Without Redis each process counts the quotas by itself, and goes on serving.
    // Who can still read is served, also where there is no room for files any more.
    isReady: async () => {
      const [isDatabaseThere, disk] = await Promise.all([isDatabaseUp(), isDiskWritable()]);
      return isDatabaseThere && database.isListening() && disk && !draining.signal.aborted;
    },
    metrics: config.metrics && { text: metrics.text, token: config.metrics.token },
    version,
    startedAt,
    timeZone: config.timeZone,
    demo: config.demo,
  };
}

/** A full disk still opens files: only bytes show it. */
async function isWritable(folder: string): Promise<boolean> {
  const file = join(folder, `.health-${process.pid}`);
  await writeFile(file, 'written to see whether it can be');
  await rm(file, { force: true });
  return true;
}

/** What each request of this process adds to the metrics and to what administrators see of all processes. */
export const recordingOf =
  ({ metrics, services: { figures } }: Pick<AppServices, 'metrics' | 'services'>) =>
  (request: RequestRecord): void => {
    metrics.observe(request);
    const { method, endpoint, status, responseMs: ms, notes } = request;
    // A tool is an operation of the graph.
    if (endpoint === 'graphql' || (endpoint === 'mcp' && notes.operation !== undefined)) {
      // The graph answers its errors with 200.
      const outcome = status < 400 ? (notes.outcome ?? 'answered') : outcomeOf(status);
      return recordOperation(figures, notes, { outcome, ms });
    }
    // Whoever tries out paths must not fill the list with methods.
    const route = endpoint === 'other' ? endpoint : `${method} ${endpoint}`;
    recordRoute(figures, route, notes, { outcome: outcomeOf(status), ms });
  };

const outcomeOf = (status: number): Outcome => (status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'answered');
