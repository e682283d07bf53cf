import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../src/db/sql.js';
import { emit } from '../../../src/events/outbox.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { type Receiver, type Received, startReceiver } from '../../support/receiver.js';

let server: TestServer;
let receiver: Receiver;
/** Added to the clock. */
let laterMs = 0;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer({
    env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' },
    now: () => new Date(Date.now() + laterMs),
  });
});
afterAll(async () => {
  await server?.stop();
  await receiver?.stop();
});

const second = 1_000;
const minute = 60 * second;
const patience = { timeout: 20_000, interval: 25 };
const api = '/api/v1/webhooks';
let paths = 0;

interface Hook {
  id: number;
  path: string;
  secret: string;
}

async function hook(owner: Person, more: object = {}): Promise<Hook> {
  const path = `/hook${(paths += 1)}`;
  const json = { name: `Webhook ${paths}`, url: `${receiver.url}${path}`, events: ['invoice.*'], ...more };
  const { status, json: made, text } = await server.request('POST', api, { token: owner.token, json });
  expect(status, text).toBe(201);
  return { id: made.id, path, secret: made.secret };
}

/** The actor does something to an invoice of this number. */
const happen = (actor: Person, invoice: number | string, fields: string[] = []): Promise<void> =>
  server.db.client.transaction((tx) =>
    emit(
      tx,
      { viewer: { userId: actor.id }, requestId: 'test', ip: undefined },
      'invoice.updated',
      ['Invoice', invoice],
      { customerId: actor.id, createdById: actor.id, fields, version: 2 },
    ),
  );

const got = (path: string): Received[] => receiver.received.filter((one) => one.path === path);
const arrived = (path: string, count: number): Promise<void> =>
  expect.poll(() => got(path).length, patience).toBe(count);
/** The clock has moved: dispatchers look again. */
const look = (): Promise<unknown> => server.sql(`select pg_notify('passerelle_webhooks', '')`);
async function later(ms: number): Promise<void> {
  laterMs += ms;
  await look();
}
const deliveriesOf = ({ id }: Hook): Promise<any[]> =>
  server.sql(
    `select id, status, attempts, response_status, error, response_body,
            round(extract(epoch from next_attempt_at - ?::timestamptz)) as wait
       from webhook_deliveries where endpoint_id = ? order by id`,
    [new Date(Date.now() + laterMs), id],
  );
const attempted = (of: Hook, attempts: number): Promise<void> =>
  expect.poll(async () => (await deliveriesOf(of)).map((delivery) => delivery.attempts), patience).toEqual([attempts]);

