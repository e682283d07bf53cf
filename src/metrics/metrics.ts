import * as prometheus from 'prom-client';
import type { Counter } from './counter.js';
import type { Gauge } from './gauge.js';

/** Metrics under the names that xcore documents, for every door. */
export interface Metrics {
  /** `endpoint` is a route's pattern or an operation's name, never a path with ids in it. */
  observe: (request: { method: string; endpoint: string; status: number; seconds: number }) => void;
  /** A request that a quota refused, at a dialect's door or the graph's. */
  rateLimited: (door: string) => void;
  sockets: (count: () => number) => void;
  /** Adds one. Throws for a counter that was not among those given at the start. */
  count: <L extends string>(counter: Counter<L>, labels: Readonly<Record<L, string>>) => void;
  /** Shows a figure that `read` looks up each time. */
  gauge: (gauge: Pick<Gauge, 'name' | 'help'>, read: () => Promise<number>) => void;
  text: () => Promise<string>;
}

/** `counters`: those that modules declare, shown from the start on. */
export function makeMetrics(counters: readonly Counter<string>[]): Metrics {
  const registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: registry });
  const requests = new prometheus.Counter({
    name: 'xcore_requests_total',
    help: 'Total requests',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [registry],
  });
  const durations = new prometheus.Histogram({
    name: 'xcore_request_duration_seconds',
    help: 'Request duration',
    labelNames: ['method', 'endpoint'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  const refusals = new prometheus.Counter({
    name: 'xcore_rate_limited_total',
    help: 'Requests refused by a quota',
    labelNames: ['dialect'],
    registers: [registry],
  });
  const declared = new Map(
    counters.map(({ name, help, labels, atMost }) => {
      const shown = new prometheus.Counter({ name, help, labelNames: [...labels], registers: [registry] });
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
    observe: ({ method, endpoint, status, seconds }) => {
      requests.inc({ method, endpoint, status: String(status) });
      durations.observe({ method, endpoint }, seconds);
    },
    sockets: (count) => {
      new prometheus.Gauge({
        name: 'xcore_websocket_connections',
        help: 'Open WebSocket connections',
        registers: [registry],
        collect() {
          this.set(count());
        },
      });
    },
    gauge: ({ name, help }, read) => {
      new prometheus.Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await read().catch(() => Number.NaN));
        },
      });
    },
    text: () => registry.metrics(),
  };
}

/** Labels with `other` for the values that came after as many others as there may be. */
function boundedLabels(atMost: Partial<Record<string, number>> = {}) {
  const seen = new Map(Object.keys(atMost).map((label) => [label, new Set<string>()]));
  const bounded = (label: string, value: string): string => {
    const values = seen.get(label);
    if (!values || values.has(value)) return value;
    if (values.size >= (atMost[label] ?? 0)) return 'other';
    values.add(value);
    return value;
  };
  return (labels: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, bounded(label, value)]));
}
