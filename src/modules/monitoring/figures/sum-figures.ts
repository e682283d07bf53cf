import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { bucketsAs, type FigureKind } from './figures.js';
import { emptyBuckets, quantile } from './latency-histogram.js';

/** Figures of a time, added up. */
export interface Sums {
  requests: number;
  refused: number;
  failed: number;
  totalMs: number;
  slowestMs: number;
  buckets: readonly number[];
}

export interface SumsOf extends Sums {
  kind: FigureKind;
  name: string;
}

export interface TimeSpan {
  from: Date;
  /** Not included. */
  to: Date;
}

type Row = Omit<SumsOf, 'requests' | 'refused' | 'failed' | 'buckets'> &
  Record<'requests' | 'refused' | 'failed', string> & { buckets: string[] };

/** Sums of all that figures are kept of, the busiest first. */
export async function sumFigures(db: SqlRunner, { from, to }: TimeSpan): Promise<SumsOf[]> {
  const rows = await db.all<Row>(sql`
    select f.kind, f.name, sum(f.requests)::bigint as requests, sum(f.refused)::bigint as refused,
           sum(f.failed)::bigint as failed, sum(f.total_ms) as "totalMs", max(f.slowest_ms) as "slowestMs",
           to_json(${bucketsAs((place) => `sum(f.buckets[${place}])::bigint`)}) as buckets
      from monitoring_figures f where f.at >= ${from} and f.at < ${to}
     group by f.kind, f.name order by sum(f.requests) desc, f.kind, f.name`);
  return rows.map((row) => ({
    ...row,
    requests: Number(row.requests),
    refused: Number(row.refused),
    failed: Number(row.failed),
    buckets: row.buckets.map(Number),
  }));
}

/** All together. */
export const total = (all: readonly Sums[]): Sums =>
  all.reduce<Sums>(
    (sum, one) => ({
      requests: sum.requests + one.requests,
      refused: sum.refused + one.refused,
      failed: sum.failed + one.failed,
      totalMs: sum.totalMs + one.totalMs,
      slowestMs: Math.max(sum.slowestMs, one.slowestMs),
      buckets: sum.buckets.map((count, index) => count + (one.buckets[index] ?? 0)),
    }),
    { requests: 0, refused: 0, failed: 0, totalMs: 0, slowestMs: 0, buckets: emptyBuckets() },
  );

export const p95Of = ({ buckets, slowestMs }: Sums): number => quantile(0.95, buckets, slowestMs);
export const medianOf = ({ buckets, slowestMs }: Sums): number => quantile(0.5, buckets, slowestMs);

/** Of a hundred requests, how many failed. */
export const failurePercent = ({ requests, failed }: Sums): number => (requests ? (100 * failed) / requests : 0);
