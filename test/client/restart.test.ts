import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, PasserelleError } from '../../packages/client/src/index.js';
import {
  FollowDocumentsOperation,
  ListDocumentsOperation,
  UploadDocumentsOperation,
} from '../../packages/client/src/operations.gen.js';
import { freshDatabase } from '../support/database.js';
import { type ServerProcess, startProcess } from '../support/process.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let drop: () => Promise<void>;
let running: ServerProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-client-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  env = { ...database.env, DATA_DIR: folder };
});
afterEach(async () => {
  if (running?.process.exitCode === null && running.process.signalCode === null) await running.end('SIGKILL');
  await drop();
  await rm(folder, { recursive: true, force: true });
});

test(
  'a server that is killed amid changes makes each once, and answers it or says that its answer is lost',
  { timeout: 180_000 },
  async () => {
    running = await startProcess(env);
    const { url } = running;
    const account = { email: 'k@example.com', password: 'Passerelle-2026!', full_name: 'K' };
    await fetch(`${url}/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(account),
    });
    const client = createClient({ url, retries: 30 });
    await client.signIn({ identifier: account.email, password: account.password });

    const heard: string[] = [];
    let interruptions = 0;
    const events = client.subscribe(FollowDocumentsOperation, {}, { onInterrupted: () => (interruptions += 1) });
    const listening = (async () => {
      for await (const { documentEvents: event } of events)
        if (event.type === 'DOCUMENT_CREATED') heard.push(event.documentId);
    })();
    await expect.poll(() => events.position).toBeDefined();

    const filed: string[] = [];
    /** Titles of what was filed when the server was killed, before the answer was kept. */
    const lost: string[] = [];
    const file = async (index: number): Promise<void> => {
      const title = `piece-${index}`;
      try {
        const input = { files: [new File([`Pièce ${index}`], `${title}.txt`)] };
        const { uploadDocuments } = await client.mutate(UploadDocumentsOperation, { input });
        filed.push(uploadDocuments?.results[0]?.document?.id as string);
      } catch (error) {
        if (!(error instanceof PasserelleError && error.reason === 'idempotency.answer_lost')) throw error;
        lost.push(title);
      }
    };
    let next = 0;
    const writers = [1, 2, 3].map(async () => {
      while (next < 30) await file((next += 1));
    });
    await expect.poll(() => filed.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
    await running.end('SIGKILL');
    running = await startProcess({ ...env, PORT: new URL(url).port });
    await Promise.all(writers);

    const { documents } = await client.query(ListDocumentsOperation, { first: 100 });
    const all = documents?.nodes.map(({ id }) => id).toSorted();
    // Each change was made once. All were answered but those that were under way, which are there all the same.
    const titles = Array.from({ length: next }, (_, i) => `piece-${i + 1}`);
    expect(documents?.nodes.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
    expect(lost.length).toBeLessThanOrEqual(writers.length);
    const unanswered = documents?.nodes.filter(({ id }) => !filed.includes(id)) ?? [];
    expect(unanswered.map(({ title }) => title).toSorted()).toEqual(lost.toSorted());
    expect(filed.length + lost.length).toBe(next);
    expect(new Set(filed).size).toBe(filed.length);
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(next);
    expect(heard.toSorted()).toEqual(all);
    expect(interruptions).toBeGreaterThan(0);
    await client.close();
    await listening;
  },
);
