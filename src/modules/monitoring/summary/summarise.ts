import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { monitoringPermission } from '../alerts/alert.policy.js';
import type { FigureKind } from '../figures/figures.js';
import { failurePercent, medianOf, p95Of, sumFigures, type Sums, type SumsOf, total } from '../figures/sum-figures.js';
import type { MonitoringPeriod, MonitoringSummary, RequestFigures } from './monitoring-summary.types.js';

/** Of each list. */
const mostListed = 200;

const hourMs = 3_600_000;
const periodsMs: Readonly<Record<MonitoringPeriod, number>> = {
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  month: 30 * 24 * hourMs,
};

/** The figures of a period that ends now. Throws UNAUTHENTICATED or FORBIDDEN. */
export async function summarise(
  { db, services, viewer }: Context,
  period: MonitoringPeriod,
): Promise<MonitoringSummary> {
  requirePermission(viewer, monitoringPermission);
  await services.figures.flush();
  const to = services.now();
  const start = to.getTime() - periodsMs[period];
  // Figures of long ago are of whole hours.
  const from = new Date(period === 'hour' ? start : Math.floor(start / hourMs) * hourMs);
  const figures = await sumFigures(db, { from, to });
  const of = (wanted: FigureKind): SumsOf[] => figures.filter(({ kind }) => kind === wanted);
  const listed = (kind: FigureKind): SumsOf[] => of(kind).slice(0, mostListed);
  const [apiKeys, webhooks] = [listed('api_key'), listed('webhook')];
  const [keys, endpoints, up] = [
    await namesOfKeys(
      db,
      apiKeys.map(({ name }) => name),
    ),
    await namesOfWebhooks(
      db,
      webhooks.map(({ name }) => name),
    ),
    await db.first<{ count: number }>(sql`select count(*)::int as count from alerts where ended_at is null`),
  ];
  return {
    from,
    to,
    all: shown(total([...of('route'), ...of('operation')])),
    routes: listed('route').map((sums) => ({ route: sums.name, figures: shown(sums) })),
    operations: listed('operation').map((sums) => ({ operation: sums.name, figures: shown(sums) })),
    apiKeys: apiKeys.map((sums) => {
      const { name = null, prefix = null } = keys.get(sums.name) ?? {};
      return { apiKeyId: sums.name, name, prefix, figures: shown(sums) };
    }),
    webhooks: webhooks.map((sums) => {
      const { name = null, uuid = null } = endpoints.get(sums.name) ?? {};
      return { webhookEndpointId: sums.name, uuid, name, figures: shown(sums) };
    }),
    alertsUp: up?.count ?? 0,
  };
}

const shown = (sums: Sums): RequestFigures => ({
  requestCount: sums.requests,
  refusedCount: sums.refused,
  failedCount: sums.failed,
  failurePercent: failurePercent(sums).toFixed(2),
  averageMs: Math.round(sums.requests ? sums.totalMs / sums.requests : 0),
  medianMs: Math.round(medianOf(sums)),
  p95Ms: Math.round(p95Of(sums)),
  slowestMs: Math.round(sums.slowestMs),
});

async function namesOfKeys(
  db: SqlRunner,
  ids: readonly string[],
): Promise<Map<string, { name: string; prefix: string }>> {
  const keys = await db.all<{ id: string; name: string; prefix: string }>(sql`
    select id, name, prefix from api_keys where id = any(${ids}::uuid[])`);
  return new Map(keys.map((key) => [key.id, key]));
}

async function namesOfWebhooks(
  db: SqlRunner,
  ids: readonly string[],
): Promise<Map<string, { name: string; uuid: string }>> {
  const webhooks = await db.all<{ id: number; name: string; uuid: string }>(sql`
    select id, name, uuid from webhook_endpoints where id = any(${ids}::int[])`);
  return new Map(webhooks.map((webhook) => [String(webhook.id), webhook]));
}
