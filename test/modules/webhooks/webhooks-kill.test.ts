import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { isFull } from '../../support/full.js';
import { type ServerProcess, startProcess } from '../../support/process.js';
import { type Receiver, type Received, startReceiver } from '../../support/receiver.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let running: ServerProcess | undefined;
let receiver: Receiver;
let drop: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  receiver = await startReceiver();
  env = {
    ...database.env,
    DATA_DIR: folder,
    ADMIN_PASSWORD: 'Passerelle-2026!',
    WEBHOOK_ALLOW_PRIVATE: 'on',
    RATE_LIMITS: 'off',
    WATCH_DIR: 'off',
    TESSERACT: 'off',
  };
});
afterEach(async () => {
  if (running?.process.exitCode === null && running.process.signalCode === null) await running.end('SIGKILL');
  running = undefined;
  await receiver.stop();
  await drop();
  await rm(folder, { recursive: true, force: true });
});

let token: string;
async function ask(method: string, path: string, json?: object): Promise<any> {
  const { url } = running as ServerProcess;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

/** A lease of a killed process ends after 30 seconds. */
const patience = { timeout: 120_000, interval: 100 };
const { events, kills } = isFull ? { events: 150, kills: 3 } : { events: 20, kills: 1 };

test(
  'a server killed again and again while it delivers leaves no event undelivered, and those of one thing in order',
  { timeout: 300_000 },
  async () => {
    running = await startProcess(env);
    const login = await fetch(`${running.url}/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'admin', password: 'Passerelle-2026!' }),
    });
    token = ((await login.json()) as { access_token: string }).access_token;
    await ask('POST', '/api/v1/webhooks', { name: 'Essai', url: `${receiver.url}/hook`, events: ['tag.*'] });
    // What is documented is read anew for each event, as its GET answers it.
    const documented = { nom: 'Essai', url: `${receiver.url}/documented`, type_webhook: 'client_updated' };
    await ask('POST', '/api/webhooks', documented);
    const client = await ask('POST', '/api/clients', { nom: 'Dupont' });
    // Slow enough that a kill comes into the middle.
    for (const path of ['/hook', '/documented'])
      receiver.answer(path, (response) => void setTimeout(() => response.end(), 100));
    const ids: string[] = [];
    let heard = 0;
    for (let n = 0; n < events; n += 1) {
      if (n < 4) ids.push((await ask('POST', '/kdocs/api/tags', { name: `tag${n}` })).data.id);
      else await ask('PUT', `/kdocs/api/tags/${ids[n % 4]}`, { name: `tag${n}` });
      await ask('PUT', `/api/clients/${client.id}`, { notes: `note ${n}` });
      if ((n + 1) % Math.floor(events / (kills + 1)) !== 0) continue;
      await expect.poll(() => receiver.received.length, patience).toBeGreaterThan(heard);
      await running.end('SIGKILL');
      heard = receiver.received.length;
      running = await startProcess(env);
    }
    const got = (path: string): Received[] => receiver.received.filter((one) => one.path === path);
    const positions = (sent: readonly Received[]): number[] => sent.map(({ headers }) => Number(headers['webhook-id']));
    for (const path of ['/hook', '/documented'])
      await expect.poll(() => new Set(positions(got(path))).size, patience).toBe(events);
    const series = [
      ...ids.map((id) => got('/hook').filter(({ json }) => json.data.subject.id === String(id))),
      got('/documented'),
    ];
    for (const sent of series) {
      // One that was being sent when the server died comes twice, with the same id and bytes, and never after a later one.
      expect(positions(sent)).toEqual(positions(sent).toSorted((one, other) => one - other));
      for (const { headers, text } of sent)
        expect(sent.filter((one) => one.headers['webhook-id'] === headers['webhook-id'] && one.text !== text)).toEqual(
          [],
        );
    }
    for (const { json } of got('/documented'))
      expect(json).toMatchObject({
        type: 'client_updated',
        resource_id: client.id,
        data: { id: client.id, nom: 'Dupont' },
      });
  },
);
