import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authorityOf } from '../../../src/graph/principal.js';
import { fingerprintOf } from '../../../src/idempotency/once.js';
import { nobody } from '../../../src/kernel/viewer.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

let key: string;
beforeEach(() => {
  key = randomUUID();
});

let names = 0;
const newName = (): string => `Étiquette ${(names += 1)}`;
const withKey = (extra: Record<string, string> = {}) => ({ 'idempotency-key': key, ...extra });
const addTag = (
  name: string,
  { token }: Person = owner,
  headers: Record<string, string> = withKey(),
): Promise<Answer> => server.request('POST', '/kdocs/api/tags', { token, headers, json: { name } });
const tagsNamed = async (name: string): Promise<number> =>
  Number((await server.sql('select count(*) as n from tags where name = ?', [name]))[0].n);
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotency-replayed') === 'true';
/** As after a crash: the claim is there, its process is not. */
const crash = (): Promise<unknown> =>
  server.sql(
    "update idempotency_keys set status = null, sealed_answer = null, lease_until = now() - interval '1 second' where key = ?",
    [key],
  );

describe('the same request again', () => {
  test('gets the first answer, in status, body and meaning, and changes nothing', async () => {
    const name = newName();
    const first = await addTag(name);
    const again = await addTag(name);
    expect([first.status, isReplay(first)]).toEqual([201, false]);
    expect([again.status, again.text, isReplay(again)]).toEqual([201, first.text, true]);
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await tagsNamed(name)).toBe(1);
  });

  test('whatever the order of its keys and a trailing slash', async () => {
    const name = newName();
    const post = (path: string, body: string) =>
      server.request('POST', path, {
        token: owner.token,
        headers: withKey({ 'content-type': 'application/json' }),
        body,
      });
    const first = await post('/kdocs/api/tags', `{"name":"${name}","color":"#112233"}`);
    const again = await post('/kdocs/api/tags/', `{"color":"#112233", "name":"${name}"}`);
    expect([first.status, isReplay(again), again.text]).toEqual([201, true, first.text]);
  });

  test('ten at once make one row; the others get the same answer or are told to wait', async () => {
    const name = newName();
    const answers = await Promise.all(Array.from({ length: 10 }, () => addTag(name)));
    const made = answers.filter(({ status }) => status === 201);
    const told = answers.filter(({ status }) => status === 409);
    expect(made.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(made.length + told.length).toBe(10);
    for (const { headers, json } of told) expect([headers.get('retry-after'), json.error]).toEqual(['1', true]);
    expect(await tagsNamed(name)).toBe(1);
  });

  test('a refusal is kept as well', async () => {
    const first = await addTag('');
    const again = await addTag('');
    expect([first.status, again.status, isReplay(again), again.text]).toEqual([400, 400, true, first.text]);
  });

  test('what says nothing of the request is not kept: 401 leaves the key free', async () => {
    const person = await server.person();
    const login = (password: string) =>
      server.request('POST', '/auth/login', { headers: withKey(), json: { username: person.username, password } });
    expect((await login('Faux-mot-1')).status).toBe(401);
    const second = await login(person.password);
    expect([second.status, isReplay(second)]).toEqual([200, false]);
  });

  test('a login gives its cookie again; nothing of it lies open in the database', async () => {
    const { username, password } = await server.person();
    const login = () => server.request('POST', '/kdocs/login', { headers: withKey(), json: { username, password } });
    const [first, again] = [await login(), await login()];
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^kdocs_session=ses_/);
    expect([again.headers.get('set-cookie'), isReplay(again)]).toEqual([cookie, true]);
    const [row] = await server.sql('select * from idempotency_keys where key = ?', [key]);
    expect(JSON.stringify(row)).not.toContain('ses_');
    expect(row.sealed_answer).toMatch(/^v1\./);
  });

  test('no password can be guessed by what is kept of a request', async () => {
    const { username, password } = await server.person();
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }';
    const variables = { input: { identifier: username, password } };
    const { json } = await server.request('POST', '/graphql', { headers: withKey(), json: { query, variables } });
    expect(json.data.login.user.id).toBeDefined();
    const rows = await server.sql('select fingerprint from idempotency_keys where key = ?', [key]);
    // Whoever knows how it is made tries passwords as fast as they can be hashed once.
    const guess = fingerprintOf(['graphql', query, undefined, variables, authorityOf(nobody)]);
    expect(rows).toEqual([{ fingerprint: expect.not.stringContaining(guess) }]);
  });

  test('is told to look, not to take a new key, once ENCRYPTION_KEY is another', async () => {
    const name = newName();
    await addTag(name);
    await server.sql("update idempotency_keys set fingerprint = 'x', sealed_answer = 'v1.x' where key = ?", [key]);
    const again = await addTag(name);
    expect([again.status, await tagsNamed(name)]).toEqual([409, 1]);
  });

  test('an upload is the same by its bytes', async () => {
    const send = (bytes: string) => {
      const body = new FormData();
      body.append('files[]', new Blob([bytes], { type: 'text/plain' }), 'note.txt');
      return server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, headers: withKey(), body });
    };
    const text = `Bonjour ${randomUUID()}`;
    const first = await send(text);
    const again = await send(text);
    expect(first.json.results[0].success).toBe(true);
    expect([again.status, isReplay(again), again.text]).toEqual([first.status, true, first.text]);
    expect((await send(`${text}!`)).status).toBe(400);
  });

  test('after 24 hours the key is free', async () => {
    const name = newName();
    await addTag(name);
    await server.sql(
      "update idempotency_keys set created_at = created_at - interval '24 hours 1 second' where key = ?",
      [key],
    );
    const later = await addTag(newName());
    expect([later.status, isReplay(later)]).toEqual([201, false]);
  });

  test('old keys are swept as new ones come', async () => {
    const old = key;
    await addTag(newName());
    await server.sql("update idempotency_keys set created_at = created_at - interval '2 days' where key = ?", [old]);
    key = randomUUID();
    await addTag(newName());
    expect(await server.sql('select 1 from idempotency_keys where key = ?', [old])).toEqual([]);
  });
});

