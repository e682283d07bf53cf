import PrometheusCounter from 'prom-client/lib/counter.js';
import PrometheusHistogram from 'prom-client/lib/histogram.js';
import type Registry from 'prom-client/lib/registry.js';

/** What is counted of plugins, by their ids. */
export interface PluginFigures {
  called: (plugin: string, call: { kind: string; outcome: string; seconds: number }) => void;
  /** Its process ended by itself. */
  restarted: (plugin: string) => void;
  /** Shows nothing of a plugin any more. */
  forget: (plugin: string) => void;
}

const kinds = ['resolve', 'deliver', 'route', 'variables', 'response', 'action', 'handle'];
const outcomes = ['answered', 'refused', 'failed'];

export function pluginFigures(registry: Registry): PluginFigures {
  const calls = new PrometheusCounter({
    name: 'xcore_plugin_calls_total',
    help: 'Calls of plugins, by what they are for and by whether they were answered, refused or failed',
    labelNames: ['plugin', 'kind', 'outcome'],
    registers: [registry],
  });
  const durations = new PrometheusHistogram({
    name: 'xcore_plugin_call_duration_seconds',
    help: 'Duration of calls of plugins',
    labelNames: ['plugin'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  const restarts = new PrometheusCounter({
    name: 'xcore_plugin_restarts_total',
    help: 'How often the process of a plugin ended by itself',
    labelNames: ['plugin'],
    registers: [registry],
  });
  return {
    called: (plugin, { kind, outcome, seconds }) => {
      calls.inc({ plugin, kind, outcome });
      durations.observe({ plugin }, seconds);
    },
    restarted: (plugin) => restarts.inc({ plugin }),
    forget: (plugin) => {
      for (const kind of kinds) for (const outcome of outcomes) calls.remove({ plugin, kind, outcome });
      durations.remove({ plugin });
      restarts.remove({ plugin });
    },
  };
}
