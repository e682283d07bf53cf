import type { SqlRunner } from '../../../db/sql-client.js';
import { json, raw, sql } from '../../../db/sql.js';
import type { EndedAlert, UpAlert, Verdict } from './judge-figures.js';

/** A delivery may fail so often (smartleakpro.md, « Alertes »). */
const mostFailures = 3;

/** A delivery that was given up raises an alert for so long, should no check have run since. */
const recentMs = 60 * 60_000;

/**
 * What is to be raised and ended of webhooks. One to which nothing arrives is in alert from a delivery on that failed
 * too often, or was given up after as many attempts as are allowed; each delivery raises one alert at most, those that
 * were only tried none. It ends once something arrives, or there is nobody to deliver to.
 */
export async function judgeWebhooks(db: SqlRunner, up: readonly UpAlert[], now: Date): Promise<Verdict> {
  const ofWebhooks = up.filter(({ kind }) => kind === 'webhook_failures');
  const failing = await db.all<{ webhook: string; deliveryId: number; attempts: number }>(sql`
    select distinct on (e.id) e.uuid as webhook, d.id as "deliveryId", d.attempts
      from (select id, endpoint_id, kind, attempts from webhook_deliveries
             where status = 'pending' and attempts > ${raw(String(mostFailures))}
            union all
            select id, endpoint_id, kind, attempts from webhook_deliveries
             where status = 'failed' and attempts >= ${raw(String(mostFailures))}
               and finished_at > ${new Date(now.getTime() - recentMs)}) d
      join webhook_endpoints e on e.id = d.endpoint_id
     where e.is_active and e.failing_since is not null and d.kind <> 'test'
       and not exists (select 1 from alerts a where a.delivery_id = d.id)
     order by e.id, d.id`);
  const known = new Set(ofWebhooks.map(({ subjectName }) => subjectName));
  return {
    raised: failing
      .filter(({ webhook }) => !known.has(webhook))
      .map(({ webhook, deliveryId, attempts }) => ({
        kind: 'webhook_failures',
        subjectKind: 'webhook',
        subjectName: webhook,
        value: attempts,
        threshold: mostFailures,
        requestCount: null,
        deliveryId,
      })),
    ended: ofWebhooks.length ? await endedOf(db, ofWebhooks) : [],
  };
}

async function endedOf(db: SqlRunner, up: readonly UpAlert[]): Promise<EndedAlert[]> {
  const rows = await db.all<{ id: string; reason: EndedAlert['reason'] | null }>(sql`
    select a.id, case when e.id is null then 'deleted' when not e.is_active then 'disabled'
                      when exists (select 1 from webhook_deliveries d
                                    where d.endpoint_id = e.id and d.status = 'delivered'
                                      and d.finished_at > a.raised_at)
                      then 'delivered' end as reason
      from jsonb_to_recordset(${json(up)}) u (id uuid, "subjectName" text)
      join alerts a on a.id = u.id left join webhook_endpoints e on e.uuid = u."subjectName"::uuid`);
  const reasons = new Map(rows.map(({ id, reason }) => [id, reason]));
  return up.flatMap((alert) => {
    const reason = reasons.get(alert.id);
    return reason ? [{ ...alert, reason, value: null }] : [];
  });
}
