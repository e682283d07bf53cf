import PrometheusCounter from 'prom-client/lib/counter.js';
import PrometheusGauge from 'prom-client/lib/gauge.js';
import PrometheusHistogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import { boundedRead } from '../lib/bounded-read.js';
import { boundedValues } from '../lib/bounded-values.js';
import type { Counter } from './counter.js';
import type { Figures, Gauge, GaugeGroup } from './gauge.js';
import { collectProcessMetrics } from './process-metrics.js';

/** Metrics under the names that xcore documents, for every door. */
export interface Metrics {
  /** `endpoint` is a route's pattern or an operation's name, never a path with ids in it. */
  observe: (request: { method: string; endpoint: string; status: number; seconds: number }) => void;
  /** An operation of GraphQL that was run, by its name. */
  operation: (run: { operation: string; outcome: string; seconds: number }) => void;
  /** A request that a quota refused, at a dialect's door or the graph's. */
  rateLimited: (door: string) => void;
  /** Adds one. Throws for a counter that was not among those given at the start. */
  count: <L extends string>(counter: Counter<L>, labels: Readonly<Record<L, string>>) => void;
  /** Shows nothing any more of requests and counts whose labels are something's that is gone. */
  forget: (isGone: (labels: Readonly<Record<string, unknown>>) => boolean) => Promise<void>;
  /** Shows a figure that `read` looks up each time. */
  gauge: (gauge: Pick<Gauge, 'name' | 'help'>, read: () => Promise<number>) => void;
  /** Shows figures that `read` looks up together. */
  gauges: <Name extends string>(group: GaugeGroup<Name>) => void;
  text: () => Promise<string>;
  /** For what comes and goes. */
  registry: Registry;
}

/** Whoever collects gives up after ten seconds: what hangs is left out, and the rest is told. */
const readMs = 2_000;

/** What a client may send as a method is its own invention; these are told apart. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const methodOf = (method: string): string => (methods.has(method) ? method : 'other');

const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** `counters`: those that modules declare, shown from the start on. */
export function makeMetrics(counters: readonly Counter<string>[]): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const requests = new PrometheusCounter({
    name: 'xcore_requests_total',
    help: 'Total requests',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [registry],
  });
  const durations = new PrometheusHistogram({
    name: 'xcore_request_duration_seconds',
    help: 'Request duration',
    labelNames: ['method', 'endpoint'],
    buckets: durationBuckets,
    registers: [registry],
  });
  const operations = new PrometheusHistogram({
    name: 'xcore_graphql_operation_duration_seconds',
    help: 'Duration of operations of GraphQL, by name and by whether they were answered, refused or failed',
    labelNames: ['operation', 'outcome'],
    buckets: durationBuckets,
    registers: [registry],
  });
  const refusals = new PrometheusCounter({
    name: 'xcore_rate_limited_total',
    help: 'Requests refused by a quota',
    labelNames: ['dialect'],
    registers: [registry],
  });
  const declared = new Map(
    counters.map(({ name, help, labels, atMost }) => {
      const shown = new PrometheusCounter({ name, help, labelNames: [...labels], registers: [registry] });
      return [name, { shown, bounded: boundedLabels(atMost) }];
    }),
  );
  return {
    rateLimited: (dialect) => refusals.inc({ dialect }),
    count: ({ name }, labels) => {
      const found = declared.get(name);
      if (!found) throw new Error(`The counter ${name} is in no module's manifest`);
      found.shown.inc(found.bounded(labels));
    },
    observe: ({ method: sent, endpoint, status, seconds }) => {
      const method = methodOf(sent);
      requests.inc({ method, endpoint, status: String(status) });
      durations.observe({ method, endpoint }, seconds);
    },
    forget: async (isGone) => {
      const all: unknown[] = [requests, durations, operations, ...[...declared.values()].map(({ shown }) => shown)];
      for (const metric of all as PrometheusCounter[]) {
        const { values } = await metric.get();
        for (const { labels } of values) {
          // Counters and histograms alike; a bucket's limit is no label of a histogram itself.
          const { le: _le, ...own } = labels as Record<string, string | number>;
          if (isGone(own)) metric.remove(own);
        }
      }
    },
    operation: ({ operation, outcome, seconds }) => operations.observe({ operation, outcome }, seconds),
    gauge: ({ name, help }, read) => {
      const figure = boundedRead(read, { limitMs: readMs, otherwise: Number.NaN });
      new PrometheusGauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await figure());
        },
      });
    },
    gauges: ({ gauges, longestMs = readMs, read }) => {
      const found = boundedRead<Readonly<Partial<Record<string, Figures>>>>(read, {
        limitMs: longestMs,
        otherwise: {},
      });
      for (const [name, { help, label }] of Object.entries<{ help: string; label?: string }>(gauges))
        new PrometheusGauge({
          name,
          help,
          labelNames: label === undefined ? [] : [label],
          registers: [registry],
          async collect() {
            const { [name]: figures = [] } = await found();
            // What is no longer there must not stay as it was.
            this.reset();
            if (typeof figures === 'number') this.set(figures);
            else if (label === undefined) this.remove();
            else for (const { of, value } of figures) this.set({ [label]: of }, value);
          },
        });
    },
    text: boundedText(registry),
    registry,
  };
}

/** Any number that ask at once cost one look. */
function boundedText(registry: Registry): () => Promise<string> {
  let running: Promise<string> | undefined;
  return () => (running ??= registry.metrics().finally(() => (running = undefined)));
}

/** Labels with `other` for the values that came after as many others as there may be. */
function boundedLabels(atMost: Partial<Record<string, number>> = {}) {
  const bounds = new Map(Object.entries(atMost).map(([label, most]) => [label, boundedValues(most ?? 0)]));
  return (labels: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, bounds.get(label)?.(value) ?? value]));
}
