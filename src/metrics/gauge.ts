import type { SqlRunner } from '../db/sql-client.js';

/**
 * A figure that goes up and down, looked up whenever the metrics are asked for, so that every process shows the same.
 * Plain data: a module declares it, and `makeMetrics` registers it.
 */
export interface Gauge {
  /** As Prometheus reads it: `xcore_balance_drift_accounts`. */
  name: string;
  help: string;
  /** Takes no longer than a row by its key; when it throws, the figure is NaN. */
  read: (db: SqlRunner) => Promise<number>;
}

/** One figure, or one for each value of a label. */
export type Figures = number | readonly { of: string; value: number }[];

/** Figures that are found by one look. */
export interface GaugeGroup<Name extends string> {
  /** `label` names what figures are told apart by; there are few values of it. */
  gauges: { readonly [name in Name]: { help: string; label?: string } };
  /** How long `read` may take. Default: 2 s. */
  longestMs?: number;
  /** When it throws, or takes too long, the figures are left out. */
  read: () => Promise<{ readonly [name in Name]: Figures }>;
}
