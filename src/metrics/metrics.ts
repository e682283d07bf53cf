import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Metrics under the names that xcore documents, for every door. */
export interface Metrics {
  /** `endpoint` is a route's pattern or an operation's name, never a path with ids in it. */
  observe: (request: { method: string; endpoint: string; status: number; seconds: number }) => void;
  /** A request that a quota refused, at a dialect's door or the graph's. */
  rateLimited: (door: string) => void;
  sockets: (count: () => number) => void;
  countIngest: (kind: string, result: string) => void;
  text: () => Promise<string>;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'xcore_requests_total',
    help: 'Total requests',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'xcore_request_duration_seconds',
    help: 'Request duration',
    labelNames: ['method', 'endpoint'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'xcore_rate_limited_total',
    help: 'Requests refused by a quota',
    labelNames: ['dialect'],
    registers: [registry],
  });
  const ingests = new Counter({
    name: 'xcore_ingests_total',
    help: 'Files taken in and texts recognised, by result',
    labelNames: ['kind', 'result'],
    registers: [registry],
  });
  return {
    rateLimited: (dialect) => refusals.inc({ dialect }),
    countIngest: (kind, result) => ingests.inc({ kind, result }),
    observe: ({ method, endpoint, status, seconds }) => {
      requests.inc({ method, endpoint, status: String(status) });
      durations.observe({ method, endpoint }, seconds);
    },
    sockets: (count) => {
      new Gauge({
        name: 'xcore_websocket_connections',
        help: 'Open WebSocket connections',
        registers: [registry],
        collect() {
          this.set(count());
        },
      });
    },
    text: () => registry.metrics(),
  };
}
