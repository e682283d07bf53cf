import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { settled } from '../support/events.js';
import { running } from '../support/running.js';
import { patience, startWebhookStage, type WebhookStage } from '../support/webhooks.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
  attributes: Record<string, unknown>;
}

/** A collector: what it does with what comes, and what came. */
const collector = {
  spans: [] as Span[],
  requests: 0,
  headers: {} as Record<string, unknown>,
  resource: {} as Record<string, unknown>,
  does: 'take' as 'take' | 'hang' | 'refuse',
  hanging: [] as ServerResponse[],
};
const plain = (attributes: { key: string; value: object }[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
const http = createServer((request, response) => {
  collector.requests += 1;
  collector.headers = request.headers;
  if (collector.does === 'refuse') return void request.socket.destroy();
  if (collector.does === 'hang') return void collector.hanging.push(response);
  json(request).then(
    (body: any) => {
      for (const { resource, scopeSpans } of body.resourceSpans) {
        collector.resource = plain(resource.attributes);
        for (const span of scopeSpans.flatMap(({ spans }: any) => spans))
          collector.spans.push({ ...span, attributes: plain(span.attributes) });
      }
      response.setHeader('content-type', 'application/json').end('{}');
    },
    () => response.destroy(),
  );
});

let stage: WebhookStage;
beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  running.set(http, 'a collector');
  stage = await startWebhookStage({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=firm',
      OTEL_SERVICE_NAME: 'test-firm',
    },
  });
});
afterAll(async () => {
  await stage?.stop();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
  running.delete(http);
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${caller}-01`;
const spansOf = (id: string): Span[] => collector.spans.filter((span) => span.traceId === id);
const named = (name: string | RegExp, id = traceId): Span[] =>
  spansOf(id).filter((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));
const one = async (name: string | RegExp, id = traceId): Promise<Span> => {
  await expect.poll(() => named(name, id).length, patience).toBeGreaterThan(0);
  return named(name, id)[0] as Span;
};
/** The names from a span up to the first of the trace here. */
const pathOf = (span: Span): string[] => {
  const above = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(above ? pathOf(above) : [])];
};

const ask = (query: string, variables: object, headers: Record<string, string> = { traceparent }) =>
  stage.server.request('POST', '/graphql', {
    json: { query, variables },
    token: stage.server.admin.token,
    headers,
  });

test('one trace leads from the caller to statements, jobs and the webhook that is sent', async () => {
  const { server } = stage;
  const hook = await stage.hook(server.admin, { events: ['tag.created'] });
  const made = await ask('mutation MakeTag($input: CreateTagInput!) { createTag(input: $input) { tag { id } } }', {
    input: { name: 'Trace' },
  });
  expect(made.json.errors).toBeUndefined();
  await stage.arrived(hook, 1);
  const since = new Date(stage.now().getTime() - 3_600_000).toISOString();
  const replayed = await ask(
    'mutation Replay($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { __typename } }',
    { input: { id: String(hook.id), since } },
  );
  expect(replayed.json.errors).toBeUndefined();
  await stage.arrived(hook, 2);

  const request = await one('POST /graphql');
  expect(request).toMatchObject({
    parentSpanId: caller,
    kind: 2,
    attributes: { 'http.request.method': 'POST', 'http.route': '/graphql' },
  });
  expect(Number(request.attributes['http.response.status_code'])).toBe(200);
  expect(pathOf(await one('mutation MakeTag'))).toEqual(['mutation MakeTag', 'POST /graphql']);
  const resolver = ['Mutation.createTag', 'mutation MakeTag', 'POST /graphql'];
  const statement = await one('INSERT tags');
  expect(pathOf(statement)).toEqual(['INSERT tags', ...resolver]);
  expect(statement.attributes['db.query.text']).toMatch(/\$1/);
  expect(pathOf(await one('process webhooks.replay'))).toEqual([
    'process webhooks.replay',
    'Mutation.replayWebhookEvents',
    'mutation Replay',
    'POST /graphql',
  ]);
  await expect
    .poll(
      () =>
        spansOf(traceId).some(
          (span) => span.name.startsWith('SELECT') && pathOf(span)[1] === 'process webhooks.replay',
        ),
      patience,
    )
    .toBe(true);

  const [first] = stage.got(hook);
  const [, sentTrace, sentSpan] = /^00-(\w{32})-(\w{16})-01$/.exec(String(first?.headers['traceparent'])) ?? [];
  expect(sentTrace).toBe(traceId);
  await expect.poll(() => spansOf(traceId).some(({ spanId }) => spanId === sentSpan), patience).toBe(true);
  const sent = spansOf(traceId).find(({ spanId }) => spanId === sentSpan) as Span;
  expect(sent).toMatchObject({ name: 'POST', kind: 3, attributes: { 'server.address': '127.0.0.1' } });
  expect(pathOf(sent)).toEqual(['POST', 'deliver webhook', ...resolver]);
  expect(collector.resource).toMatchObject({ 'service.name': 'test-firm' });
  expect(collector.headers).toMatchObject({ 'x-tenant': 'firm', 'content-type': 'application/json' });

  // The log says the same.
  const lines = server.log.map((line) => JSON.parse(line));
  expect(lines.find(({ msg, traceId: id }) => msg === 'request' && id === traceId)).toMatchObject({
    spanId: expect.stringMatching(/^\w{16}$/),
    parentSpanId: caller,
  });
  expect(lines.some(({ job, traceId: id }) => job === 'webhooks.replay' && id === traceId)).toBe(true);
});

test('a request without a trace begins one, which the log names', async () => {
  await stage.server.request('GET', '/v1/users/me', { token: stage.server.admin.token });
  const line = stage.server.log.map((each) => JSON.parse(each)).findLast(({ path }) => path === '/v1/users/me');
  expect(line).toMatchObject({ traceId: expect.stringMatching(/^\w{32}$/), spanId: expect.any(String) });
  const span = await one('GET /v1/users/me', line.traceId);
  expect([span.spanId, span.parentSpanId ?? '']).toEqual([line.spanId, '']);
});

test('websockets are part of it', async () => {
  const { server } = stage;
  const id = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${id}-${caller}-01` };
  class TracedSocket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: TracedSocket,
    connectionParams: { authorization: `Bearer ${server.admin.token}` },
    retryAttempts: 0,
  });
  const answers = client.iterate({ query: 'query OverSocket { viewer { id } }' });
  await answers.next();
  await client.dispose();
  expect(await one('query OverSocket', id)).toMatchObject({ parentSpanId: caller, kind: 2 });

  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'auth', token: server.admin.token })));
  expect(await one('/ws auth', id)).toMatchObject({ parentSpanId: caller });
  socket.terminate();
});