describe('another request', () => {
  test('under the same key is refused and names the header', async () => {
    await addTag(newName());
    const other = await addTag(newName());
    expect([other.status, Object.keys(other.json.errors)]).toEqual([400, ['Idempotency-Key']]);
    const elsewhere = await server.request('POST', '/kdocs/api/correspondents', {
      token: owner.token,
      headers: withKey(),
      json: { name: 'EDF' },
    });
    expect(elsewhere.status).toBe(400);
  });

  test('of another person is another request, with the same key', async () => {
    const [name, otherName] = [newName(), newName()];
    const other = await server.person({ roles: ['manager'] });
    await addTag(name);
    const theirs = await addTag(otherName, other);
    expect([theirs.status, isReplay(theirs)]).toEqual([201, false]);
  });

  test('under a lesser credential of the same person does not get the answer', async () => {
    const create = await server.graphql('mutation { createApiToken(input: { name: "t" }) { token } }', {}, owner.token);
    const token = create.data.createApiToken.token as string;
    const name = newName();
    await addTag(name);
    expect((await addTag(name, { ...owner, token })).status).toBe(400);
  });

  test.each([
    ['archidrive', '/v1/users', 400, (json: any) => json.errors.map((e: any) => e.field)],
    [
      'xcore',
      '/auth/register',
      422,
      (json: any) => JSON.stringify(json).includes('Idempotency-Key') && ['Idempotency-Key'],
    ],
    ['kdocs', '/kdocs/api/tags', 400, (json: any) => Object.keys(json.errors)],
  ])('a key that is none is refused in the envelope of %s', async (_dialect, path, status, fields) => {
    for (const wrong of ['', 'a b', 'é', 'x'.repeat(256)]) {
      const { status: seen, json } = await server.request('POST', path, {
        token: owner.token,
        headers: { 'idempotency-key': wrong },
        json: {},
      });
      expect([wrong, seen, fields(json)]).toEqual([wrong, status, ['Idempotency-Key']]);
    }
  });

  test('any header value is a key or refused, never a failure', async () => {
    const anyValue = fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((n) => n !== 0x7f)
        .map((n) => String.fromCharCode(n)),
      maxLength: 300,
    });
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        const { status } = await addTag('', owner, { 'idempotency-key': value });
        expect(status).toBe(400);
      }),
      { numRuns: 60 },
    );
  });

  test('fingerprints differ exactly when the JSON does, but for the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(fingerprintOf(one) === fingerprintOf(other)).toBe(isDeepStrictEqual(asSent(one), asSent(other)));
        expect(fingerprintOf(asSent(one))).toBe(fingerprintOf(one));
      }),
    );
  });
});

