import type { SqlClient } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';
import type { StoredEvent } from '../../events/catalog.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import type { WebhookFormat } from './webhook-endpoint.entity.js';

/** A delivery that this process may send until `leasedUntil`. */
export interface Claimed {
  id: number;
  endpointId: number;
  url: string;
  format: WebhookFormat;
  /** Sealed. */
  secret: string;
  /** Sealed; null when only one holds. */
  previousSecret: string | null;
  /** Sealed; null when there are none. */
  headerValues: string | null;
  timeoutSeconds: number;
  maxAttempts: number | null;
  retryDelaySeconds: number | null;
  maxPerMinute: number | null;
  ownerId: number;
  /** Of the owner, as of now. */
  permissions: string[];
  /** That the body was made with; null: the event itself says who may be told. */
  madeWith: string[] | null;
  kind: 'event' | 'replay' | 'test';
  /** Null: a test, or one that the log no longer has. */
  event: StoredEvent | null;
  messageId: string;
  body: string;
  /** Before this one. */
  attempts: number;
  /** As the database writes it, to the microsecond: it is compared. */
  leasedUntil: string;
}

export interface ClaimOptions {
  now: Date;
  /** A lease lasts so much longer than the attempt may. */
  leaseSeconds: number;
  /** Deliveries at most. */
  limit: number;
  /** Under way at most to one endpoint, in all processes; one that fails is tried once at a time. */
  limitPerEndpoint: number;
  /** Of one person's endpoints together. */
  limitPerOwner: number;
}

/**
 * Takes deliveries that are due: of each endpoint and resource only the oldest that is not finished, so that they go in
 * order; of an endpoint with so many a minute at most one, when its time has come. Endpoints that were tried the
 * longest time ago come first. None of an endpoint that is paused, that is switched off or whose owner's account is.
 */
export const claimDeliveries = (
  db: SqlClient,
  { now, leaseSeconds, limit, limitPerEndpoint, limitPerOwner }: ClaimOptions,
): Promise<Claimed[]> =>
  db.all<Claimed>(sql`
    with due as (
      select c.id, c.endpoint_id, c.max_per_minute from (
        select d.id, e.id as endpoint_id, e.max_per_minute, e.last_attempt_at,
               row_number() over (
                 partition by e.owner_id order by e.last_attempt_at nulls first, d.next_attempt_at, d.id
               ) + (select count(*) from webhook_endpoints o join webhook_deliveries f on f.endpoint_id = o.id
                     where o.owner_id = e.owner_id and f.leased_until > ${now}::timestamptz) as place
          from webhook_endpoints e join users u on u.id = e.owner_id
         cross join lateral (
           select p.id, p.next_attempt_at from webhook_deliveries p
            where p.endpoint_id = e.id and p.status = 'pending' and p.next_attempt_at <= ${now}::timestamptz
              and (p.leased_until is null or p.leased_until <= ${now}::timestamptz)
              and not exists (
                select 1 from webhook_deliveries b
                 where b.endpoint_id = p.endpoint_id and b.resource = p.resource and b.status = 'pending'
                   and b.id < p.id)
            order by p.next_attempt_at, p.id
            limit least(
              case when e.max_per_minute is null then ${limitPerEndpoint}::int else 1 end,
              greatest(0, case when e.failing_since is null then ${limitPerEndpoint}::int else 1 end - (
                select count(*) from webhook_deliveries f
                 where f.endpoint_id = e.id and f.leased_until > ${now}::timestamptz)))) d
         where e.is_active and e.paused_at is null and u.is_active
           and (e.max_per_minute is null or e.paced_until is null or e.paced_until <= ${now}::timestamptz)) c
       where c.place <= ${limitPerOwner}::int
       order by c.last_attempt_at nulls first limit ${limit}::int),
    -- Another process may have taken the turn meanwhile.
    paced as (
      update webhook_endpoints e set paced_until = ${now}::timestamptz + interval '1 minute' / e.max_per_minute
        from due
       where e.id = due.endpoint_id and due.max_per_minute is not null
         and (e.paced_until is null or e.paced_until <= ${now}::timestamptz)
      returning e.id)
    update webhook_deliveries w
       set leased_until = ${now}::timestamptz + make_interval(secs => e.timeout_seconds + ${leaseSeconds}::int)
      from due left join paced on paced.id = due.endpoint_id, webhook_endpoints e
     where w.id = due.id and e.id = w.endpoint_id and w.status = 'pending'
       and (due.max_per_minute is null or paced.id is not null)
       and (w.leased_until is null or w.leased_until <= ${now}::timestamptz)
    returning w.id, e.id as "endpointId", e.url, e.format, e.secret,
              case when e.previous_secret_ends_at > ${now}::timestamptz then e.previous_secret end as "previousSecret",
              e.header_values as "headerValues", e.timeout_seconds as "timeoutSeconds",
              e.max_attempts as "maxAttempts", e.retry_delay_seconds as "retryDelaySeconds",
              e.max_per_minute as "maxPerMinute", e.owner_id as "ownerId",
              ${raw(permissionsOf('e.owner_id'))} as permissions, w.permissions as "madeWith", w.kind,
              (select jsonb_build_object(
                 'position', v.position::text, 'type', v.type, 'subjectType', v.subject_type,
                 'subjectId', v.subject_id, 'actorId', v.actor_id, 'accountId', v.account_id,
                 'occurredAt', ${raw(isoSecondsSql('v.occurred_at'))}, 'data', v.data, 'traceparent', v.traceparent)
                 from events v where v.position = w.event_position and w.kind <> 'test') as event,
              w.message_id as "messageId", w.body, w.attempts, w.leased_until as "leasedUntil"`);

/** Gives a delivery back that was not sent. */
export const releaseDelivery = (db: SqlClient, { id, leasedUntil }: Claimed): Promise<number> =>
  db.run(sql`
    update webhook_deliveries set leased_until = null where id = ${id} and leased_until = ${leasedUntil}::timestamptz`);
