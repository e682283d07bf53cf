import type { SqlClient } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';

/** A delivery that this process may send until `leasedUntil`. */
export interface Claimed {
  id: number;
  endpointId: number;
  url: string;
  /** Sealed. */
  secret: string;
  /** Sealed; null when only one holds. */
  previousSecret: string | null;
  messageId: string;
  body: string;
  /** Before this one. */
  attempts: number;
  leasedUntil: Date;
}

export interface ClaimOptions {
  now: Date;
  leasedUntil: Date;
  /** Deliveries at most. */
  limit: number;
  /** Under way at most to one endpoint, in all processes. */
  limitPerEndpoint: number;
  /** Of one person's endpoints together. */
  limitPerOwner: number;
}

/**
 * Takes deliveries that are due: of each endpoint and resource only the oldest that is not finished, so that they go in
 * order. Endpoints that were tried the longest time ago come first. None of an endpoint that is switched off or whose
 * owner's account is.
 */
export async function claimDeliveries(
  db: SqlClient,
  { now, leasedUntil, limit, limitPerEndpoint, limitPerOwner }: ClaimOptions,
): Promise<Claimed[]> {
  const claimed = await db.all<Omit<Claimed, 'leasedUntil'>>(sql`
    with due as (
      select c.id from (
        select d.id, e.last_attempt_at,
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
            limit greatest(0, ${limitPerEndpoint}::int - (
              select count(*) from webhook_deliveries f
               where f.endpoint_id = e.id and f.leased_until > ${now}::timestamptz))) d
         where e.is_active and u.is_active) c
       where c.place <= ${limitPerOwner}::int
       order by c.last_attempt_at nulls first limit ${limit}::int)
    update webhook_deliveries w set leased_until = ${leasedUntil}::timestamptz
      from due, webhook_endpoints e
     where w.id = due.id and e.id = w.endpoint_id and w.status = 'pending'
       and (w.leased_until is null or w.leased_until <= ${now}::timestamptz)
    returning w.id, e.id as "endpointId", e.url, e.secret,
              case when e.previous_secret_ends_at > ${now}::timestamptz then e.previous_secret end as "previousSecret",
              w.message_id as "messageId", w.body, w.attempts`);
  return claimed.map((delivery) => ({ ...delivery, leasedUntil }));
}

/** Gives a delivery back that was not sent. */
export const releaseDelivery = (db: SqlClient, { id, leasedUntil }: Claimed): Promise<number> =>
  db.run(sql`update webhook_deliveries set leased_until = null where id = ${id} and leased_until = ${leasedUntil}`);
