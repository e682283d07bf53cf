import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settled } from '../../support/events.js';
import type { Person } from '../../support/harness.js';
import type { Received } from '../../support/receiver.js';
import {
  emptied,
  type Hook,
  minute,
  patience,
  second,
  startWebhookStage,
  type WebhookStage,
} from '../../support/webhooks.js';

let stage: WebhookStage;
beforeAll(async () => {
  stage = await startWebhookStage();
});
afterAll(() => stage?.stop());

const run = async (document: string, variables: object, { token }: Person): Promise<any> => {
  const { data, errors } = await stage.server.graphql(document, variables, token);
  expect(errors).toBeUndefined();
  return Object.values(data)[0];
};
const change = (
  name: string,
  input: object,
  person: Person,
  selection = 'webhookEndpoint { id status }',
): Promise<any> =>
  run(
    `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`,
    { input },
    person,
  );
const texts = (hook: Hook): string[] => stage.got(hook).map(({ json }) => json.data.fields[0]);
/** Changes somebody's given name by themselves, and resolves when the event is on its way. */
const rename = async (person: Person, firstName: string): Promise<void> => {
  await change('updateUser', { id: String(person.id), firstName }, person, 'user { id }');
  await settled(stage.server.app);
};

describe('which events are sent', () => {
  test('only those of which all conditions hold, and of the things that are named', async () => {
    const person = await stage.server.person();
    const conditional = await stage.hook(person, {
      conditions: [
        { field: 'data.fields', operator: 'CONTAINS', value: 'paid' },
        { field: 'data.subject.id', operator: 'GREATER_THAN', value: '5' },
      ],
    });
    const narrowed = await stage.hook(person, { resourceIds: ['6', '8'] });
    for (const [invoice, field] of [
      [4, 'paid'],
      [6, 'issued'],
      [6, 'paid'],
      [7, 'paid'],
      [8, 'issued'],
    ] as const)
      await stage.happen(person, invoice, [field]);
    await stage.arrived(conditional, 2);
    await stage.arrived(narrowed, 3);
    const ids = (hook: Hook): string[] => stage.got(hook).map(({ json }) => json.data.subject.id);
    expect(ids(conditional).toSorted()).toEqual(['6', '7']);
    expect(ids(narrowed).toSorted()).toEqual(['6', '6', '8']);
    expect(await stage.deliveriesOf(conditional)).toHaveLength(2);
  });

  test("SmartLeakPro's documented event shows the row as its GET answers it to the owner", async () => {
    const { admin } = stage.server;
    const hook = await stage.hook(admin, { format: 'DOCUMENTED', events: ['user.registered', 'user.updated'] });
    const person = await stage.server.person({ roles: ['technicien'] });
    await rename(person, 'Hélène');
    await stage.arrived(hook, 1);
    const [{ json }] = stage.got(hook) as [Received];
    const { json: row } = await stage.server.request('GET', `/api/utilisateurs/${json.resource_id}`, {
      token: admin.token,
    });
    expect(json).toEqual({
      type: 'user_updated',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: row,
      resource_id: row.id,
    });
    expect(row).toMatchObject({ prenom: 'Hélène', role: 'technicien' });
  });

  test('documented events need `webhooks:write` and an event that has one; what the owner may not read is not sent', async () => {
    const [person, manager] = [await stage.server.person(), await stage.server.person({ roles: ['manager'] })];
    const input = { name: 'x', url: 'https://example.org/', events: ['user.*'], format: 'DOCUMENTED' };
    const create = `mutation ($input: CreateWebhookEndpointInput!) {
      createWebhookEndpoint(input: $input) { webhookEndpoint { id } } }`;
    const refused = await stage.server.graphql(create, { input }, person.token);
    expect(refused.errors?.[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'permission' });
    const unknown = await stage.server.graphql(
      create,
      { input: { ...input, events: ['invoice.created'] } },
      stage.server.admin.token,
    );
    expect(unknown.errors?.[0].extensions.fields).toMatchObject([{ path: ['input', 'events'] }]);
    // People are read by those who may change them only.
    const hook = await stage.hook(manager, { format: 'DOCUMENTED', events: ['user.*'] });
    await rename(manager, 'Jeanne');
    expect(await stage.deliveriesOf(hook)).toEqual([]);
  });

  test('an own query answers what its owner may see, with its errors beside', async () => {
    const [person, { admin }] = [await stage.server.person(), stage.server];
    const query = `query Payload($id: ID!, $event: Position!) {
      user(id: $id) { firstName email } auditEvents(filter: { ids: [$event] }) { nodes { name } } }`;
    const hook = await stage.hook(admin, { format: 'QUERY', events: ['user.updated'], payloadQuery: query });
    await rename(person, 'Zoé');
    await stage.arrived(hook, 1);
    const [{ json }] = stage.got(hook) as [Received];
    expect(json).toMatchObject({ type: 'user.updated', data: { user: { firstName: 'Zoé', email: person.email } } });
    expect(json.data.auditEvents.nodes).toEqual([{ name: 'user.updated' }]);
    const failing = await stage.hook(person, {
      format: 'QUERY',
      events: ['user.updated'],
      payloadQuery: '{ users(first: 1) { nodes { id } } }',
    });
    await rename(person, 'Léa');
    await stage.arrived(failing, 1);
    expect(stage.got(failing)[0]?.json).toMatchObject({
      data: { users: null },
      errors: [{ message: 'This needs the permission users:read', path: ['users'] }],
    });
  });

  test.each([
    ['no GraphQL', 'query {', 'invalid', 'Syntax Error'],
    ['an unknown field', '{ nothing }', 'invalid', 'Cannot query field'],
    ['a mutation', 'mutation { deleteTag(input: { id: 1 }) { deletedId } }', 'not_allowed', 'must be a query'],
    ['two operations', 'query A { viewer { id } } query B { viewer { id } }', 'not_allowed', 'one operation'],
    ['another variable', 'query ($n: Int!) { tags(first: $n) { nodes { id } } }', 'not_allowed', 'no variables but'],
    ['another type', 'query ($id: ID) { tag(id: $id) { id } }', 'invalid', 'used in position'],
    ['the schema', '{ __schema { types { name } } }', 'not_allowed', 'schema'],
    ['too much', '{ users(first: 100) { nodes { roles { permissions { id } } } } }', 'not_allowed', 'would cost'],
  ])('a payload that is %s is refused when it is given', async (_what, payloadQuery, code, message) => {
    const { token } = await stage.server.person();
    const input = { name: 'x', url: 'https://example.org/', events: ['*'], format: 'QUERY', payloadQuery };
    const { errors } = await stage.server.graphql(
      'mutation ($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input) { secret } }',
      { input },
      token,
    );
    const [problem] = errors?.[0].extensions.fields ?? [];
    expect(problem).toMatchObject({ path: ['input', 'payloadQuery'], code });
    expect(problem.message).toContain(message);
  });
});

