import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  server = await startTestServer();
  [alice, bob] = [await server.person(), await server.person()];
});
afterAll(() => server?.stop());

const call = (who: Person, method: string, path: string, json?: unknown): Promise<Answer> =>
  server.request(method, `/api/v1${path}`, { token: who.token, ...(json !== undefined && { json }) });

const open = async (accountType = 4): Promise<string> => {
  const made = await call(alice, 'POST', '/accounts', { name: 'Compte joint', account_type_id: accountType });
  return `/accounts/${made.json.id}`;
};

test('a joint account is shared for reading, then for writing, and left', async () => {
  const account = await open();
  const made = await call(alice, 'POST', `${account}/shares`, { email: bob.email, permission: 'read' });
  expect([made.status, made.json]).toEqual([
    201,
    { id: expect.any(Number), email: bob.email, permission: 'read', created_at: expect.stringMatching(/Z$/) },
  ]);
  const transaction = {
    account_id: Number(account.split('/').at(-1)),
    amount: -12.5,
    description: 'Courses',
    transaction_date: '2026-02-02',
  };
  expect((await call(bob, 'GET', account)).json.name).toBe('Compte joint');
  const refused = await call(bob, 'POST', '/transactions', transaction);
  expect([refused.status, refused.json.error]).toEqual([
    403,
    { code: 'PERMISSION_DENIED', message: 'Ce compte est partagé avec vous en lecture seule', details: {} },
  ]);

  const again = await call(alice, 'POST', `${account}/shares/`, { email: bob.email, permission: 'write' });
  expect([again.status, again.json]).toEqual([201, { ...made.json, permission: 'write' }]);
  const listed = { count: 1, results: [again.json] };
  expect((await call(alice, 'GET', `${account}/shares`)).json).toEqual(listed);
  expect((await call(bob, 'GET', `${account}/shares`)).json).toEqual(listed);
  expect((await call(bob, 'POST', '/transactions', transaction)).status).toBe(201);
  expect((await call(bob, 'PATCH', account, { name: 'À moi' })).status).toBe(403);
  expect((await call(bob, 'DELETE', `${account}?force=true`)).status).toBe(403);

  const other = await open();
  const gone = await call(alice, 'DELETE', `${other}/shares/${made.json.id}`);
  expect([gone.status, gone.json.error.message]).toEqual([404, 'Partage non trouvé']);
  expect((await call(bob, 'DELETE', `${account}/shares/${made.json.id}`)).status).toBe(204);
  expect((await call(bob, 'GET', account)).status).toBe(404);
});

test('what may not be shared is named by its field', async () => {
  const [joint, current] = [await open(), await open(1)];
  const details = async (path: string, json: object): Promise<unknown[]> => {
    const answer = await call(alice, 'POST', `${path}/shares`, json);
    return [answer.status, answer.json.error.code, answer.json.error.details];
  };
  const invalid = (field: string, message: string): unknown[] => [422, 'VALIDATION_ERROR', { [field]: [message] }];
  expect(await details(current, { email: bob.email, permission: 'read' })).toEqual(
    invalid('id', 'Seul un compte joint peut être partagé'),
  );
  expect(await details(joint, { email: 'personne@example.org', permission: 'read' })).toEqual(
    invalid('email', "Aucune personne active n'a cette adresse"),
  );
  expect(await details(joint, { permission: 'read' })).toEqual(invalid('email', 'Ce champ est requis'));
  expect((await details(joint, { email: bob.email, permission: 'own' }))[0]).toBe(422);
});
