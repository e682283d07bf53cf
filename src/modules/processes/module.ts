import type { Module } from '../../kernel/module.js';
import { liveProcesses } from './live-processes.js';
import { ServerProcess } from './server-process.entity.js';
import { serverProcessReads } from './server-process.reads.js';
import { ServerProcessResolver } from './server-process.resolver.js';

export const processesModule: Module = {
  name: 'processes',
  entities: [ServerProcess],
  reads: [serverProcessReads],
  resolvers: [ServerProcessResolver],
  gauges: [liveProcesses],
};
