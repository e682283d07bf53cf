import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sql } from '../../../src/db/sql.js';
import { type Observation, startFigures } from '../../../src/modules/monitoring/figures/figures.js';
import {
  bucketEndsMs,
  bucketOf,
  emptyBuckets,
  quantile,
} from '../../../src/modules/monitoring/figures/latency-histogram.js';
import { apiKey, apiToken } from '../../access/people.js';
import { settled } from '../../support/events.js';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { act } from '../../support/tasks.js';

const minute = 60_000;
const hour = 60 * minute;

let server: TestServer;
/** Added to the clock. */
let laterMs = 0;
/** Of the administrator, whatever the clock says. */
let token: string;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + laterMs) });
  token = await apiToken(server, server.admin, { expires: '1000 days' });
});
afterAll(() => server?.stop());

/** Tests do not see each other's requests. */
/** The day after, at the beginning of an hour: what comes within minutes lies in the same. */
const nextDay = (): void => {
  laterMs += 24 * hour;
  laterMs += hour - ((Date.now() + laterMs) % hour);
};

const figures = 'requestCount refusedCount failedCount failurePercent averageMs medianMs p95Ms slowestMs';
async function summary(period = 'HOUR'): Promise<any> {
  const { data, errors } = await server.graphql(
    `query Summary { monitoringSummary(period: ${period}) { from to alertsUp all { ${figures} }
       routes { route figures { ${figures} } } operations { operation figures { ${figures} } }
       apiKeys { apiKeyId name prefix figures { ${figures} } }
       webhooks { webhookEndpointId name figures { ${figures} } } } }`,
    {},
    token,
  );
  expect(errors).toBeUndefined();
  return data.monitoringSummary;
}

const observe = (count: number, observation: Partial<Observation>): void => {
  for (let i = 0; i < count; i += 1)
    server.services.figures.add({ kind: 'route', name: 'GET /x/:id', outcome: 'answered', ms: 10, ...observation });
};

test('a quantile lies in the bucket of the duration that it estimates, and is never above the slowest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (durations, part) => {
        const buckets = emptyBuckets();
        for (const ms of durations) buckets[bucketOf(ms)]! += 1;
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(part * sorted.length) - 1] as number;
        const estimate = quantile(part, buckets, sorted.at(-1) as number);
        const bucket = bucketOf(exact);
        expect(estimate).toBeGreaterThanOrEqual(bucketEndsMs[bucket - 1] ?? 0);
        expect(estimate).toBeLessThanOrEqual(Math.min(bucketEndsMs[bucket] ?? Infinity, sorted.at(-1) as number));
      },
    ),
  );
  expect(quantile(0.95, emptyBuckets(), 0)).toBe(0);
});

