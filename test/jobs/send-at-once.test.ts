import { expect, test } from 'vitest';
import { startTestServer } from '../support/harness.js';

test('a job is sent from within a transaction as soon as it is added', async () => {
  const server = await startTestServer();
  try {
    const ran: number[] = [];
    const run = async (_ctx: unknown, { n }: { n: number }) => void ran.push(n);
    const job = await server.services.jobs.add<{ n: number }>({ name: 'test.at_once', run });
    // Embedded, a question on another connection would wait for this transaction, and this for its answer.
    await server.db.client.transaction((tx) => job.send(tx, { n: 1 }));
    await expect.poll(() => ran, { timeout: 30_000 }).toEqual([1]);
  } finally {
    await server.stop();
  }
}, 60_000);
