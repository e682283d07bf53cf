import type { SqlClient } from '../db/sql-client.js';
import { raw, type Sql, sql } from '../db/sql.js';
import type { Sealer } from '../lib/sealing.js';
import { type Attempt, keptHours, type KeyStore, leaseSeconds, type Lease } from './once.js';

interface KeyRow {
  fingerprint: string;
  sealed: string | null;
  isRunning: boolean;
  isChanged: boolean;
  claimedAt: string;
}

/** How many expired keys one claim deletes at most. */
const sweptAtOnce = 20;

/**
 * Keys in the table `idempotency_keys`. All times are the database's: its clock is the one that every process shares,
 * and that stamps the events. A row's `created_at` identifies the claim: whoever takes the key over sets it anew.
 */
export function keyStore(db: SqlClient, sealer: Sealer): KeyStore {
  const leaseOf = (owner: string, key: string, claimedAt: string): Lease => {
    const isClaim = sql`
      owner = ${owner} and key = ${key} and created_at = ${claimedAt}::timestamptz and status is null`;
    return {
      renew: async () =>
        void (await db.run(sql`update idempotency_keys set lease_until = ${leaseEnd} where ${isClaim}`)),
      keep: async (status, answer) => {
        const sealed = sealer.seal(answer, purposeOf(owner, key));
        await db.run(sql`
          update idempotency_keys set status = ${status}, sealed_answer = ${sealed}, lease_until = now()
           where ${isClaim}`);
      },
      forget: async () => void (await db.run(sql`delete from idempotency_keys where ${isClaim}`)),
      release: async () => {
        await db.run(sql`delete from idempotency_keys k where ${isClaim} and not ${isChanged}`);
        await db.run(sql`update idempotency_keys set lease_until = now() where ${isClaim}`);
      },
    };
  };

  return {
    claim: async (given) => {
      const { owner, key } = given;
      // A request may hold a password, which a digest that anybody can make would give away.
      const fingerprint = sealer.digest(given.fingerprint, 'idempotency').toString('hex');
      const attempt = { ...given, fingerprint };
      const mine = (claimedAt: string) => ({ state: 'mine', lease: leaseOf(owner, key, claimedAt) }) as const;
      await db.run(sweep);
      // The key may be freed between two statements; then it can be claimed again.
      for (let tries = 0; tries < 3; tries += 1) {
        const claimed = await db.first<{ claimedAt: string }>(insert(attempt));
        if (claimed) return mine(claimed.claimedAt);
        const row = await db.first<KeyRow>(select(attempt));
        if (!row) continue;
        const isSame = row.fingerprint === fingerprint;
        if (row.sealed !== null) {
          const answer = sealer.open(row.sealed, purposeOf(owner, key));
          // Undefined when ENCRYPTION_KEY was changed meanwhile: no digest is the same then.
          return answer === undefined ? { state: 'lost', isSame: true } : { state: 'answered', isSame, answer };
        }
        if (row.isRunning) return { state: 'running', isSame };
        if (row.isChanged || !isSame) return { state: 'lost', isSame };
        const taken = await db.first<{ claimedAt: string }>(takeOver(attempt, row.claimedAt));
        if (taken) return mine(taken.claimedAt);
      }
      return { state: 'running', isSame: true };
    },
  };
}

const purposeOf = (owner: string, key: string): string => `idempotency:${owner}:${key}`;

const leaseEnd = sql`now() + interval '${raw(String(leaseSeconds))} seconds'`;

/**
 * Whether the request of the row `k` has left an event. For a viewer who is not signed in any actor counts: the event
 * of a registration names the new person.
 */
const isChanged = sql`exists (
  select from events e where e.request_id = k.request_id and e.occurred_at >= k.created_at
     and (k.owner not like 'u%' or e.actor_id::text = substr(k.owner, 2)))`;

/** Whether the row `k` is expired. */
const isExpired = sql`k.created_at < now() - interval '${raw(String(keptHours))} hours' and k.lease_until < now()`;

const sweep = sql`
  delete from idempotency_keys where (owner, key) in
    (select owner, key from idempotency_keys k where ${isExpired}
      order by created_at limit ${raw(String(sweptAtOnce))} for update skip locked)`;

const insert = ({ owner, key, fingerprint, requestId }: Attempt): Sql => sql`
  insert into idempotency_keys as k (owner, key, fingerprint, request_id, lease_until)
  values (${owner}, ${key}, ${fingerprint}, ${requestId}, ${leaseEnd})
  on conflict (owner, key) do update
    set fingerprint = excluded.fingerprint, request_id = excluded.request_id, lease_until = excluded.lease_until,
        status = null, sealed_answer = null, created_at = now()
    where ${isExpired}
  returning created_at::text as "claimedAt"`;

const select = ({ owner, key }: Attempt): Sql => sql`
  select fingerprint, sealed_answer as sealed, lease_until > now() as "isRunning", created_at::text as "claimedAt",
         ${isChanged} as "isChanged"
    from idempotency_keys k where owner = ${owner} and key = ${key}`;

const takeOver = ({ owner, key, requestId }: Attempt, claimedAt: string): Sql => sql`
  update idempotency_keys set request_id = ${requestId}, lease_until = ${leaseEnd}, created_at = now()
   where owner = ${owner} and key = ${key} and created_at = ${claimedAt}::timestamptz and status is null
     and lease_until <= now()
  returning created_at::text as "claimedAt"`;
