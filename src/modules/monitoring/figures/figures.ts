import type { Logger } from 'pino';
import type { SqlRunner } from '../../../db/sql-client.js';
import { json, raw, type Sql, sql } from '../../../db/sql.js';
import { boundedValues } from '../../../lib/bounded-values.js';
import { bucketCount, bucketOf, emptyBuckets } from './latency-histogram.js';

/**
 * What figures are kept of: a route of REST (`GET /api/clients/:id`), an operation of GraphQL, an API key, or a
 * webhook, whose attempts are counted.
 */
export type FigureKind = 'route' | 'operation' | 'api_key' | 'webhook';

/** `refused`: it was the client's mistake; `failed`: the server's, or the receiver's of a webhook. */
export type Outcome = 'answered' | 'refused' | 'failed';

export interface Observation {
  kind: FigureKind;
  /** A pattern, a name or an id: never what a client may make up without end, but for names of operations. */
  name: string;
  outcome: Outcome;
  ms: number;
}

export interface Figures {
  add: (observation: Observation) => void;
  /** Writes what was counted so far. When the database fails, it stays counted for the next attempt. Never rejects. */
  flush: () => Promise<void>;
  /** Ends the regular writes, and writes the rest. */
  stop: () => Promise<void>;
}

/** How long a figure stays in memory: what a process that dies loses at most. */
const flushMs = 10_000;
const minuteMs = 60_000;
/** Names of operations in one process; those that come later count as `other`. */
const mostOperations = 200;
/** Waiting figures at most, should the database be away for long: the oldest are let go. */
const mostWaiting = 20_000;

interface Figure {
  /** Start of the minute. */
  at: Date;
  kind: FigureKind;
  name: string;
  requests: number;
  refused: number;
  failed: number;
  totalMs: number;
  slowestMs: number;
  buckets: number[];
}

export interface FiguresOptions {
  db: SqlRunner;
  now: () => Date;
  log: Logger;
  /** Shows each in the metrics too, under the name that it counts by. */
  show: (observation: Observation) => void;
}

/**
 * Counts requests in memory, by the minute, and adds them to the table every few seconds, so that a request costs no
 * write. Any number of processes may add to the same minute.
 */
export function startFigures({ db, now, log, show }: FiguresOptions): Figures {
  const boundedOperation = boundedValues(mostOperations);
  let counted = new Map<string, Figure>();
  let writing = Promise.resolve();

  const add: Figures['add'] = ({ kind, name: given, outcome, ms }) => {
    const name = kind === 'operation' ? boundedOperation(given) : given;
    show({ kind, name, outcome, ms });
    const at = Math.floor(now().getTime() / minuteMs) * minuteMs;
    const place = `${at} ${kind} ${name}`;
    let figure = counted.get(place);
    if (!figure) counted.set(place, (figure = emptyFigure(new Date(at), kind, name)));
    figure.requests += 1;
    if (outcome !== 'answered') figure[outcome] += 1;
    figure.totalMs += ms;
    figure.slowestMs = Math.max(figure.slowestMs, ms);
    figure.buckets[bucketOf(ms)] = (figure.buckets[bucketOf(ms)] ?? 0) + 1;
  };
  const write = async (): Promise<void> => {
    const batch = [...counted.values()];
    if (!batch.length) return;
    counted = new Map();
    try {
      await addToTable(db, batch);
    } catch (error) {
      const newer = counted.values();
      counted = new Map();
      for (const figure of [...batch, ...newer]) merge(counted, figure);
      for (const place of [...counted.keys()].slice(0, Math.max(0, counted.size - mostWaiting))) counted.delete(place);
      log.error({ err: error }, 'the figures of requests could not be written; it is tried again');
    }
  };
  const flush = (): Promise<void> => (writing = writing.then(write));

  const timer = setInterval(() => void flush(), flushMs);
  timer.unref();
  return {
    add,
    flush,
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

const emptyFigure = (at: Date, kind: FigureKind, name: string): Figure => ({
  at,
  kind,
  name,
  requests: 0,
  refused: 0,
  failed: 0,
  totalMs: 0,
  slowestMs: 0,
  buckets: emptyBuckets(),
});

function merge(figures: Map<string, Figure>, { at, kind, name, ...more }: Figure): void {
  const place = `${at.getTime()} ${kind} ${name}`;
  const figure = figures.get(place);
  if (!figure) return void figures.set(place, { at, kind, name, ...more });
  for (const sum of ['requests', 'refused', 'failed', 'totalMs'] as const) figure[sum] += more[sum];
  figure.slowestMs = Math.max(figure.slowestMs, more.slowestMs);
  figure.buckets = figure.buckets.map((count, index) => count + (more.buckets[index] ?? 0));
}

/** An array of buckets in SQL, each by its place in PostgreSQL's arrays. */
export const bucketsAs = (each: (place: number) => string): Sql =>
  raw(`array[${Array.from({ length: bucketCount }, (_, index) => each(index + 1)).join(', ')}]`);

/** For `insert into monitoring_figures f (…)`: what is there already is added to. */
export const addingUp: Sql = sql`
  on conflict (kind, name, at) do update
     set requests = f.requests + excluded.requests, refused = f.refused + excluded.refused,
         failed = f.failed + excluded.failed, total_ms = f.total_ms + excluded.total_ms,
         slowest_ms = greatest(f.slowest_ms, excluded.slowest_ms),
         buckets = ${bucketsAs((place) => `f.buckets[${place}] + excluded.buckets[${place}]`)}`;

/** One statement; its fixed order keeps two processes from deadlocking. */
async function addToTable(db: SqlRunner, batch: readonly Figure[]): Promise<void> {
  await db.run(sql`
    insert into monitoring_figures as f (at, kind, name, requests, refused, failed, total_ms, slowest_ms, buckets)
    select n.at, n.kind, n.name, n.requests, n.refused, n.failed, n."totalMs", n."slowestMs", n.buckets
      from jsonb_to_recordset(${json(batch)}::jsonb)
        n (at timestamptz, kind text, name text, requests bigint, refused bigint, failed bigint,
           "totalMs" double precision, "slowestMs" double precision, buckets bigint[])
     order by n.kind, n.name, n.at
    ${addingUp}`);
}
