import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authenticator } from '../support/authenticator.js';
import { type Answer, startTestServer, type TestServer } from '../support/harness.js';

/**
 * The programs that use the APIs, re-enacted on what stands of them: the same requests in the same order with the same
 * headers (contracts/CONSUMERS.md). Quotas are counted, as they are for them.
 */
const react = 'http://localhost:3000';
const nuxt = 'http://localhost:3001';
const password = 'Motdepasse-1';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    env: { DEMO: '1', RATE_LIMITS: 'on', TRUST_PROXY: '1', PUBLIC_URL: nuxt, CORS_ORIGINS: `${react},${nuxt}` },
  });
}, 120_000);
afterAll(() => server?.stop());

interface Call {
  token?: string;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** What a program sends with everything, and from where. */
const program =
  (headers: Record<string, string>) =>
  (method: string, path: string, call: Call = {}): Promise<Answer> =>
    server.request(method, path, { ...call, headers: { ...headers, ...call.headers } });

describe('SmartLeakPro', () => {
  /** axios in a browser: the type goes with every call, the body or not. */
  const app = program({
    accept: 'application/json, text/plain, */*',
    'content-type': 'application/json',
    origin: react,
    referer: `${react}/`,
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36',
    'x-forwarded-for': '198.51.100.10',
  });
  /** httpx, as the API's own test suite runs. */
  const suite = program({
    accept: '*/*',
    'user-agent': 'python-httpx/0.25.2',
    'x-forwarded-for': '198.51.100.11',
  });

  test('the React application signs in, manages people and stays signed in', async () => {
    const preflight = await app('OPTIONS', '/api/auth/test-login', {
      headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, react]);
    const { username } = server.admin;
    const wrong = await app('POST', '/api/auth/test-login', { json: { username, password: 'Faux-motdepasse1' } });
    expect([wrong.status, wrong.json.detail]).toEqual([401, 'Identifiants invalides']);
    const signedIn = await app('POST', '/api/auth/test-login', { json: { username, password } });
    expect([signedIn.status, signedIn.json]).toEqual([
      200,
      { access_token: expect.stringMatching(/^eyJ/), token_type: 'bearer' },
    ]);
    expect(signedIn.headers.get('access-control-allow-origin')).toBe(react);
    const token = signedIn.json.access_token;

    const made = await app('POST', '/api/utilisateurs', {
      token,
      json: {
        nom_utilisateur: 'paul.martin',
        email: 'paul.martin@example.org',
        nom: 'Martin',
        prenom: 'Paul',
        telephone: '',
        mot_de_passe: password,
        confirmer_mot_de_passe: password,
        role: 'technicien',
        consentement_rgpd: true,
      },
    });
    expect([made.status, made.json.telephone, made.json.statut]).toEqual([201, null, 'actif']);
    const list = await app('GET', '/api/utilisateurs?page=1&size=10&search=paul&statut=&role=', { token });
    expect(list.json).toMatchObject({ total: 1, page: 1, size: 10, pages: 1, utilisateurs: [made.json] });
    // The form sends everything back that it was shown.
    const form = { ...list.json.utilisateurs[0], telephone: '06 12 34 56 78', inconnu: { id: 1 } };
    const put = await app('PUT', `/api/utilisateurs/${made.json.id}`, { token, json: form });
    expect([put.status, put.json]).toEqual([
      200,
      { ...made.json, telephone: '06 12 34 56 78', date_modification: expect.any(String) },
    ]);
    expect((await app('DELETE', `/api/utilisateurs/${made.json.id}`, { token })).status).toBe(204);
    const gone = await app('GET', `/api/utilisateurs/${made.json.id}`, { token });
    expect([gone.status, gone.json.detail]).toEqual([404, 'Utilisateur non trouvé']);
  });

  test('the React application plans visits: its form, drag and drop, its calendar and its figures', async () => {
    const planner = await server.person({ roles: ['manager'] });
    const call = (method: string, path: string, json?: unknown) =>
      app(method, `/api${path}`, { token: planner.token, ...(json !== undefined && { json }) });
    const { id: client_id } = (await call('POST', '/clients', { nom: 'Dupont', email: '', telephone: '' })).json;
    // The page asks for a thousand, and shows what it gets of the next request.
    expect((await call('GET', '/clients?size=1000')).status).toBe(422);
    const form = {
      client_id,
      intervention_id: '',
      date_heure_debut: '2027-01-11T09:00',
      date_heure_fin: '2027-01-11T10:00',
      utilisateur_responsable: 'Karim',
      notes: '',
      couleur: '#007bff',
      rappel_avant: 24,
    };
    const made = await call('POST', '/planning', form);
    expect([made.status, made.json.client.nom]).toEqual([201, 'Dupont']);
    const again = await call('POST', '/planning', form);
    expect([again.status, again.json.detail]).toEqual([409, 'Conflit détecté avec 1 rendez-vous existant(s)']);
    const moved = await call('PUT', `/planning/${made.json.id}`, {
      date_heure_debut: '2027-01-12T08:00:00.000Z',
      date_heure_fin: '2027-01-12T09:00:00.000Z',
    });
    expect(moved.json).toMatchObject({
      date_heure_debut: '2027-01-12T08:00:00Z',
      couleur: '#007bff',
      rappel_avant: 24,
    });
    const shown = {
      ...form,
      ...moved.json,
      date_heure_debut: moved.json.date_heure_debut.slice(0, 16),
      statut: 'confirmé',
    };
    expect((await call('PUT', `/planning/${made.json.id}`, shown)).json).toMatchObject({
      date_heure_debut: '2027-01-12T08:00:00Z',
      statut: 'confirme',
    });
    const events = (await call('GET', '/planning/calendar?technicien=Karim')).json;
    expect(events.map(({ title, backgroundColor }: any) => [title, backgroundColor])).toEqual([
      ['Dupont - RDV', '#007bff'],
    ]);
    const { json: figures } = await call('GET', '/planning/stats/planning');
    expect(figures).toMatchObject({ par_technicien: { Karim: 1 }, par_statut: { confirme: expect.any(Number) } });
    expect((await call('DELETE', `/planning/${made.json.id}`)).status).toBe(400);
  });

  test('the suite: roles, API keys, the audit, and too many requests', async () => {
    const login = async (nom_utilisateur: string) =>
      (await suite('POST', '/api/auth/login', { json: { nom_utilisateur, mot_de_passe: password } })).json;
    const { access_token: admin, refresh_token } = await login(server.admin.username);
    const person = (name: string, role: string) => ({
      nom_utilisateur: name,
      email: `${name}@example.com`,
      nom: 'Technicien',
      prenom: 'Test',
      mot_de_passe: password,
      confirmer_mot_de_passe: password,
      role,
      consentement_rgpd: true,
    });
    const made = await suite('POST', '/api/utilisateurs/', {
      token: admin,
      json: person('test_technicien', 'technicien'),
    });
    expect(made.status).toBe(201);
    const technicien = await login('test_technicien');
    expect(technicien.utilisateur).toEqual({
      id: made.json.id,
      nom_utilisateur: 'test_technicien',
      email: 'test_technicien@example.com',
      role: 'technicien',
    });
    const { access_token: token } = technicien;
    expect((await suite('GET', '/api/utilisateurs/', { token })).status).toBe(403);
    expect((await suite('DELETE', `/api/utilisateurs/${made.json.id}`, { token })).status).toBe(403);
    expect((await suite('GET', '/api/api-keys/', { token })).status).toBe(403);
    const escalation = { role: 'admin', statut: 'actif' };
    expect((await suite('PUT', `/api/utilisateurs/${made.json.id}`, { token, json: escalation })).status).toBe(403);

    const key = await suite('POST', '/api/api-keys/', {
      token: admin,
      json: {
        nom: 'Test API Key',
        description: 'Clé API pour tests de sécurité',
        scopes: ['read'],
        limite_requetes_par_minute: 10,
      },
    });
    expect(key.status).toBe(201);
    const withKey = { headers: { 'x-api-key': key.json.cle_api } };
    expect((await suite('GET', '/api/utilisateurs/', withKey)).status).toBe(200);
    expect((await suite('POST', '/api/utilisateurs/', { ...withKey, json: person('par_cle', 'lecteur') })).status).toBe(
      403,
    );
    expect((await suite('GET', '/api/utilisateurs/', { headers: { 'x-api-key': 'invalid_key' } })).status).toBe(401);
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1) statuses.push((await suite('GET', '/api/utilisateurs/', withKey)).status);
    expect(statuses.slice(-2)).toEqual([429, 429]);

    const logs = (query: string) => suite('GET', `/api/audit/logs?${query}`, { token: admin });
    await expect.poll(async () => (await logs('action=create&resource=utilisateur')).json.total).toBeGreaterThan(0);
    const audit = await logs(`size=100&resource=utilisateur`);
    expect(audit.json.logs).toContainEqual(
      expect.objectContaining({ action: 'create', resource: 'utilisateur', nom_utilisateur: server.admin.username }),
    );
    expect(audit.json.logs).toContainEqual(
      expect.objectContaining({ action: 'login', resource: 'utilisateur', nom_utilisateur: 'test_technicien' }),
    );
    for (const word of ['mot_de_passe', password]) expect(audit.text).not.toContain(word);

    const refreshed = await suite('POST', '/api/auth/refresh', { json: { refresh_token } });
    expect(refreshed.json.utilisateur.nom_utilisateur).toBe(server.admin.username);
    let last = refreshed;
    for (let i = 0; i < 150 && last.status !== 429; i += 1)
      last = await suite('GET', '/api/api-keys/', { token: admin });
    expect([last.status, last.json.error_code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect(last.json.detail).toContain('Trop de requêtes');
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('guesses are locked out after five, whatever is tried', async () => {
    const guess = program({ 'user-agent': 'python-httpx/0.25.2', 'x-forwarded-for': '198.51.100.12' });
    const { username } = await server.person();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1)
      statuses.push(
        (
          await guess('POST', '/api/auth/login', {
            json: { nom_utilisateur: username, mot_de_passe: `wrong_password_${i}` },
          })
        ).status,
      );
    expect([statuses.slice(0, 5), statuses.slice(5)]).toEqual([Array(5).fill(401), Array(5).fill(429)]);
  });
});

test("xcore: curl, Python's requests and fetch sign in and administer, as its pages show them", async () => {
  const curl = program({ accept: '*/*', 'user-agent': 'curl/8.5.0', 'x-forwarded-for': '198.51.100.20' });
  const requests = program({
    accept: '*/*',
    connection: 'keep-alive',
    'user-agent': 'python-requests/2.31.0',
    'x-forwarded-for': '198.51.100.21',
  });
  const form = { username: server.admin.email, password };
  const signedIn = await curl('POST', '/auth/login', { form });
  expect([signedIn.status, Object.keys(signedIn.json)]).toEqual([200, ['access_token', 'token_type', 'expires_in']]);
  const { access_token: token } = signedIn.json;
  expect((await curl('GET', '/admin/users', { token })).status).toBe(200);

  const john = { email: 'john@example.com', password: 'SecurePassword123!', full_name: 'John Doe' };
  const made = await requests('POST', '/auth/register', { json: john });
  expect(made.status).toBe(201);
  const found = await requests('GET', '/admin/users?search=john&is_active=true&skip=0&limit=20', { token });
  expect(found.json).toMatchObject({ total: 1, skip: 0, limit: 20, has_more: false, items: [{ id: made.json.id }] });
  expect(
    (await requests('GET', '/admin/users?sort_by=created_at&sort_order=desc', { token })).json.items[0].full_name,
  ).toBe('John Doe');

  // The administration, in the order of its page.
  const permission = {
    name: 'reports:generate',
    description: 'Générer des rapports',
    resource: 'reports',
    action: 'generate',
  };
  const { id: permission_id } = (await requests('POST', '/admin/permissions', { token, json: permission })).json;
  const role = (
    await requests('POST', '/admin/roles', { token, json: { name: 'rapporteur', description: 'Rapports' } })
  ).json;
  expect((await requests('PUT', `/admin/permissions/${permission_id}`, { token, json: permission })).status).toBe(200);
  await requests('POST', `/admin/roles/${role.id}/permissions`, { token, json: { permission_id } });
  const roles = `/admin/users/${made.json.id}/roles`;
  expect((await requests('PUT', roles, { token, json: { roles: ['user', 'rapporteur'] } })).json.roles).toEqual([
    'user',
    'rapporteur',
  ]);
  const login = async (secret: string) =>
    (await requests('POST', '/auth/login', { form: { username: john.email, password: secret } })).json;
  const own = (await login(john.password)).access_token;
  expect((await requests('GET', '/auth/me', { token: own })).json.permissions).toContain('reports:generate');
  expect((await requests('DELETE', `${roles}/${role.id}`, { token })).status).toBe(204);
  expect((await requests('DELETE', `${roles}/${role.id}`, { token })).status).toBe(404);
  expect((await requests('DELETE', `/admin/roles/${role.id}`, { token })).status).toBe(204);
  expect((await requests('DELETE', `/admin/permissions/${permission_id}`, { token })).status).toBe(204);
  expect((await requests('GET', `/admin/permissions/${permission_id}`, { token })).status).toBe(404);

  // One's own account.
  expect((await requests('PUT', '/auth/me', { token: own, json: { full_name: 'Johnny Doe' } })).json.full_name).toBe(
    'Johnny Doe',
  );
  const change = { current_password: john.password, new_password: 'BetterPassword456!' };
  expect((await requests('PUT', '/auth/password/change', { token: own, json: change })).status).toBe(200);
  const renewed = (await requests('POST', '/auth/refresh', { token: own })).json.access_token;
  expect((await requests('POST', '/auth/logout', { token: renewed })).status).toBe(200);
  const after = await requests('GET', '/auth/me', { token: renewed });
  expect([after.status, after.json.error.code]).toEqual([401, 'AUTHENTICATION_ERROR']);
  expect((await login(change.new_password)).token_type).toBe('bearer');

  for (const action of ['deactivate', 'activate'])
    expect((await requests('POST', `/admin/users/${made.json.id}/${action}`, { token })).status).toBe(200);
  expect((await requests('DELETE', `/admin/users/${made.json.id}`, { token })).status).toBe(204);
  const gone = await requests('GET', `/admin/users/${made.json.id}`, { token });
  expect([gone.status, gone.json.error.code]).toEqual([404, 'NOT_FOUND']);
});

describe('Budget', () => {
  /** `$fetch` in a browser, with credentials; every path ends in a slash. */
  const app = program({
    accept: 'application/json',
    'content-type': 'application/json',
    origin: nuxt,
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'same-origin',
    'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
    'x-forwarded-for': '198.51.100.30',
  });
  const api = (method: string, path: string, call?: Call) => app(method, `/api/v1${path}`, call);

  test('the web application registers, signs in with a passkey, and two of its tabs refresh at once', async () => {
    const authenticator = new Authenticator({ origin: nuxt, rpId: 'localhost' });
    const registered = await api('POST', '/auth/register/', {
      json: { email: 'marie@example.com', username: 'marie' },
    });
    expect(registered.status).toBe(201);
    const cookie = (registered.headers.get('set-cookie') ?? '').split(';')[0] as string;
    const begun = await api('POST', '/auth/webauthn/register/begin/', {
      headers: { cookie },
      json: { user_id: registered.json.id },
    });
    const completed = await api('POST', '/auth/webauthn/register/complete/', {
      headers: { cookie },
      json: { credential: authenticator.create(begun.json), device_name: 'Proton Pass' },
    });
    expect(completed.json).toEqual({ success: true, message: 'Passkey enregistrée avec succès' });
    const challenge = await api('POST', '/auth/webauthn/login/begin/', { json: { email: 'marie@example.com' } });
    const signedIn = await api('POST', '/auth/webauthn/login/complete/', {
      json: { credential: authenticator.get(challenge.json) },
    });
    expect(Object.keys(signedIn.json)).toEqual(['access', 'refresh', 'user']);

    const { refresh } = signedIn.json;
    const tabs = await Promise.all([1, 2].map(() => api('POST', '/auth/token/refresh/', { json: { refresh } })));
    expect(tabs.map(({ status }) => status)).toEqual([200, 200]);
    for (const { json } of tabs) expect((await api('GET', '/api-tokens/', { token: json.access })).status).toBe(200);

    const token = tabs[1]?.json.access as string;
    const made = await api('POST', '/api-tokens/', { token, json: { name: 'iPhone Personnel', expires_at: '' } });
    expect([made.status, made.json.expires_at]).toEqual([201, null]);
    const until = await api('POST', '/api-tokens/', {
      token,
      json: { name: 'Script', expires_at: '2126-12-31T10:00' },
    });
    expect([until.status, until.json.expires_at]).toEqual([201, '2126-12-31T10:00:00Z']);
    expect((await api('GET', '/api-tokens/?ordering=-date&is_active=&search=', { token })).json.count).toBe(2);

    // README's curl.
    const curl = program({ accept: '*/*', 'user-agent': 'curl/8.5.0', 'x-forwarded-for': '198.51.100.31' });
    const authorization = `ApiToken ${made.json.token}`;
    expect((await curl('GET', '/auth/me', { headers: { authorization } })).json.id).toBe(registered.json.id);
    const managed = await curl('GET', '/api/v1/api-tokens', { headers: { authorization } });
    expect([managed.status, managed.json.error.code]).toEqual([403, 'PERMISSION_DENIED']);
    expect((await api('DELETE', `/api-tokens/${made.json.id}/`, { token })).status).toBe(204);
    const revoked = await curl('GET', '/api/v1/api-tokens', { headers: { authorization } });
    expect([revoked.status, revoked.json.error.code, revoked.json.detail]).toEqual([
      401,
      'AUTHENTICATION_FAILED',
      revoked.json.error.message,
    ]);
  });

  test('what a signed-in person does by mistake is never 401 or 403, which would sign them out; all of it says why', async () => {
    const { token, id } = await server.person();
    const other = await server.person();
    const create = { query: 'mutation { createApiToken(input: { name: "x" }) { apiToken { id } } }' };
    const foreign = (await server.request('POST', '/graphql', { json: create, token: other.token })).json.data
      .createApiToken.apiToken.id;
    const junk = {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: { attestationObject: 'AAAA', clientDataJSON: 'AAAA' },
    };
    const mistakes: [string, string, unknown, number][] = [
      ['GET', '/nowhere/', undefined, 404],
      ['PATCH', '/api-tokens/', {}, 405],
      ['POST', '/api-tokens/', {}, 422],
      ['POST', '/api-tokens/', { name: 'x', expires_at: '2001-01-01' }, 422],
      ['DELETE', `/api-tokens/${foreign}/`, undefined, 404],
      ['DELETE', '/api-tokens/abc/', undefined, 404],
      ['DELETE', '/auth/passkeys/999999/', undefined, 404],
      ['POST', '/auth/webauthn/register/begin/', { user_id: other.id }, 404],
      ['POST', '/auth/webauthn/register/begin/', { user_id: '' }, 422],
      ['POST', '/auth/webauthn/register/complete/', { credential: junk, device_name: 'x' }, 422],
      ['POST', '/auth/register/', { email: other.email, username: 'marie-2' }, 409],
    ];
    for (const [method, path, json, expected] of mistakes) {
      const answer = await api(method, path, { token, ...(json !== undefined && { json }) });
      expect([method, path, answer.status]).toEqual([method, path, expected]);
      expect(answer.json.detail).toBe(answer.json.error.message);
    }
    const mine = await api('POST', '/auth/webauthn/register/begin/', { token, json: { user_id: String(id) } });
    expect(mine.status).toBe(200);
  });
});
