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
