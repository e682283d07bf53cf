/**
 * A figure that only grows, by the values of its labels. Plain data: a module declares it, and `makeMetrics` registers
 * it.
 */
export interface Counter<L extends string> {
  /** As Prometheus reads it: `xcore_ingests_total`. */
  name: string;
  help: string;
  labels: readonly L[];
  /**
   * How many values a label may take that clients choose: those that come later count as `other`. Default: any number.
   */
  atMost?: { readonly [label in NoInfer<L>]?: number };
}

export const counter = <const L extends string>(declaration: Counter<L>): Counter<L> => declaration;
