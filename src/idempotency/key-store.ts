import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Sealer } from '../lib/sealing.js';
import { keptHours, type KeyStore, leaseSeconds, type Lease } from './once.js';

interface KeyRow {
  fingerprint: string;
  sealed: string | null;
  is_running: boolean;
  is_changed: boolean;
  claimed_at: string;
}

/** Expired keys that one claim removes. */
const sweptAtOnce = 20;

/**
 * Keys in the table `idempotency_keys`. All times are the database's: its clock is the one that every process shares, and
 * that stamps the events. A row's `created_at` names the claim: whoever takes over sets it anew.
 */
export function keyStore(em: () => SqlEntityManager, sealer: Sealer): KeyStore {
  const execute = <Row>(sql: string, parameters: unknown[]): Promise<Row[]> =>
    em().getConnection().execute<Row[]>(sql, parameters);

  const leaseOf = (owner: string, key: string, claimedAt: string): Lease => {
    const claim = [owner, key, claimedAt];
    const isClaim = 'owner = ? and key = ? and created_at = ?::timestamptz and status is null';
    return {
      renew: async () =>
        void (await execute(
          `update idempotency_keys set lease_until = now() + interval '${leaseSeconds} seconds' where ${isClaim}`,
          claim,
        )),
      keep: async (status, answer) =>
        void (await execute(
          `update idempotency_keys set status = ?, sealed_answer = ?, lease_until = now() where ${isClaim}`,
          [status, sealer.seal(answer, purposeOf(owner, key)), ...claim],
        )),
      forget: async () => void (await execute(`delete from idempotency_keys where ${isClaim}`, claim)),
      release: async () => {
        await execute(`delete from idempotency_keys k where ${isClaim} and not ${isChanged}`, claim);
        await execute(`update idempotency_keys set lease_until = now() where ${isClaim}`, claim);
      },
    };
  };

  return {
    claim: async ({ owner, key, fingerprint, requestId }) => {
      const mine = (claimedAt: string) => ({ state: 'mine', lease: leaseOf(owner, key, claimedAt) }) as const;
      await execute(sweep, []);
      // The key may be freed between two statements; then it is there to be claimed again.
      for (let tries = 0; tries < 3; tries += 1) {
        const [claimed] = await execute<{ claimed_at: string }>(insert, [owner, key, fingerprint, requestId]);
        if (claimed) return mine(claimed.claimed_at);
        const [row] = await execute<KeyRow>(select, [owner, key]);
        if (!row) continue;
        if (row.sealed !== null) {
          const answer = sealer.open(row.sealed, purposeOf(owner, key));
          // ENCRYPTION_KEY is another one by now.
          return answer === undefined
            ? { state: 'lost', fingerprint: row.fingerprint }
            : { state: 'answered', fingerprint: row.fingerprint, answer };
        }
        if (row.is_running) return { state: 'running', fingerprint: row.fingerprint };
        if (row.is_changed || row.fingerprint !== fingerprint) return { state: 'lost', fingerprint: row.fingerprint };
        const [taken] = await execute<{ claimed_at: string }>(takeOver, [requestId, owner, key, row.claimed_at]);
        if (taken) return mine(taken.claimed_at);
      }
      return { state: 'running', fingerprint };
    },
  };
}

const purposeOf = (owner: string, key: string): string => `idempotency:${owner}:${key}`;

/** Whether the row `k`'s request has left an event. Nobody signed in: a registration's event may name the new person. */
const isChanged = `exists (select from events e where e.request_id = k.request_id and e.occurred_at >= k.created_at
  and (k.owner not like 'u%' or e.actor_id::text = substr(k.owner, 2)))`;

const isExpired = (row: string): string =>
  `${row}.created_at < now() - interval '${keptHours} hours' and ${row}.lease_until < now()`;

const sweep = `delete from idempotency_keys where (owner, key) in
  (select owner, key from idempotency_keys k where ${isExpired('k')} order by created_at limit ${sweptAtOnce} for update skip locked)`;

const insert = `insert into idempotency_keys as k (owner, key, fingerprint, request_id, lease_until)
  values (?, ?, ?, ?, now() + interval '${leaseSeconds} seconds')
  on conflict (owner, key) do update
    set fingerprint = excluded.fingerprint, request_id = excluded.request_id, lease_until = excluded.lease_until,
        status = null, sealed_answer = null, created_at = now()
    where ${isExpired('k')}
  returning created_at::text as claimed_at`;

const select = `select fingerprint, sealed_answer as sealed, lease_until > now() as is_running, created_at::text as claimed_at, ${isChanged} as is_changed
  from idempotency_keys k where owner = ? and key = ?`;

const takeOver = `update idempotency_keys set request_id = ?, lease_until = now() + interval '${leaseSeconds} seconds', created_at = now()
  where owner = ? and key = ? and created_at = ?::timestamptz and status is null and lease_until <= now()
  returning created_at::text as claimed_at`;