describe('when they are sent', () => {
  test('a paused webhook has its events queued, and gets them in order once it is resumed', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person);
    expect(await change('pauseWebhookEndpoint', { id: String(hook.id) }, person)).toMatchObject({
      webhookEndpoint: { status: 'PAUSED' },
    });
    for (const field of ['a', 'b', 'c']) await stage.happen(person, 20, [field]);
    await settled(stage.server.app);
    await stage.later(minute);
    const [other] = [await stage.hook(person)];
    await stage.happen(person, 21);
    await stage.arrived(other, 1);
    expect(await stage.deliveriesOf(hook)).toHaveLength(4);
    expect(stage.got(hook)).toEqual([]);
    await change('resumeWebhookEndpoint', { id: String(hook.id) }, person);
    await stage.arrived(hook, 4);
    expect(texts(hook).filter(Boolean)).toEqual(['a', 'b', 'c']);
  });

  test('so many a minute are evenly spread, in order for each thing', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person, { maxPerMinute: 6 });
    for (let n = 1; n <= 8; n += 1) await stage.happen(person, n % 2, [String(n)]);
    await settled(stage.server.app);
    await stage.arrived(hook, 1);
    for (let count = 2; count <= 8; count += 1) {
      await stage.later(9 * second);
      await stage.later(second);
      await stage.arrived(hook, count);
    }
    const numbers = texts(hook).map(Number);
    for (const half of [0, 1])
      expect(numbers.filter((n) => n % 2 === half)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].filter((n) => n % 2 === half));
  });

  test('attempts and waits of its own take the place of the schedule', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person, { maxAttempts: 3, retryDelaySeconds: 60, timeoutSeconds: 1 });
    // The second one hangs.
    stage.receiver.answer(hook.path, (response) => {
      if (stage.got(hook).length !== 2) response.writeHead(500).end();
    });
    await stage.happen(person, 30);
    await stage.attempted(hook, 1);
    expect(Math.abs((await stage.deliveriesOf(hook))[0].wait - 60)).toBeLessThan(5);
    await stage.later(61 * second);
    await stage.attempted(hook, 2);
    expect((await stage.deliveriesOf(hook))[0]).toMatchObject({ error: 'No answer within 1000 ms', status: 'pending' });
    await stage.later(61 * second);
    await stage.attempted(hook, 3);
    expect((await stage.deliveriesOf(hook))[0]).toMatchObject({ status: 'failed' });
  });

  test('what an own query answered is not sent to an owner who would be answered less, and is made anew', async () => {
    const owner = await stage.server.person({ roles: ['manager', 'user'] });
    const [client] = await stage.server.sql(`insert into clients (name) values ('Lefèvre') returning id`);
    const query = `{ client(id: "${client.id}") { name } }`;
    const events = ['user.updated'];
    const hook = await stage.hook(owner, { format: 'QUERY', events, payloadQuery: query });
    stage.receiver.answer(hook.path, (response) => response.writeHead(500).end());
    await rename(owner, 'Ida');
    await stage.attempted(hook, 1);
    expect(stage.got(hook)[0]?.json.data).toEqual({ client: { name: 'Lefèvre' } });
    await stage.server.sql(
      `delete from role_assignments where user_id = ? and role_id = (select id from roles where name = 'manager')`,
      [owner.id],
    );
    await stage.later(6 * second);
    await emptied(stage, hook);
    const [refused] = await stage.deliveriesOf(hook);
    expect(refused).toMatchObject({ status: 'failed', attempts: 1, body: '' });
    expect(refused.error).toContain('lost a right');
    const replay = 'mutation ($id: ID!) { replayWebhookDelivery(input: { id: $id }) { webhookDelivery { id } } }';
    expect((await stage.server.graphql(replay, { id: String(refused.id) }, owner.token)).errors).toBeUndefined();
    await stage.arrived(hook, 2);
    expect(stage.got(hook)[1]?.json).toMatchObject({ data: { client: null }, errors: [{ path: ['client'] }] });
  });

  test('what waits is not sent to an owner who may no longer hear of it', async () => {
    const admin = await stage.server.person({ roles: ['admin'] });
    const hooks = [
      await stage.hook(admin, { format: 'DOCUMENTED', events: ['user.updated'] }),
      await stage.hook(admin, { events: ['user.updated'] }),
    ];
    for (const { path } of hooks) stage.receiver.answer(path, (response) => response.writeHead(500).end());
    await rename(await stage.server.person(), 'Ida');
    for (const hook of hooks) await stage.attempted(hook, 1);
    await stage.server.sql('delete from role_assignments where user_id = ?', [admin.id]);
    await stage.later(6 * second);
    for (const hook of hooks) {
      await emptied(stage, hook);
      expect((await stage.deliveriesOf(hook)).map(({ status, attempts, error }) => [status, attempts, error])).toEqual([
        ['failed', 1, "The webhook's owner may no longer hear of it"],
      ]);
    }
    for (const hook of hooks) expect(stage.got(hook)).toHaveLength(1);
  });

  test('a dead webhook holds up no other of the same person, whatever it does to the connection', async () => {
    const person = await stage.server.person();
    const [hanging, resetting, healthy] = [
      await stage.hook(person, { timeoutSeconds: 2 }),
      await stage.hook(person),
      await stage.hook(person),
    ];
    stage.receiver.answer(hanging.path, () => undefined);
    stage.receiver.answer(resetting.path, (response) => response.socket?.destroy());
    for (let n = 0; n < 10; n += 1) await stage.happen(person, `dead${n}`);
    await stage.arrived(healthy, 10);
    await expect
      .poll(async () => (await stage.deliveriesOf(resetting)).map(({ error }) => error), patience)
      .toContain('The connection failed (UND_ERR_SOCKET)');
    // One that failed has one attempt under way at a time.
    await expect
      .poll(async () => (await stage.deliveriesOf(hanging)).some(({ attempts }) => attempts > 0), patience)
      .toBe(true);
    const [{ n }] = await stage.server.sql(
      'select count(*)::int as n from webhook_deliveries where endpoint_id = ? and leased_until > now()',
      [hanging.id],
    );
    expect(n).toBeLessThanOrEqual(4);
  });

  test('a webhook that the server gave up on gets what it missed, once it is switched on again', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person);
    await stage.server.sql(
      `update webhook_endpoints set is_active = false, disabled_reason = 'failing', disabled_at = now() where id = ?`,
      [hook.id],
    );
    await stage.happen(person, 40, ['missed']);
    await settled(stage.server.app);
    expect(stage.got(hook)).toEqual([]);
    await change('updateWebhookEndpoint', { id: String(hook.id), isActive: true }, person);
    await stage.arrived(hook, 1);
    expect(texts(hook)).toEqual(['missed']);
  });
});

