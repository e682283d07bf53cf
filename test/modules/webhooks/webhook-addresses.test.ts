import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSender, type Outcome } from '../../../src/modules/webhooks/post-webhook.js';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { type Receiver, startReceiver } from '../../support/receiver.js';

/** The default: webhooks reach public addresses only. */
let server: TestServer;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer();
});
afterAll(async () => {
  await server?.stop();
  await receiver?.stop();
});

const port = (): string => new URL(receiver.url).port;
const patience = { timeout: 20_000, interval: 50 };

/** Of this machine or of private networks, in every spelling. */
const hosts = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '017700000001',
  '0x7f.1',
  '0.0.0.0',
  '10.0.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[fe80::1]',
  '[fd00::1]',
];

test('an address that is not public is refused when a webhook is made, by field at each door', async () => {
  const person = await server.person();
  const make =
    'mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { webhookEndpoint { id } } }';
  for (const host of [...hosts, 'localhost', 'LOCALHOST.', 'hooks.localhost']) {
    const input = { name: host, url: `http://${host}:${port()}/`, events: ['invoice.*'] };
    const { errors } = await server.graphql(make, { input }, person.token);
    expect(errors?.[0].extensions, host).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'url'], code: 'not_allowed' }],
    });
  }
  const json = { name: 'Hook', url: `http://127.0.0.1:${port()}/`, events: ['invoice.*'] };
  const refused = await server.request('POST', '/api/v1/webhooks', { token: person.token, json });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.json)).toContain('url');
  const documented = { nom: 'Hook', url: json.url, type_webhook: 'intervention_created' };
  const token = server.admin.token;
  const also = await server.request('POST', '/api/webhooks', { token, json: documented });
  expect([also.status, JSON.stringify(also.json)]).toEqual([422, expect.stringContaining('"url"')]);
  // Names are looked up for each delivery, and not before.
  const named = await server.request('POST', '/api/v1/webhooks', {
    token: person.token,
    json: { ...json, url: 'https://hooks.example.org/' },
  });
  expect(named.status).toBe(201);
});

test('an address that came in before is refused when the connection is made, and may be replaced', async () => {
  const person = await server.person();
  const endpoints: number[] = [];
  for (const host of hosts) {
    const json = { name: host, url: 'https://hooks.example.org/', events: ['invoice.*'] };
    const { json: made } = await server.request('POST', '/api/v1/webhooks', { token: person.token, json });
    await server.sql('update webhook_endpoints set url = ? where id = ?', [`http://${host}:${port()}/`, made.id]);
    endpoints.push(made.id);
    await server.request('POST', `/api/v1/webhooks/${made.id}/test`, { token: person.token });
  }
  const errors = (): Promise<any[]> =>
    server.sql(`select distinct error from webhook_deliveries where attempts > 0 order by 1`);
  const tried = async (): Promise<number> =>
    (await server.sql('select count(*)::int as n from webhook_deliveries where attempts > 0'))[0].n;
  await expect.poll(tried, patience).toBe(hosts.length);
  expect(await errors()).toEqual([{ error: 'The address of the host is not public' }]);
  expect(receiver.received).toEqual([]);

  const change = async (input: object): Promise<any> =>
    server.graphql(
      'mutation ($input: UpdateWebhookEndpointInput!) { updateWebhookEndpoint(input: $input) { webhookEndpoint { name } } }',
      { input: { id: endpoints[0], ...input } },
      person.token,
    );
  const kept = await change({ name: 'Renamed', url: `http://${hosts[0]}:${port()}/` });
  expect(kept.data.updateWebhookEndpoint.webhookEndpoint.name).toBe('Renamed');
  const moved = await change({ url: 'http://10.0.0.1/' });
  expect(moved.errors[0].extensions.fields).toMatchObject([{ path: ['input', 'url'], code: 'not_allowed' }]);
});

const message = { headers: {}, body: Buffer.from('{}'), timeoutMs: 2_000 };

describe('the sender', () => {
  const post = async (allowPrivate: 'all' | string[], url: string) => {
    const sender = openSender({ allowPrivate });
    try {
      return await sender.post(url, { ...message, stopping: new AbortController().signal });
    } finally {
      await sender.close();
    }
  };

  test('looks at what a name leads to, and reaches what the setting allows', async () => {
    const url = `http://localhost:${port()}/allowed`;
    expect(await post(['10.0.0.0/8'], url)).toMatchObject({ error: 'The address of the host is not public' });
    expect(await post(['127.0.0.0/8', '::1'], url)).toMatchObject({ status: 200, body: 'taken' });
    expect(await post('all', `${receiver.url}/allowed`)).toMatchObject({ status: 200 });
  });

  test('refuses a name of which one address may not be reached, and asks once for what it connects to', async () => {
    const before = receiver.received.length;
    const asked: string[] = [];
    const answers: LookupAddress[][] = [];
    const sender = openSender({
      // Reachable, and nobody listens there.
      allowPrivate: ['127.0.0.2'],
      addressesOf: async (hostname) => {
        asked.push(hostname);
        return answers.shift() ?? [];
      },
    });
    const send = (): Promise<Outcome | undefined> =>
      sender.post(`http://hooks.example:${port()}/`, { ...message, stopping: new AbortController().signal });
    const [open, closed] = [
      { address: '127.0.0.2', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const refused = { error: 'The address of the host is not public' };
    try {
      for (const mixed of [
        [open, closed],
        [closed, open],
        [open, { address: '::1', family: 6 }],
      ]) {
        answers.push(mixed);
        expect(await send()).toMatchObject(refused);
      }
      // A name that may be reached when it is looked at, and then not: no second look-up could answer otherwise.
      asked.length = 0;
      answers.push([open], [closed]);
      expect((await send())?.error).toBe('The connection failed (ECONNREFUSED)');
      expect(asked).toHaveLength(1);
      expect(await send()).toMatchObject(refused);
      expect(receiver.received).toHaveLength(before);
    } finally {
      await sender.close();
    }
  });

  test('takes a redirect for a failure, wherever it leads', async () => {
    receiver.answer('/moved', (response) =>
      response.writeHead(302, { location: `http://169.254.169.254/?token=abc` }).end(),
    );
    const before = receiver.received.length;
    const outcome = await post('all', `${receiver.url}/moved`);
    expect(outcome).toMatchObject({ status: 302, error: 'Answered 302' });
    expect(receiver.received).toHaveLength(before + 1);
  });

  test('waits no longer than its limit, for the head of an answer nor for the rest of it', async () => {
    receiver.answer('/silent', () => undefined);
    receiver.answer('/dripping', (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.once('close', () => clearInterval(timer));
    });
    const [silent, dripping] = await Promise.all([
      post('all', `${receiver.url}/silent`),
      post('all', `${receiver.url}/dripping`),
    ]);
    expect(silent?.error).toBe('No answer within 2000 ms');
    expect(dripping).toMatchObject({ status: 200, body: expect.stringMatching(/^x+$/) });
    for (const each of [silent, dripping]) expect(each?.durationMs).toBeLessThan(5_000);
  });

  test('reads a large answer only at its beginning', async () => {
    let sent = 0;
    receiver.answer('/large', (response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 200_000_000 && response.write(Buffer.alloc(65_536, 'y'))) sent += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const answer = await post('all', `${receiver.url}/large`);
    expect(answer).toMatchObject({ status: 200, body: 'y'.repeat(1_000) });
    expect(sent).toBeLessThan(20_000_000);
  });
});
