/** A process of `files/job-process.ts` to try it with. */
import { setTimeout } from 'node:timers/promises';

export type TryJob = { kind: 'pid' } | { kind: 'wait'; ms: number } | { kind: 'fill'; megabytes: number };

export interface TryResults {
  pid: { pid: number };
  wait: { pid: number };
  fill: { pid: number };
}

const kept: Buffer[] = [];

process.on('disconnect', () => process.exit());

process.on('message', async (job: TryJob) => {
  if (job.kind === 'wait') await setTimeout(job.ms);
  if (job.kind === 'fill')
    for (let filled = 0; filled < job.megabytes; filled += 10) {
      kept.push(Buffer.alloc(10 * 2 ** 20, 1));
      await setTimeout(5);
    }
  process.send!({ result: { pid: process.pid } });
});