test('five days of failure switch a webhook off, and nothing less', async () => {
  const person = await stage.server.person();
  const hook = await stage.hook(person, { maxAttempts: 20, retryDelaySeconds: 43_200 });
  stage.receiver.answer(hook.path, (response) => response.writeHead(500).end());
  const stateOf = async (): Promise<any> =>
    (await stage.server.sql('select is_active, disabled_reason from webhook_endpoints where id = ?', [hook.id]))[0];
  await stage.happen(person, 45);
  for (let halfDays = 0; halfDays < 10; halfDays += 1) {
    await stage.attempted(hook, halfDays + 1);
    expect(await stateOf()).toEqual({ is_active: true, disabled_reason: null });
    await stage.later(12 * 60 * minute + second);
  }
  await stage.attempted(hook, 11);
  expect(await stateOf()).toEqual({ is_active: false, disabled_reason: 'failing' });
});

describe('a body that could not be made', () => {
  test('is told as a failure, and made when it is sent again', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person, { format: 'QUERY', payloadQuery: '{ viewer { username } }' });
    const { eventPayloads } = stage.server.services;
    const query = eventPayloads.query.bind(eventPayloads);
    eventPayloads.query = () => Promise.reject(new Error('The database is away'));
    try {
      await stage.happen(person, 70);
      await settled(stage.server.app);
    } finally {
      eventPayloads.query = query;
    }
    const [failed] = await stage.deliveriesOf(hook);
    expect(failed).toMatchObject({ status: 'failed', body: '', attempts: 0, error: expect.stringContaining('replay') });
    await change('replayWebhookDelivery', { id: String(failed.id) }, person, 'webhookDelivery { id }');
    await stage.arrived(hook, 1);
    expect(stage.got(hook)[0]?.json.data).toEqual({ viewer: { username: person.username } });
  });
});