describe('what is sent', () => {
  test('an event arrives with both signatures over the exact bytes, and an independent verifier agrees', async () => {
    const person = await server.person();
    const { id, path, secret } = await hook(person);
    await happen(person, 1, ['é « ☕']);
    await arrived(path, 1);
    const [{ headers, text, json }] = got(path) as [Received];
    expect(json).toEqual({
      id: headers['webhook-id'],
      type: 'invoice.updated',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: {
        customerId: person.id,
        createdById: person.id,
        fields: ['é « ☕'],
        version: 2,
        subject: { type: 'Invoice', id: '1' },
        actorId: person.id,
      },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': expect.stringMatching(/^Passerelle-Webhooks\//),
      'x-webhook-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
    });
    expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toEqual(json);
    expect(() => new Webhook(secret).verify(`${text} `, headers as Record<string, string>)).toThrow();
    // It is noted after the answer.
    await attempted({ id, path, secret }, 1);
    const read = await server.request('GET', `${api}/${id}`, { token: person.token });
    expect(read.json).toMatchObject({ delivered_count: 1, failed_count: 0, failing_since: null });
    const { json: list } = await server.request('GET', `${api}/${id}/deliveries`, { token: person.token });
    expect(list).toMatchObject({
      count: 1,
      results: [
        {
          event: 'invoice.updated',
          status: 'delivered',
          attempts: 1,
          response_status: 200,
          response_body: 'taken',
          payload: json,
        },
      ],
    });
  });

  test("a secret of the owner's own signs too, and after a rotation both do for 24 hours", async () => {
    const person = await server.person();
    const own = 'a-secret-of-mine-0123456789';
    const { id, path } = await hook(person, { secret: own });
    const rotated = await server.request('POST', `${api}/${id}/rotate-secret`, { token: person.token });
    expect(rotated.json.secret).toMatch(/^whsec_/);
    await happen(person, 2);
    await arrived(path, 1);
    const [{ headers, text }] = got(path) as [Received];
    const given = headers as Record<string, string>;
    expect(given['webhook-signature']?.split(' ')).toHaveLength(2);
    new Webhook(own, { format: 'raw' }).verify(text, given);
    new Webhook(rotated.json.secret).verify(text, given);
    expect(given['x-webhook-signature']).toBe(
      `sha256=${createHmac('sha256', rotated.json.secret).update(text).digest('hex')}`,
    );
    await server.sql('update webhook_endpoints set previous_secret_ends_at = now() where id = ?', [id]);
    await happen(person, 2);
    await arrived(path, 2);
    expect(got(path)[1]?.headers['webhook-signature']).not.toContain(' ');
  });

  test('no secret stands in a list, in an export, or in the open in the database', async () => {
    const person = await server.person();
    const own = 'Tres-secret-2026!-tres';
    expect((await hook(person, { secret: own })).secret).toBeNull();
    const { secret } = await hook(person);
    for (const hidden of [own, secret])
      expect((await server.request('GET', api, { token: person.token })).text).not.toContain(hidden);
    expect(await server.leaks()).toEqual([]);
    const [row] = await server.sql('select secret from webhook_endpoints where owner_id = ?', [person.id]);
    expect(row.secret).toMatch(/^v1\./);
  });

  test('a test is queued and arrives; a replay sends the same bytes under the same id', async () => {
    const person = await server.person();
    const { id, path } = await hook(person);
    const tried = await server.request('POST', `${api}/${id}/test`, { token: person.token });
    expect(tried).toMatchObject({ status: 200, json: { kind: 'test', status: 'pending', event: 'webhook.test' } });
    await arrived(path, 1);
    await happen(person, 3);
    await arrived(path, 2);
    const { json: list } = await server.request('GET', `${api}/${id}/deliveries?event=invoice.updated`, {
      token: person.token,
    });
    const delivery = list.results[0].id;
    await expect.poll(async () => (await deliveriesOf({ id } as Hook)).at(-1).status, patience).toBe('delivered');
    const again = await server.request('POST', `${api}/${id}/deliveries/${delivery}/replay`, { token: person.token });
    expect(again).toMatchObject({ status: 202, json: { kind: 'replay' } });
    await arrived(path, 3);
    const [, first, second] = got(path);
    expect(second?.text).toBe(first?.text);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    await server.request('PATCH', `${api}/${id}`, { token: person.token, json: { is_active: false } });
    const refused = await server.request('POST', `${api}/${id}/test`, { token: person.token });
    expect(refused.status).toBe(409);
  });
});

describe('who hears what', () => {
  test('an endpoint gets what its owner may hear, asked at each event, once', async () => {
    const [owner, other] = [await server.person(), await server.person()];
    const [own, foreign] = [await hook(owner, { events: ['*'] }), await hook(other, { events: ['document.*'] })];
    const body = new FormData();
    body.set('files', new Blob(['Bail']), 'bail.txt');
    const upload = await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body });
    const document = upload.json.results[0].id;
    // Rights are those of the moment when an event is read from the log.
    await settled(server.app);
    const share = `mutation ($id: ID!, $person: String!) {
      shareDocument(input: { id: $id, person: $person }) { document { id } } }`;
    await server.graphql(share, { id: String(document), person: other.username }, owner.token);
    const types = (path: string): string[] => got(path).map(({ json }) => json.type);
    await expect.poll(() => types(own.path), patience).toContain('document.shared');
    await expect.poll(() => types(foreign.path), patience).toEqual(['document.shared']);
    const positions = got(own.path).map(({ headers }) => headers['webhook-id']);
    expect(new Set(positions).size).toBe(positions.length);
  });

  test('the endpoints of a person whose account is switched off are silent, also for what waited', async () => {
    const person = await server.person();
    const waiting = await hook(person);
    receiver.answer(waiting.path, (response) => response.writeHead(500).end());
    await happen(person, 4);
    await attempted(waiting, 1);
    await server.sql('update users set is_active = false where id = ?', [person.id]);
    await happen(person, 5);
    await settled(server.app);
    await later(6 * second);
    const witness = await server.person();
    const heard = await hook(witness);
    await happen(witness, 6);
    await arrived(heard.path, 1);
    expect(got(waiting.path)).toHaveLength(1);
    expect(await deliveriesOf(waiting)).toHaveLength(1);
  });

  test('names of events are checked, and the answer names those that there are', async () => {
    const { token } = await server.person();
    const json = { name: 'x', url: 'https://webhook.site/test', events: ['invoice.imagined'] };
    const { status, json: refused } = await server.request('POST', api, { token, json });
    expect(status).toBe(422);
    expect(refused.error.details.events[0]).toContain('invoice.created');
    for (const wrong of [
      { url: 'ftp://example.org' },
      { url: 'javascript:alert(1)' },
      { url: 'http://user:pass@example.org/' },
      { url: 'http://' },
      { events: [] },
      { name: '' },
      { secret: 'short' },
      { secret: 'whsec_not base64 at all' },
    ]) {
      const answer = await server.request('POST', api, { token, json: { ...json, events: ['*'], ...wrong } });
      expect.soft([wrong, answer.status]).toEqual([wrong, 422]);
      expect.soft(Object.keys(answer.json.error.details)).toEqual(Object.keys(wrong));
    }
  });

  test('a credential without the scope webhooks makes none, and a person has twenty at most', async () => {
    const person = await server.person();
    const made = await server.request('POST', '/api/v1/api-tokens', { token: person.token, json: { name: 'cli' } });
    const json = { name: 'x', url: 'https://webhook.site/test', events: ['*'] };
    const refused = await server.request('POST', api, { token: made.json.token, json });
    expect(refused.status).toBe(403);
    const answers = await Promise.all(
      Array.from({ length: 22 }, () => server.request('POST', api, { token: person.token, json })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
  });
});

