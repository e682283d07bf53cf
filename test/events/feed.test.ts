import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startFeed } from '../../src/events/feed.js';

/** A log in memory whose events come one by one. */
async function feedInMemory() {
  let newest = 0;
  let wake = (): void => undefined;
  const read = async (sql: string) =>
    sql.startsWith('select (')
      ? [[String(newest)]]
      : newest === 0
        ? []
        : [[String(newest), 'user.login', 'User', '1', '1', '1', '2026-01-01 00:00:00+00', '{}']];
  const feed = await startFeed(
    read,
    async (_channel, told) => {
      wake = told;
      return async () => undefined;
    },
    pino({ level: 'silent' }),
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await turn();
  return {
    feed,
    happen: async () => {
      newest += 1;
      wake();
      await turn();
    },
  };
}

test('an open stream costs no memory for the events that it has told', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const usedBytes = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const { feed, happen } = await feedInMemory();
  const closing = new AbortController();
  let told = 0;
  const streams = Array.from({ length: 100 }, async () => {
    for await (const _event of feed.stream({ signal: closing.signal })) told += 1;
  });
  // The feed itself keeps the last two thousand events.
  for (let i = 0; i < 2_100; i++) await happen();
  const before = usedBytes();
  for (let i = 0; i < 1_000; i++) await happen();
  const growth = usedBytes() - before;
  closing.abort();
  await Promise.all(streams);
  expect(told).toBe(310_000);
  expect(growth / 100_000).toBeLessThan(50);
  await feed.stop();
});

test('a stream ends when it is told to while it waits, and when the feed stops', async () => {
  const { feed } = await feedInMemory();
  const closing = new AbortController();
  const ends = [closing.signal, undefined].map(async (signal) => feed.stream(signal ? { signal } : {}).next());
  closing.abort();
  expect(await ends[0]).toEqual({ done: true, value: undefined });
  await feed.stop();
  expect(await ends[1]).toEqual({ done: true, value: undefined });
});