describe('what is kept of an attempt', () => {
  test('the request and the answer, without signatures, own headers and what the receiver hides in its own', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person, {
      headers: [
        { name: 'Authorization', value: 'Bearer tres-secret-2026' },
        { name: 'X-Site', value: 'Lyon' },
      ],
    });
    stage.receiver.answer(hook.path, (response) =>
      response.writeHead(200, { server: 'recu', 'set-cookie': 'session=abc', 'x-internal': 'secret' }).end('pris'),
    );
    await stage.happen(person, 50);
    await emptied(stage, hook);
    expect(stage.got(hook)[0]?.headers).toMatchObject({ authorization: 'Bearer tres-secret-2026', 'x-site': 'Lyon' });
    const { headerNames, deliveries } = await run(
      `query ($id: ID!) { webhookEndpoint(id: $id) { headerNames deliveries { nodes {
        requestUrl requestHeaders { name value } responseHeaders { name value } responseStatus responseBody attempts
        firstAttemptAt lastAttemptAt finishedAt } } } }`,
      { id: String(hook.id) },
      person,
    );
    expect(headerNames).toEqual(['Authorization', 'X-Site']);
    const [delivery] = deliveries.nodes;
    const sent = Object.fromEntries(delivery.requestHeaders.map(({ name, value }: any) => [name, value]));
    expect(sent).toMatchObject({
      Authorization: '***',
      'X-Site': '***',
      'content-type': 'application/json; charset=utf-8',
      'webhook-id': expect.stringMatching(/^\d+$/),
      'webhook-signature': 'v1,***',
      'x-webhook-signature': 'sha256=***',
    });
    const answered = delivery.responseHeaders.map(({ name }: any) => name);
    expect(answered).toContain('server');
    expect(answered).not.toContain('set-cookie');
    expect(answered).not.toContain('x-internal');
    expect(delivery).toMatchObject({
      requestUrl: `${stage.receiver.url}${hook.path}`,
      responseBody: 'pris',
      attempts: 1,
    });
    const [row] = await stage.server.sql('select header_values from webhook_endpoints where id = ?', [hook.id]);
    expect(row.header_values).toMatch(/^v1\./);
  });

  test('headers that the server sets, and lines within one, are refused; a null value keeps the one there is', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person, { headers: [{ name: 'X-Key', value: 'first' }] });
    const names = ['Host', 'content-length', 'Webhook-Id', 'x-webhook-signature', 'Connection', 'bad name', ''];
    const headers = [...names.map((name) => ({ name, value: 'x' })), { name: 'X-A', value: 'a\r\nX-B: b' }];
    const update = `mutation ($input: UpdateWebhookEndpointInput!) {
      updateWebhookEndpoint(input: $input) { webhookEndpoint { headerNames } } }`;
    const refused = await stage.server.graphql(update, { input: { id: hook.id, headers } }, person.token);
    const paths = refused.errors?.[0].extensions.fields.map(({ path }: any) => path.slice(2).join('.'));
    expect(paths).toEqual([...names.map((_name, index) => `${index}.name`), '7.value']);
    const kept = [{ name: 'X-Other', value: 'new' }, { name: 'x-key' }];
    await change('updateWebhookEndpoint', { id: String(hook.id), headers: kept }, person);
    await stage.happen(person, 51);
    await stage.arrived(hook, 1);
    expect(stage.got(hook)[0]?.headers).toMatchObject({ 'x-key': 'first', 'x-other': 'new' });
  });
});

