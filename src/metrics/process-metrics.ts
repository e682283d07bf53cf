import Counter from 'prom-client/lib/counter.js';
import eventLoopLag from 'prom-client/lib/metrics/eventLoopLag.js';
import garbageCollection from 'prom-client/lib/metrics/gc.js';
import heapSize from 'prom-client/lib/metrics/heapSizeAndUsed.js';
import heapSpaces from 'prom-client/lib/metrics/heapSpacesSizeAndUsed.js';
import memory from 'prom-client/lib/metrics/osMemoryHeap.js';
import maxDescriptors from 'prom-client/lib/metrics/processMaxFileDescriptors.js';
import openDescriptors from 'prom-client/lib/metrics/processOpenFileDescriptors.js';
import startTime from 'prom-client/lib/metrics/processStartTime.js';
import nodeVersion from 'prom-client/lib/metrics/version.js';
import type Registry from 'prom-client/lib/registry.js';

/**
 * Processor, memory, event loop, descriptors: prom-client's default metrics, but for those that `promtool check
 * metrics` refuses (counts of handles that end in `_total`) and the one that loads OpenTelemetry.
 */
export function collectProcessMetrics(registry: Registry): void {
  for (const collect of [
    startTime,
    memory,
    openDescriptors,
    maxDescriptors,
    eventLoopLag,
    heapSize,
    heapSpaces,
    garbageCollection,
    nodeVersion,
  ])
    collect(registry);
  for (const kind of ['user', 'system'] as const)
    cpuCounter(registry, `process_cpu_${kind}_seconds_total`, (cpu) => cpu[kind]);
  cpuCounter(registry, 'process_cpu_seconds_total', ({ user, system }) => user + system);
}

function cpuCounter(registry: Registry, name: string, microsecondsOf: (cpu: NodeJS.CpuUsage) => number): void {
  let counted = 0;
  new Counter({
    name,
    help: 'CPU time that the process has spent, in seconds',
    registers: [registry],
    collect() {
      const seconds = microsecondsOf(process.cpuUsage()) / 1e6;
      this.inc(seconds - counted);
      counted = seconds;
    },
  });
}