describe('when it does not arrive', () => {
  test('it is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, then given up', async () => {
    const person = await server.person();
    const failing = await hook(person);
    receiver.answer(failing.path, (response) => response.writeHead(503).end('à\0'.repeat(3_000)));
    await happen(person, 10);
    const waits = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];
    for (const [n, wait] of waits.entries()) {
      await attempted(failing, n + 1);
      const [delivery] = await deliveriesOf(failing);
      expect(Math.abs(Number(delivery.wait) - wait)).toBeLessThan(5);
      await later((wait + 1) * second);
    }
    await attempted(failing, 8);
    const [delivery] = await deliveriesOf(failing);
    expect(delivery).toMatchObject({ status: 'failed', response_status: 503, error: 'Answered 503' });
    expect(delivery.response_body).toHaveLength(1_000);
  });

  test('Retry-After is kept to, within 5 seconds and 24 hours', async () => {
    const person = await server.person();
    const busy = await hook(person);
    const asked = ['1', '120', '999999', 'nonsense'];
    receiver.answer(busy.path, (response) =>
      response.writeHead(429, { 'retry-after': asked[got(busy.path).length - 1] ?? '' }).end(),
    );
    await happen(person, 11);
    for (const [n, wait] of [5, 120, 86_400, 7_200].entries()) {
      await attempted(busy, n + 1);
      const [delivery] = await deliveriesOf(busy);
      expect(Math.abs(Number(delivery.wait) - wait)).toBeLessThan(5);
      await later((wait + 1) * second);
    }
  });

  test('what concerns one thing goes in order, and what concerns another is not held up', async () => {
    const person = await server.person();
    const { path } = await hook(person);
    receiver.answer(path, (response, { json }) => {
      const isFirst = json.data.fields[0] === 'a1' && got(path).length === 1;
      response.writeHead(isFirst ? 500 : 200).end();
    });
    await happen(person, 'a', ['a1']);
    await arrived(path, 1);
    for (const fields of [['a2'], ['a3']]) await happen(person, 'a', fields);
    await happen(person, 'b', ['b1']);
    await arrived(path, 2);
    await later(6 * second);
    await arrived(path, 5);
    expect(got(path).map(({ json }) => json.data.fields[0])).toEqual(['a1', 'b1', 'a1', 'a2', 'a3']);
  });

  test('a receiver that takes its time holds up no other one', async () => {
    const [slow, quick] = [await server.person(), await server.person()];
    const held: (() => void)[] = [];
    const slowHook = await hook(slow);
    const quickHook = await hook(quick);
    receiver.answer(slowHook.path, (response) => void held.push(() => response.end()));
    for (let n = 0; n < 30; n += 1) await happen(slow, `slow${n}`);
    await arrived(slowHook.path, 4);
    await happen(quick, 'quick');
    await arrived(quickHook.path, 1);
    expect(got(slowHook.path)).toHaveLength(4);
    receiver.answer(slowHook.path, (response) => response.end());
    for (const answer of held) answer();
    await arrived(slowHook.path, 30);
  });

  // Embedded there is one connection.
  const onServer = test.runIf(process.env['TEST_DATABASE_URL']);
  onServer('an endpoint is deleted while it answers, and neither waits for the other', async () => {
    const person = await server.person();
    const { id, path } = await hook(person);
    let answer = (): void => undefined;
    receiver.answer(path, (response) => void (answer = () => response.end()));
    await happen(person, 'deleted');
    await arrived(path, 1);
    await server.db.client.transaction(async (tx) => {
      await tx.first(sql`select 1 from webhook_endpoints where id = ${id} for no key update`);
      answer();
      const noting = sql`select 1 from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))`;
      await expect.poll(() => tx.all(noting), patience).toHaveLength(1);
      // Who notes the answer has not locked the delivery before the endpoint.
      await tx.first(sql`select 1 from webhook_deliveries where endpoint_id = ${id} for update nowait`);
      await tx.send(sql`delete from webhook_endpoints where id = ${id}`);
    });
  });

  test('redirects are not followed', async () => {
    const person = await server.person();
    const [moved, target] = [await hook(person), await hook(await server.person())];
    receiver.answer(moved.path, (response) => response.writeHead(307, { location: target.path }).end());
    await happen(person, 12);
    await attempted(moved, 1);
    expect(got(target.path)).toEqual([]);
    expect((await deliveriesOf(moved))[0]).toMatchObject({ status: 'pending', error: 'Answered 307' });
  });

  test('410 and five days of failure switch it off, and its owner is told at once', async () => {
    const person = await server.person();
    const gone = await hook(person);
    const failing = await hook(person, { events: ['invoice.updated'] });
    receiver.answer(gone.path, (response) => response.writeHead(410).end());
    receiver.answer(failing.path, (response) => response.writeHead(500).end());
    await happen(person, 13);
    await attempted(gone, 1);
    await attempted(failing, 1);
    await server.sql(`update webhook_endpoints set failing_since = ?::timestamptz - interval '5 days' where id = ?`, [
      new Date(Date.now() + laterMs),
      failing.id,
    ]);
    await later(6 * second);
    await attempted(failing, 2);
    await settled(server.app);
    const rows = await server.sql(
      'select disabled_reason, is_active from webhook_endpoints where owner_id = ? order by id',
      [person.id],
    );
    expect(rows).toEqual([
      { disabled_reason: 'gone', is_active: false },
      { disabled_reason: 'failing', is_active: false },
    ]);
    const notices = await server.sql(
      'select type, priority, message from notifications where user_id = ? order by id',
      [person.id],
    );
    expect(notices).toEqual([
      { type: 'webhook_disabled', priority: 'urgent', message: expect.stringContaining('410') },
      { type: 'webhook_disabled', priority: 'urgent', message: expect.stringContaining('cinq jours') },
    ]);

    // What waited is sent once the owner has switched it on again.
    receiver.answer(failing.path, (response) => response.end());
    const token = server.services.accessTokens.sign(person.id, await sessionOf(person), server.services.now());
    const switched = await server.request('PATCH', `${api}/${failing.id}`, { token, json: { is_active: true } });
    expect(switched.json).toMatchObject({ is_active: true, disabled_reason: null, failing_since: null });
    await later(6 * minute);
    await arrived(failing.path, 3);
  });

  test('deliveries are kept for 30 days, and the last ten thousand of a webhook', async () => {
    const { id } = await hook(await server.person());
    await server.sql(
      `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body, status,
                                       created_at, finished_at)
       select ?, n::text, 'event', n, 'invoice.updated', 'Invoice:1', '{}', 'delivered',
              ?::timestamptz - case when n <= 10 then interval '31 days' else interval '1 day' end, now()
         from generate_series(1, 10100) n`,
      [id, new Date(Date.now() + laterMs)],
    );
    await server.services.jobs.run('webhooks.purge', {});
    const [left] = await server.sql(
      'select count(*)::int as n, min(event_position)::int as first from webhook_deliveries where endpoint_id = ?',
      [id],
    );
    expect(left).toEqual({ n: 10_000, first: 101 });
  });
});

const sessionOf = async ({ id }: Person): Promise<string> =>
  (await server.sql('select id from sessions where user_id = ? limit 1', [id]))[0].id;

test('attempts are counted', async () => {
  const { text } = await server.request('GET', '/metrics');
  for (const result of ['delivered', 'retried', 'failed'])
    expect(text).toMatch(new RegExp(`xcore_webhook_attempts_total\\{webhook="\\d+",result="${result}"\\} [1-9]`));
});