describe('a replay of all events since a moment', () => {
  const replayed = async (id: string, person: Person): Promise<any> =>
    run('query ($id: ID!) { webhookReplay(id: $id) { id status done total finishedAt } }', { id }, person);

  test('sends each once more, in order, with the same bytes and ids, and tells how far it is', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person);
    await stage.happen(person, 60, ['before']);
    await emptied(stage, hook);
    await stage.later(minute);
    const since = stage.now().toISOString();
    for (const field of ['a', 'b', 'c']) await stage.happen(person, 61, [field]);
    await stage.arrived(hook, 4);
    await emptied(stage, hook);
    const { webhookReplay } = await change(
      'replayWebhookEvents',
      { id: String(hook.id), since },
      person,
      'webhookReplay { id total status }',
    );
    expect(webhookReplay).toMatchObject({ total: 3 });
    await stage.arrived(hook, 7);
    expect(texts(hook)).toEqual(['before', 'a', 'b', 'c', 'a', 'b', 'c']);
    const keys = stage.got(hook).map(({ headers, text }) => `${String(headers['webhook-id'])} ${text}`);
    expect(keys.slice(4)).toEqual(keys.slice(1, 4));
    // Once more: as after a process that died at its end.
    await stage.server.services.jobs.run('webhooks.replay', { replayId: webhookReplay.id });
    expect(await replayed(webhookReplay.id, person)).toMatchObject({ status: 'DONE', done: 3, total: 3 });
    await emptied(stage, hook);
    expect(await stage.deliveriesOf(hook)).toHaveLength(7);
    await settled(stage.server.app);
    const told = await stage.server.sql(
      `select type from events where subject_type = 'WebhookEndpoint' and subject_id = ? and type like '%replay%' order by id`,
      [String(hook.id)],
    );
    expect(told.map(({ type }) => type)).toEqual(['webhook.replay_started', 'webhook.replay_finished']);
  });

  test('goes on where it stood, one at a time, and what of it was not sent can be cancelled', async () => {
    const person = await stage.server.person();
    const hook = await stage.hook(person);
    await change('pauseWebhookEndpoint', { id: String(hook.id) }, person);
    await stage.server.sql(
      `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body, status,
                                       created_at, finished_at)
       select ?, n::text, 'event', n, 'invoice.updated', 'Invoice:' || n % 7, '{"n":' || n || '}', 'delivered',
              ?::timestamptz, now() from generate_series(1, 450) n`,
      [hook.id, stage.now()],
    );
    const since = new Date(stage.now().getTime() - minute).toISOString();
    const input = { id: String(hook.id), since };
    const { webhookReplay } = await change('replayWebhookEvents', input, person, 'webhookReplay { id }');
    await expect.poll(async () => (await replayed(webhookReplay.id, person)).status, patience).toBe('DONE');
    const copies = async (): Promise<any[]> =>
      (await stage.deliveriesOf(hook)).filter(({ replay_id: replay }) => replay === webhookReplay.id);
    expect((await copies()).map(({ message_id: id }) => Number(id))).toEqual(
      Array.from({ length: 450 }, (_, n) => n + 1),
    );
    // As if the process had died after the first batch: the rest is queued, and nothing twice.
    const ids = (await copies()).map(({ id }) => id);
    await stage.server.sql(`delete from webhook_deliveries where replay_id = ? and id > ?`, [
      webhookReplay.id,
      ids[199],
    ]);
    const [last] = await stage.server.sql(
      `update webhook_replays set status = 'running', finished_at = null, done = 200, after_id = (
         select d.id from webhook_deliveries d where d.endpoint_id = ? and d.kind = 'event' order by d.id offset 199 limit 1)
        where id = ? returning after_id`,
      [hook.id, webhookReplay.id],
    );
    expect(last.after_id).toBeGreaterThan(0);
    const second = await stage.server.graphql(
      'mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { webhookReplay { id } } }',
      { input },
      person.token,
    );
    expect(second.errors?.[0].extensions.reason).toBe('webhook.replay_running');
    await stage.server.services.jobs.run('webhooks.replay', { replayId: webhookReplay.id });
    expect((await copies()).map(({ message_id: id }) => Number(id))).toEqual(
      Array.from({ length: 450 }, (_, n) => n + 1),
    );
    await change('cancelWebhookReplay', { id: webhookReplay.id }, person, 'webhookReplay { id }');
    expect(await copies()).toEqual([]);
    expect(await replayed(webhookReplay.id, person)).toMatchObject({ status: 'CANCELLED', done: 450 });
  });
});