test('what people sent, and what is secret, stands in no span', async () => {
  const { server } = stage;
  const person = await server.person();
  await server.request('POST', '/auth/login', {
    json: { username: person.email, password: person.password },
    headers: { traceparent: traceparent.replace('4bf', '5bf') },
  });
  await server.request('GET', '/rdv/not-a-secret-but-might-be-one', {});
  await one(/auth\/login/, traceId.replace('4bf', '5bf'));
  await settled(server.app);
  const text = JSON.stringify(collector.spans);
  expect(server.secrets.leaksIn(text)).toEqual([]);
  for (const sent of [person.email, 'Trace"', 'not-a-secret']) expect(text).not.toContain(sent);
});

test('a collector that refuses or hangs costs no request and no memory, and one line in the log', async () => {
  const { server } = stage;
  const warnings = (): number => server.log.filter((line) => line.includes('collector of traces takes nothing')).length;
  const flood = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask('query Flood { viewer { id } }', {}, {})));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
  };
  collector.does = 'refuse';
  await flood(50);
  await expect.poll(warnings, patience).toBe(1);
  collector.does = 'hang';
  const asked = collector.requests;
  await flood(50);
  await expect.poll(() => collector.requests, patience).toBeGreaterThan(asked);
  // More spans than may wait.
  await flood(1_000);
  collector.does = 'take';
  for (const response of collector.hanging.splice(0)) response.destroy();
  collector.spans.length = 0;
  await expect
    .poll(() => server.log.some((line) => line.includes('the collector of traces is back')), patience)
    .toBe(true);
  const lastId = traceId.replace('4bf', '6bf');
  await ask('query Last { viewer { id } }', {}, { traceparent: traceparent.replace('4bf', '6bf') });
  await expect.poll(() => collector.spans.some(({ name }) => name === 'query Last'), patience).toBe(true);
  // Those that waited and those of two exports that were under way.
  const ofFlood = collector.spans.filter((span) => span.traceId !== lastId);
  expect(ofFlood.length).toBeLessThanOrEqual(2_048 + 2 * 512);
  expect(warnings()).toBe(1);
});

test('no secret came to light', async () => expect(await stage.server.leaks()).toEqual([]));
