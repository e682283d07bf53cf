/**
 * A figure that only grows, by the values of its labels. Plain data: a module declares it, and `makeMetrics` registers
 * it.
 */
export interface Counter<L extends string> {
  /** As Prometheus reads it: `xcore_ingests_total`. */
  name: string;
  help: string;
  labels: readonly L[];
}

export const counter = <const L extends string>(declaration: Counter<L>): Counter<L> => declaration;
