import { getPriority } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { jobProcess } from '../../src/files/job-process.js';
import type { TryJob, TryResults } from '../support/try-worker.js';

const worker = new URL('../support/try-worker', import.meta.url);
const small = jobProcess<TryJob, TryResults>(worker, { maxMemoryMegabytes: 300 });
const pair = jobProcess<TryJob, TryResults>(worker, { most: 2 });
afterAll(() => Promise.all([small.stop(), pair.stop()]));

const timeoutMs = 60_000;

test('a job that takes more memory than it may ends with its process, and says why; others go on', async () => {
  const { pid } = await small.run({ kind: 'pid' }, { timeoutMs });
  // Outside of the heap, where pictures lie.
  await expect(small.run({ kind: 'fill', megabytes: 2_000 }, { timeoutMs })).rejects.toThrow(
    'It takes more than 300 MB of memory',
  );
  expect((await small.run({ kind: 'pid' }, { timeoutMs })).pid).not.toBe(pid);
});

test('its jobs get less of a processor than whoever answers requests', async () => {
  const { pid } = await small.run({ kind: 'pid' }, { timeoutMs });
  expect(getPriority(pid)).toBe(getPriority() + 5);
});

test('one person takes one of two processes: another does not wait for their jobs, however many', async () => {
  const order: number[] = [];
  const wait = (owner: number, ms: number): Promise<unknown> =>
    pair.run({ kind: 'wait', ms }, { timeoutMs, owner }).then(() => order.push(owner));
  const many = [wait(1, 1_500), wait(1, 1_500), wait(1, 1_500)];
  await wait(2, 0);
  expect(order).toEqual([2]);
  await Promise.all(many);
  expect(order).toEqual([2, 1, 1, 1]);
});
