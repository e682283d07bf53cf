import pg from 'pg';
import type { Logger } from 'pino';
import type { Reads } from './reads.js';

/** A place in the primary's write-ahead log: a replica that has replayed it shows all that was committed before. */
export type WalPlace = bigint;

export interface Replicas {
  /**
   * Who answers a read that must show at least what was committed before the place: a replica, in turn, that has got
   * there; the primary when there is none. Without a place any replica does that is not too far behind.
   */
  sourceFor: (place?: WalPlace) => Reads;
  /** Behind everything that has been committed. */
  currentPlace: () => Promise<WalPlace>;
  /** How many answer and keep up. */
  countUp: () => number;
  stop: () => Promise<void>;
}

/** How often replicas are asked how far they are. */
const lookMs = 200;
const answerTimeoutMs = 2_000;
/** A replica that lacks what was committed so long ago is not asked before it has caught up. */
const longestLagMs = 10_000;

interface Replica {
  reads: Reads;
  pool: pg.Pool;
  /** Undefined: it does not answer. */
  replayed: WalPlace | undefined;
  isAsked: boolean;
  wasUp: boolean;
}

export interface ReplicasOptions {
  primary: Reads;
  primaryUrl: string;
  replicas: readonly { url: string; reads: Reads }[];
  log: Logger;
}

/** Begins to ask the replicas how far they are; until one has answered, the primary does all the reads. */
export async function followReplicas({ primary, primaryUrl, replicas, log }: ReplicasOptions): Promise<Replicas> {
  const poolOf = (url: string): pg.Pool => {
    const pool = new pg.Pool({
      connectionString: url,
      application_name: 'passerelle-replicas',
      connectionTimeoutMillis: answerTimeoutMs,
      query_timeout: answerTimeoutMs,
      max: 2,
      keepAlive: true,
    });
    pool.on('error', (error) => log.debug({ err: error }, 'a connection that asks for places was lost'));
    return pool;
  };
  const primaryPool = poolOf(primaryUrl);
  const followed: Replica[] = replicas.map(({ url, reads }) => ({
    reads,
    pool: poolOf(url),
    replayed: undefined,
    isAsked: false,
    wasUp: true,
  }));
  const currentPlace = async (): Promise<WalPlace> =>
    (await placeOf(primaryPool, 'select pg_current_wal_insert_lsn() as place')) as WalPlace;
  /** Where the primary was, oldest first: a replica behind one of them lags by its age. */
  const past: { atMs: number; place: WalPlace }[] = [];
  const lagMsOf = ({ replayed = -1n }: Replica): number => {
    const missed = past.find(({ place }) => place > replayed);
    return missed ? performance.now() - missed.atMs : 0;
  };
  const isUp = (replica: Replica): boolean => replica.replayed !== undefined && lagMsOf(replica) <= longestLagMs;

  const look = async (replica: Replica): Promise<void> => {
    // One that hangs is asked again when it has answered or failed.
    if (replica.isAsked) return;
    replica.isAsked = true;
    try {
      replica.replayed = await placeOf(replica.pool, 'select pg_last_wal_replay_lsn() as place');
    } catch {
      replica.replayed = undefined;
    } finally {
      replica.isAsked = false;
    }
    if (isUp(replica) === replica.wasUp) return;
    replica.wasUp = !replica.wasUp;
    if (replica.wasUp) log.info('a replica answers and keeps up again');
    else log.warn('a replica does not answer or is too far behind: others take its reads');
  };
  const lookAtAll = async (): Promise<void> => {
    const place = await currentPlace().catch(() => undefined);
    if (place !== undefined && past.at(-1)?.place !== place) past.push({ atMs: performance.now(), place });
    // What every replica has is of no use any more; what is older than the limit says no more than its youngest.
    while (past.length > 1 && performance.now() - (past[1]?.atMs ?? 0) > longestLagMs) past.shift();
    await Promise.all(followed.map(look));
  };
  await lookAtAll();
  let looking = Promise.resolve();
  const timer = setInterval(() => (looking = lookAtAll()), lookMs);
  timer.unref();

  let turn = 0;
  return {
    sourceFor: (place) => {
      for (let tried = 0; tried < followed.length; tried += 1) {
        const replica = followed[(turn += 1) % followed.length] as Replica;
        if (isUp(replica) && (place === undefined || (replica.replayed as WalPlace) >= place)) return replica.reads;
      }
      return primary;
    },
    currentPlace,
    countUp: () => followed.filter(isUp).length,
    stop: async () => {
      clearInterval(timer);
      await looking;
      await Promise.all([primaryPool, ...followed.map(({ pool }) => pool)].map((pool) => pool.end()));
    },
  };
}

/** `16/B374D848`: two numbers of 32 bits. A server that replays nothing has none, and is at the place 0. */
async function placeOf(pool: pg.Pool, query: string): Promise<WalPlace> {
  const { rows } = await pool.query<{ place: string | null }>(query);
  const [high = '0', low = '0'] = (rows[0]?.place ?? '0/0').split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
