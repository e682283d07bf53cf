import { sql } from '../../db/sql.js';
import { counter } from '../../metrics/counter.js';
import type { Gauge } from '../../metrics/gauge.js';
import type { Metrics } from '../../metrics/metrics.js';
import type { Observation } from './figures/figures.js';

export const apiKeyRequestsTotal = counter({
  name: 'xcore_api_key_requests_total',
  help: 'Requests with an API key, by the id of the key: answered, refused, or failed by a defect of the server',
  labels: ['api_key', 'result'],
  atMost: { api_key: 500 },
});

export const alertsUp: Gauge = {
  name: 'xcore_alerts_up',
  help: 'Alerts that have been raised and have not ended',
  read: async (db) => {
    const row = await db.first<{ count: number }>(
      sql`select count(*)::int as count from alerts where ended_at is null`,
    );
    return row?.count ?? 0;
  },
};

/** What is counted for administrators, in the metrics as well; routes and webhooks have metrics of their own. */
export const showIn =
  (metrics: Metrics) =>
  ({ kind, name, outcome, ms }: Observation): void => {
    if (kind === 'operation') metrics.operation({ operation: name, outcome, seconds: ms / 1000 });
    if (kind === 'api_key') metrics.count(apiKeyRequestsTotal, { api_key: name, result: outcome });
  };