describe('figures', () => {
  test('count requests by route, operation and API key, from every door', async () => {
    nextDay();
    const key = await apiKey(server, server.admin, { scopes: '{read}', expires: '1000 days' });
    const [{ id }] = await server.sql('select id from api_keys order by created_at desc limit 1');
    const headers = { 'x-api-key': key };
    for (const page of [1, 2]) await server.request('GET', `/api/utilisateurs?page=${page}`, { headers });
    await server.request('GET', '/api/utilisateurs/nobody', { headers });
    await server.request('GET', `/api/utilisateurs/${server.admin.id}`);
    await server.request('GET', `/nowhere/${Math.random()}`);
    await server.request('PROPFIND', '/nowhere/else');
    await server.graphql('query People { users { totalCount } }', {}, token);
    // The second time it goes by the fast path.
    await server.graphql('query People { users { totalCount } }', {}, token);
    await server.graphql('query People { noSuchField }', {}, token);
    await server.graphql('mutation Break { deleteTag(input: { id: 0 }) { deletedId } }', {}, token);
    await server.graphql('query Somebody { viewer { id } }');
    const { all, routes, operations, apiKeys } = await summary();
    const counts = (list: any[], name: string): any =>
      Object.fromEntries(
        list.map(({ [name]: of, figures: { requestCount, refusedCount, failedCount } }) => [
          of,
          [requestCount, refusedCount, failedCount],
        ]),
      );
    expect(counts(routes, 'route')).toEqual({
      'GET /api/utilisateurs': [2, 0, 0],
      'GET /api/utilisateurs/:id': [2, 2, 0],
      other: [2, 2, 0],
    });
    expect(counts(operations, 'operation')).toEqual({
      People: [2, 0, 0],
      unnamed: [1, 1, 0],
      Break: [1, 1, 0],
      signed_out: [1, 0, 0],
    });
    expect(apiKeys).toEqual([
      { apiKeyId: id, name: 'matrix', prefix: key.slice(0, 10), figures: expect.objectContaining({ requestCount: 3 }) },
    ]);
    expect(all).toMatchObject({ requestCount: 11, refusedCount: 6, failedCount: 0, failurePercent: 0 });
    expect(all.slowestMs).toBeGreaterThan(0);
    const { text } = await server.request('GET', '/metrics');
    expect(text).toContain(`xcore_api_key_requests_total{api_key="${id}",result="answered"} 2`);
    expect(text).toContain(`xcore_api_key_requests_total{api_key="${id}",result="refused"} 1`);
    expect(text).toContain('xcore_graphql_operation_duration_seconds_count{operation="People",outcome="answered"} 2');
    expect(text).toContain('xcore_alerts_up 0');
  });

  test('a defect counts as a failure, whatever the graph answers it with', async () => {
    nextDay();
    await server.sql('alter table tags rename to tags_away');
    await server.request('GET', '/kdocs/api/tags', { token });
    const { status } = await server.graphql('query Tags { tags { totalCount } }', {}, token);
    await server.sql('alter table tags_away rename to tags');
    expect(status).toBe(200);
    const { routes, operations } = await summary();
    const failed = { figures: expect.objectContaining({ requestCount: 1, failedCount: 1, failurePercent: 100 }) };
    expect(routes).toEqual([{ route: 'GET /kdocs/api/tags', ...failed }]);
    expect(operations).toEqual([{ operation: 'Tags', ...failed }]);
  });

  test('time counts from the end of the request to the beginning of the answer', async () => {
    nextDay();
    const text = '{"nom_utilisateur": "x", "mot_de_passe": 1}';
    const headers = { 'content-type': 'application/json', 'content-length': text.length };
    const sent = request(`${server.url}/api/auth/login`, { method: 'POST', headers });
    sent.write(text.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    sent.end(text.slice(20));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    const status = answer.statusCode;
    expect(status).toBe(422);
    const { routes } = await summary();
    expect(routes[0].figures.slowestMs).toBeLessThan(250);
  });

  test('of all processes add up, wait while the database is away, and are written at the end', async () => {
    nextDay();
    const { now } = server.services;
    let isAway = false;
    const { client } = server.db;
    const db = {
      ...client,
      run: (statement: Sql) => (isAway ? Promise.reject(new Error('away')) : client.run(statement)),
    };
    const shown: Observation[] = [];
    const processes = [1, 2, 3].map(() =>
      startFigures({ db, now, log: pino({ level: 'silent' }), show: (one) => void shown.push(one) }),
    );
    const add = (ms: number): void => {
      for (const { add: addTo } of processes) addTo({ kind: 'route', name: 'GET /p', outcome: 'failed', ms });
    };
    isAway = true;
    add(100);
    await Promise.all(processes.map((one) => one.flush()));
    add(3_000);
    isAway = false;
    await Promise.all(processes.map((one) => one.stop()));
    expect(shown).toHaveLength(6);
    const { routes } = await summary();
    expect(routes).toEqual([
      {
        route: 'GET /p',
        figures: {
          requestCount: 6,
          refusedCount: 0,
          failedCount: 6,
          failurePercent: 100,
          averageMs: 1550,
          medianMs: 100,
          p95Ms: 2950,
          slowestMs: 3000,
        },
      },
    ]);
  });

  test('names of operations that clients make up are bounded', async () => {
    nextDay();
    const { now } = server.services;
    const one = startFigures({ db: server.db.client, now, log: pino({ level: 'silent' }), show: () => undefined });
    for (let i = 0; i < 250; i += 1) one.add({ kind: 'operation', name: `Made${i}`, outcome: 'answered', ms: 1 });
    await one.stop();
    const { operations } = await summary();
    // What is read is bounded too.
    expect(operations).toHaveLength(200);
    expect(operations[0]).toMatchObject({ operation: 'other', figures: { requestCount: 50 } });
  });

  test('are kept by the minute for some hours, by the hour for 30 days', async () => {
    nextDay();
    await server.sql('delete from monitoring_figures');
    observe(30, { ms: 100 });
    await server.services.figures.flush();
    laterMs += minute;
    observe(10, { ms: 3_000, outcome: 'failed' });
    await server.services.figures.flush();
    const stored = async (): Promise<number> =>
      (await server.sql(`select count(*)::int as n from monitoring_figures where name = 'GET /x/:id'`))[0].n;
    const ofIt = async (period: string): Promise<any> =>
      (await summary(period)).routes.find(({ route }: any) => route === 'GET /x/:id')?.figures;
    const before = await ofIt('DAY');
    expect([await stored(), before]).toEqual([2, expect.objectContaining({ requestCount: 40, failedCount: 10 })]);
    laterMs += 5 * hour;
    await server.services.jobs.run('monitoring.compact', {});
    await server.services.jobs.run('monitoring.compact', {});
    expect([await stored(), await ofIt('DAY')]).toEqual([1, before]);
    laterMs += 29 * 24 * hour;
    await server.services.jobs.run('monitoring.compact', {});
    expect(await ofIt('MONTH')).toEqual(before);
    laterMs += 24 * hour;
    await server.services.jobs.run('monitoring.compact', {});
    expect(await stored()).toBe(0);
  });
});

describe('alerts', () => {
  const check = (): Promise<void> => act(server, 'check_alerts');
  const fields =
    'kind subjectKind subjectName value threshold requestCount deliveryId raisedAt endedAt endReason endValue';
  async function alerts(filter = ''): Promise<any[]> {
    const { data, errors } = await server.graphql(
      `{ alerts(first: 100, orderBy: RAISED_AT_ASC ${filter && `, filter: { ${filter} }`}) { nodes { ${fields} } } }`,
      {},
      token,
    );
    expect(errors).toBeUndefined();
    return data.alerts.nodes;
  }
  const up = (): Promise<any[]> => alerts('isUp: true');
  async function told(): Promise<string[][]> {
    await settled(server.app);
    const notifications = await server.sql(
      'select type, priority, title, message from notifications where user_id = ? order by id',
      [server.admin.id],
    );
    return notifications.map(({ type, priority, title, message }) => [type, priority, title, message]);
  }
  async function start(): Promise<void> {
    nextDay();
    await server.sql('delete from alerts');
    await server.sql('delete from notifications');
  }

  test('slow answers: raised once above 2 s, ended below 1.6 s, told to administrators', async () => {
    await start();
    const other = await server.person();
    // 5 % are not more than 5 %, and 19 requests say nothing.
    observe(19, { ms: 1_900 });
    observe(1, { ms: 9_000 });
    observe(19, { ms: 9_000, name: 'GET /rare' });
    await check();
    expect(await alerts()).toEqual([]);
    observe(2, { ms: 2_400 });
    await Promise.all([check(), check()]);
    await check();
    const raised = {
      kind: 'SLOW_RESPONSES',
      subjectKind: 'ROUTE',
      subjectName: 'GET /x/:id',
      value: expect.closeTo(2.48, 1),
      threshold: 2,
      requestCount: 22,
      deliveryId: null,
      raisedAt: expect.any(String),
      endedAt: null,
      endReason: null,
      endValue: null,
    };
    expect(await alerts()).toEqual([raised]);
    expect((await summary()).alertsUp).toBe(1);
    // Better is not clearly better.
    laterMs += 11 * minute;
    observe(30, { ms: 1_900 });
    await check();
    expect(await up()).toHaveLength(1);
    laterMs += 11 * minute;
    observe(30, { ms: 1_400 });
    await check();
    expect(await alerts()).toEqual([
      { ...raised, endedAt: expect.any(String), endReason: 'RECOVERED', endValue: expect.closeTo(1.4, 1) },
    ]);
    expect(await told()).toEqual([
      [
        'alert',
        'urgent',
        'Temps de réponse élevé',
        expect.stringMatching(
          /^GET \/x\/:id : 5 % des 22 dernières requêtes ont pris plus de 2,\d+ s \(seuil : 2 s\)$/,
        ),
      ],
      [
        'alert',
        'urgent',
        "Fin d'alerte : temps de réponse élevé",
        'GET /x/:id : la situation est revenue à la normale',
      ],
    ]);
    expect(await server.sql('select 1 from notifications where user_id = ?', [other.id])).toEqual([]);
    const events = await server.sql("select type, data from events where subject_type = 'Alert' order by id");
    expect(events.map(({ type, data }) => [type, data.subjectName, data.reason])).toEqual([
      ['alert.raised', 'GET /x/:id', undefined],
      ['alert.ended', 'GET /x/:id', 'recovered'],
    ]);
  });

  test('failures: raised above 5 % of what the doors answer, ended below 4 % or once nobody asks any more', async () => {
    await start();
    await server.sql('alter table tags rename to tags_away');
    for (let i = 0; i < 21; i += 1) await server.request('GET', '/kdocs/api/tags', { token });
    await server.sql('alter table tags_away rename to tags');
    observe(19, { name: 'GET /fine' });
    observe(1, { name: 'GET /fine', outcome: 'failed' });
    observe(100, { name: 'GET /refused', outcome: 'refused' });
    observe(300, { name: 'GET /more' });
    await check();
    const raised = {
      kind: 'FAILURE_RATE',
      subjectName: 'GET /kdocs/api/tags',
      value: 100,
      threshold: 5,
      requestCount: 21,
    };
    expect(await up()).toMatchObject([raised]);
    laterMs += 11 * minute;
    observe(955, { name: 'GET /kdocs/api/tags' });
    observe(45, { name: 'GET /kdocs/api/tags', outcome: 'failed' });
    await check();
    expect(await up()).toHaveLength(1);
    // Ten minutes without requests say nothing; an hour does.
    laterMs += 30 * minute;
    await check();
    expect(await up()).toHaveLength(1);
    laterMs += 31 * minute;
    await check();
    expect(await alerts()).toMatchObject([{ ...raised, endReason: 'QUIET', endValue: null }]);
  });

  test('while the server as a whole is in alert, its routes raise no more', async () => {
    await start();
    for (const name of ['GET /a', 'GET /b', 'GET /c']) observe(30, { name, outcome: 'failed', ms: 4_000 });
    await check();
    await check();
    expect((await up()).map(({ kind, subjectKind }) => `${kind} ${subjectKind}`).toSorted()).toEqual([
      'FAILURE_RATE SERVER',
      'SLOW_RESPONSES SERVER',
    ]);
    laterMs += 2 * hour;
    await check();
    expect(await up()).toEqual([]);
  });

  test('a webhook: from the fourth failure of a delivery or one that was given up, until one arrives, or it is switched off or deleted', async () => {
    await start();
    const owner = await server.person();
    const endpoint = async (): Promise<{ id: number; uuid: string }> =>
      (
        await server.sql(
          `insert into webhook_endpoints (owner_id, name, url, events, secret, failing_since)
           values (?, 'Tableur', 'https://hook.invalid/', '{none.such}', 'sealed', now()) returning id, uuid`,
          [owner.id],
        )
      )[0] as any;
    /** One that waits for its next attempt. */
    const delivery = async ({ id }: { id: number }, attempts: number, kind = 'replay'): Promise<number> =>
      (
        await server.sql(
          `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                           attempts, next_attempt_at)
           values (?, 'm', ?, ?, 'user.login', 'r', '{}', ?, '2099-01-01') returning id`,
          [id, kind, kind === 'test' ? null : 1, attempts],
        )
      )[0].id;
    const hooks = [await endpoint(), await endpoint(), await endpoint()] as const;
    for (const hook of hooks) {
      await delivery(hook, 3);
      await delivery(hook, 8, 'test');
    }
    await check();
    expect(await alerts()).toEqual([]);
    const failing: number[] = [];
    for (const hook of hooks) failing.push(await delivery(hook, 4), await delivery(hook, 5));
    await check();
    await check();
    const byDelivery = (found: any[]): any[] => found.toSorted((a, b) => a.deliveryId - b.deliveryId);
    expect(byDelivery(await up())).toMatchObject(
      hooks.map(({ uuid }, i) => ({
        kind: 'WEBHOOK_FAILURES',
        subjectKind: 'WEBHOOK',
        subjectName: uuid,
        value: 4,
        threshold: 3,
        requestCount: null,
        deliveryId: String(failing[2 * i]),
      })),
    );
    laterMs += minute;
    await server.sql(
      `update webhook_deliveries set status = 'delivered', finished_at = ?, next_attempt_at = null where id = ?`,
      [server.services.now(), failing[1]],
    );
    await server.sql('update webhook_endpoints set is_active = false where id = ?', [hooks[1].id]);
    await server.sql('delete from webhook_endpoints where id = ?', [hooks[2].id]);
    await check();
    expect(byDelivery(await alerts()).map(({ subjectName, endReason }) => [subjectName, endReason])).toEqual([
      [hooks[0].uuid, 'DELIVERED'],
      [hooks[1].uuid, 'DISABLED'],
      [hooks[2].uuid, 'DELETED'],
    ]);
    // The delivery that raised an alert still fails: that is known. Another one is news.
    await check();
    expect(await up()).toEqual([]);
    const givenUp = await delivery(hooks[0], 3);
    await server.sql(
      `update webhook_deliveries set status = 'failed', finished_at = ?, next_attempt_at = null where id = ?`,
      [server.services.now(), givenUp],
    );
    await check();
    expect(await up()).toMatchObject([{ subjectName: hooks[0].uuid, value: 3, deliveryId: String(givenUp) }]);
    expect((await told()).map(([, , title, message]) => [title, message])).toContainEqual([
      'Webhook en échec',
      'Le webhook Tableur : une livraison a échoué 4 fois',
    ]);
  });
});