describe('after a crash', () => {
  test('a change that was made is not made again', async () => {
    const name = newName();
    await server.request('POST', '/v1/invoices', {
      token: owner.token,
      headers: withKey(),
      json: { customerId: owner.id, items: [{ description: name, quantity: 1, price: 10 }] },
    });
    await crash();
    const again = await server.request('POST', '/v1/invoices', {
      token: owner.token,
      headers: withKey(),
      json: { customerId: owner.id, items: [{ description: name, quantity: 1, price: 10 }] },
    });
    // ArchiDrive knows no 409.
    expect([again.status, again.json.msg]).toEqual([400, expect.stringContaining('answer was lost')]);
    expect(await server.sql('select 1 from invoice_lines where description = ?', [name])).toHaveLength(1);
  });

  test('a change that was not made is made by whoever comes next, once', async () => {
    const name = newName();
    await addTag(name);
    await crash();
    await server.sql('delete from tags where name = ?', [name]);
    await server.sql('delete from events where request_id = (select request_id from idempotency_keys where key = ?)', [
      key,
    ]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => addTag(name)));
    expect(answers.filter((answer) => answer.status === 201 && !isReplay(answer))).toHaveLength(1);
    expect(await tagsNamed(name)).toBe(1);
  });

  test('an event of another request that calls itself the same does not count', async () => {
    const name = newName();
    const headers = withKey({ 'x-request-id': 'mine' });
    await addTag(name, owner, headers);
    await crash();
    await server.sql('delete from tags where name = ?', [name]);
    await server.sql("delete from events where request_id = 'mine'");
    await addTag(newName(), await server.person({ roles: ['manager'] }), { 'x-request-id': 'mine' });
    const again = await addTag(name, owner, headers);
    expect([again.status, isReplay(again)]).toEqual([201, false]);
  });

  test('while the first is under way the others wait', async () => {
    const name = newName();
    await addTag(name);
    await server.sql(
      "update idempotency_keys set status = null, sealed_answer = null, lease_until = now() + interval '1 minute' where key = ?",
      [key],
    );
    const waiting = await addTag(name);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([409, '1']);
  });
});

describe('a mutation over HTTP', () => {
  const mutate = (query: string, variables: object = {}, extra: Record<string, string> = {}) =>
    server.request('POST', '/graphql', { token: owner.token, headers: withKey(extra), json: { query, variables } });
  const createTag = 'mutation ($name: String!) { createTag(input: { name: $name }) { tag { id name } } }';

  test('is made once, by the same keys as the REST dialects', async () => {
    const name = newName();
    const [first, again] = [await mutate(createTag, { name }), await mutate(createTag, { name })];
    expect(first.json.data.createTag.tag.name).toBe(name);
    expect([again.status, again.text, isReplay(again)]).toEqual([200, first.text, true]);
    expect(await tagsNamed(name)).toBe(1);
    const other = await mutate(createTag, { name: newName() });
    expect([other.status, other.json.errors[0].extensions]).toMatchObject([
      400,
      { code: 'BAD_USER_INPUT', reason: 'idempotency.mismatch', fields: [{ path: ['Idempotency-Key'] }] },
    ]);
    expect((await addTag(name)).status).toBe(400);
  });

  test('ten at once make one row', async () => {
    const name = newName();
    const answers = await Promise.all(Array.from({ length: 10 }, () => mutate(createTag, { name })));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(answers.filter((answer) => answer.status === 200 && !isReplay(answer))).toHaveLength(1);
    for (const { headers } of answers.filter(({ status }) => status === 409))
      expect(headers.get('retry-after')).toBe('1');
    expect(await tagsNamed(name)).toBe(1);
  });

  test('keeps nothing that says nothing of the request, nor of queries', async () => {
    const wrong = await mutate('mutation { login(input: { identifier: "nobody", password: "x" }) { deviceToken } }');
    expect(wrong.json.errors[0].extensions.code).toBe('UNAUTHENTICATED');
    await mutate('{ __typename }');
    expect(await server.sql('select 1 from idempotency_keys where key = ?', [key])).toEqual([]);
  });

  test('a failure of ours frees the key, unless the change was made', async () => {
    const name = newName();
    await server.sql('alter table tags rename to tags_away');
    const failed = await mutate(createTag, { name });
    await server.sql('alter table tags_away rename to tags');
    expect(failed.json.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    const second = await mutate(createTag, { name });
    expect([second.json.data?.createTag.tag.name, isReplay(second)]).toEqual([name, false]);
  });
});
