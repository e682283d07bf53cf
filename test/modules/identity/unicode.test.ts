import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** The same letters, composed and not. */
const [composed, apart] = ['Été-2026-Noël', 'Été-2026-Noël'.normalize('NFD')];

const login = async (username: string, password: string): Promise<number> =>
  (await server.request('POST', '/auth/login', { json: { username, password } })).status;

describe('a password', () => {
  it('is the same however its letters are composed', async () => {
    for (const [set, typed] of [
      [apart, composed],
      [composed, apart],
    ] as const) {
      const email = `${set.length}@example.org`;
      const made = await server.request('POST', '/auth/register', { json: { email, password: set, full_name: 'É' } });
      expect(made.status).toBe(201);
      expect([await login(email, typed), await login(email, set), await login(email, 'Été-2026-Noel')]).toEqual([
        200, 200, 401,
      ]);
    }
  });

  it('of before still opens as it was typed then', async () => {
    const person = await server.person();
    await server.sql('update users set password_hash = ? where id = ?', [await hash(apart), person.id]);
    expect([await login(person.username, apart), await login(person.username, `${apart}x`)]).toEqual([200, 401]);
  });
});

test('who signs in is found by their address in any composition, also by one that is kept apart', async () => {
  const email = 'rené@example.org';
  const made = await server.request('POST', '/auth/register', {
    json: { email: email.normalize('NFD'), password: composed, full_name: 'R' },
  });
  expect([made.status, made.json.email]).toEqual([201, email]);
  expect(await login(email.normalize('NFD'), composed)).toBe(200);
  await server.sql('update users set email = ? where email = ?', [email.normalize('NFD'), email]);
  expect(await login(email.normalize('NFD'), composed)).toBe(200);
});

test('addresses that pass for those of others are refused, of people and of clients', async () => {
  for (const email of ['аdmin@example.com', 'ad\u200bmin@example.com', 'ａdmin@example.com']) {
    const json = { email, password: composed, full_name: 'A' };
    expect((await server.request('POST', '/auth/register', { json })).status).toBe(422);
    const client = await server.request('POST', '/api/clients', {
      token: server.admin.token,
      json: { nom: 'A', email },
    });
    expect(client.status).toBe(422);
  }
  const json = { email: 'ok@example.com', username: 'аdmin', password: composed, full_name: 'A' };
  const { errors } = await server.graphql(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { email: json.email, username: json.username, password: json.password } },
    server.admin.token,
  );
  expect(errors?.[0].extensions.fields).toMatchObject([{ path: ['input', 'username'], code: 'invalid_format' }]);
});

/** What names a thing: mutation, field of its input, what is selected of the payload, the rest of the input. */
const named: [mutation: string, field: string, shown: string, rest?: object][] = [
  ['createTag', 'name', 'tag { name }'],
  ['createCorrespondent', 'name', 'correspondent { name }'],
  ['createDocumentType', 'label', 'documentType { label }', { code: 'UNICODE' }],
  ['createCustomField', 'name', 'customField { name }', { kind: 'TEXT' }],
  ['createSavedView', 'name', 'savedView { name }'],
  ['createClient', 'name', 'client { name }'],
  ['createClient', 'companyName', 'client { companyName }', { name: 'x' }],
  ['createCategory', 'name', 'category { name }', { type: 'EXPENSE' }],
  ['createBankAccount', 'name', 'bankAccount { name }', { typeId: '1' }],
  ['createBudget', 'name', 'budget { name }', { targetAmount: '10', targetDate: '2099-01-01' }],
  ['createApiToken', 'name', 'apiToken { name }'],
  ['createApiKey', 'name', 'apiKey { name }'],
  ['createWebhookEndpoint', 'name', 'webhookEndpoint { name }', { url: 'https://example.org/', events: ['*'] }],
  ['createIntegration', 'name', 'integration { name }', { kind: 'MQTT', configuration: {} }],
  ['createReportTemplate', 'name', 'reportTemplate { name }'],
  ['createTask', 'name', 'task { name }', { id: 'unicode', type: 'INTERVAL', intervalSeconds: 3600 }],
  ['createUser', 'firstName', 'user { firstName }', { email: 'u@example.org', username: 'uni', password: composed }],
];

test.each(named)(
  '%s: %s is kept composed, and nothing in it is invisible',
  async (mutation, field, shown, rest = {}) => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const create = (name: string) =>
      server.graphql(
        `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${shown} } }`,
        { input: { ...rest, [field]: name } },
        server.admin.token,
      );
    for (const name of ['Fac\u200bture', '\u202eerutcaF', 'Facture\ufeff.', '\u2066Facture']) {
      const { errors } = await create(name);
      expect(errors?.[0].extensions, name).toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [{ path: ['input', field], code: expect.stringMatching(/^invalid/) }],
      });
    }
    const { data, errors } = await create('Pièce 👩‍🔧'.normalize('NFD'));
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain('Pièce 👩‍🔧'.normalize('NFC'));
  },
);

test('two spellings of one name are one name', async () => {
  const json = { name: 'Échéance' };
  const create = (name: string) =>
    server.request('POST', '/kdocs/api/tags', { token: server.admin.token, json: { name } });
  expect((await create(json.name)).status).toBe(201);
  expect((await create(json.name.normalize('NFD'))).status).toBe(409);
});
