import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nobodysId = '00000000-0000-4000-8000-000000000000';
const keys = [
  'id',
  'nom_utilisateur',
  'email',
  'nom',
  'prenom',
  'telephone',
  'role',
  'statut',
  'consentement_rgpd',
  'date_creation',
  'date_modification',
  'derniere_connexion',
];

const api = (
  method: string,
  path: string,
  json?: unknown,
  token: string | null = server.admin.token,
): Promise<Answer> =>
  server.request(method, `/api/utilisateurs${path}`, {
    token: token ?? undefined,
    ...(json !== undefined && { json }),
  });

let made = 0;
/** smartleakpro.md, « POST /utilisateurs/ », with values of its types. */
const body = (changes: object = {}): Record<string, unknown> => ({
  nom_utilisateur: `jdurand${(made += 1)}`,
  email: `jdurand${made}@example.org`,
  nom: 'Durand',
  prenom: 'Jeanne',
  mot_de_passe: 'Motdepasse-1',
  confirmer_mot_de_passe: 'Motdepasse-1',
  role: 'technicien',
  consentement_rgpd: true,
  ...changes,
});
const create = async (changes: object = {}): Promise<any> => {
  const { status, json } = await api('POST', '/', body(changes));
  expect(json).toMatchObject({ id: expect.stringMatching(uuid) });
  expect(status).toBe(201);
  return json;
};
const uuidOf = async ({ id }: Person): Promise<string> =>
  (await server.sql('select uuid from users where id = ?', [id]))[0].uuid;
const login = (identifier: string, password: string) =>
  server.graphql('mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }', {
    input: { identifier, password },
  });
const eventsOf = async (id: string): Promise<string[]> =>
  (
    await server.sql(
      "select e.type from events e join users u on e.subject_type = 'User' and e.subject_id = u.id::text where u.uuid = ?::uuid order by e.id",
      [id],
    )
  ).map((e) => e.type);

function expectError({ status, json }: Answer, expected: number, code: string, fields: string[] = []): void {
  expect({ status, code: json?.error_code, fields: Object.keys(json?.field_errors ?? {}).toSorted() }).toEqual({
    status: expected,
    code,
    fields: fields.toSorted(),
  });
  expect(Object.keys(json)).toEqual(['detail', 'error_code', 'field_errors']);
  for (const sentences of Object.values(json.field_errors))
    expect(sentences).toEqual([...new Set(sentences as string[])]);
}

describe('an administrator', () => {
  test('creates an account that can sign in, with its consent kept, reads, changes and erases it', async () => {
    const sent = body({ telephone: '+33 6 12 34 56 78', inconnu: 1 });
    const { status, json: user } = await api('POST', '/', sent);
    expect(status).toBe(201);
    expect(Object.keys(user)).toEqual(keys);
    expect(user).toEqual({
      id: expect.stringMatching(uuid),
      nom_utilisateur: sent['nom_utilisateur'],
      email: sent['email'],
      nom: 'Durand',
      prenom: 'Jeanne',
      telephone: '+33 6 12 34 56 78',
      role: 'technicien',
      statut: 'actif',
      consentement_rgpd: true,
      date_creation: expect.stringMatching(moment),
      date_modification: expect.stringMatching(moment),
      derniere_connexion: null,
    });
    const [kept] = await server.sql('select consented_at, consent_version from users where uuid = ?::uuid', [user.id]);
    expect(kept).toEqual({ consented_at: expect.anything(), consent_version: expect.stringMatching(/^\d{4}-\d{2}$/) });
    expect((await login(user.email, 'Motdepasse-1')).data.login.tokens.accessToken).toBeTruthy();

    const read = await api('GET', `/${user.id}`);
    expect(read.json).toEqual({ ...user, derniere_connexion: expect.stringMatching(moment) });
    const changed = await api('PUT', `/${user.id}`, { nom: 'Martin', telephone: null, role: 'manager' });
    expect(changed.status).toBe(200);
    expect(changed.json).toMatchObject({
      nom: 'Martin',
      prenom: 'Jeanne',
      telephone: null,
      role: 'manager',
      statut: 'actif',
    });
    const emptied = await api('PUT', `/${user.id}`, { ...changed.json, nom: '' });
    expect([emptied.status, emptied.json.nom, emptied.json.role]).toEqual([200, '', 'manager']);

    const gone = await api('DELETE', `/${user.id}`);
    expect({ status: gone.status, text: gone.text }).toEqual({ status: 204, text: '' });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await api(method, `/${user.id}`, method === 'PUT' ? {} : undefined);
      expectError(answer, 404, 'NOT_FOUND');
      expect(answer.json.detail).toBe('Utilisateur non trouvé');
    }
    const [erased] = await server.sql('select erased_at, consented_at from users where uuid = ?::uuid', [user.id]);
    expect(erased).toEqual({ erased_at: expect.anything(), consented_at: null });
  });

  test('pages, searches and filters the list', async () => {
    const nom = 'Zéphyrine';
    const [first, second] = [await create({ nom, role: 'consultant' }), await create({ nom, role: 'lecteur' })];
    await api('PUT', `/${second.id}`, { statut: 'inactif' });
    const list = async (query: string) => (await api('GET', `/?search=${encodeURIComponent(nom)}&${query}`)).json;
    expect(await list('size=1&page=2')).toEqual({
      utilisateurs: [expect.objectContaining({ id: second.id, statut: 'inactif' })],
      total: 2,
      page: 2,
      size: 1,
      pages: 2,
    });
    const ids = async (query: string) => (await list(query)).utilisateurs.map((u: any) => u.id);
    expect(await ids('role=consultant')).toEqual([first.id]);
    expect(await ids('statut=inactif')).toEqual([second.id]);
    expect(await ids('statut=actif')).toEqual([first.id]);
    expect(await ids('role=admin')).toEqual([]);
    expect((await api('GET', '')).json).toMatchObject({ page: 1, size: 10 });
    for (const query of ['page=0', 'size=0', 'size=101', 'page=x', 'role=chef', 'statut=absent']) {
      expectError(await api('GET', `/?${query}`), 422, 'VALIDATION_ERROR', [query.split('=')[0] as string]);
    }
  });

  test('is told every problem of an account at once, in French', async () => {
    expectError(await api('POST', '/', {}), 422, 'VALIDATION_ERROR', Object.keys(body()));
    const wrong = {
      nom_utilisateur: 'ab',
      email: 'personne',
      nom: '',
      prenom: 'x'.repeat(101),
      mot_de_passe: 'court',
      confirmer_mot_de_passe: 'autre',
      role: 'chef',
      consentement_rgpd: false,
      telephone: 'pas de chiffres',
    };
    const answer = await api('POST', '/', wrong);
    expectError(answer, 422, 'VALIDATION_ERROR', Object.keys(wrong));
    expect(answer.json.field_errors).toMatchObject({
      email: ['Email invalide'],
      confirmer_mot_de_passe: ['Les mots de passe ne correspondent pas'],
    });
    expectError(
      await api('POST', '/', body({ nom_utilisateur: 'a'.repeat(51), nom: 'nul\0' })),
      422,
      'VALIDATION_ERROR',
      ['nom_utilisateur', 'nom'],
    );
    const { id } = await create();
    const { consentement_rgpd: _, nom: _empty, ...changes } = wrong;
    expectError(await api('PUT', `/${id}`, { ...changes, statut: 'absent' }), 422, 'VALIDATION_ERROR', [
      ...Object.keys(changes),
      'statut',
    ]);
    expectError(await api('PUT', `/${id}`, { mot_de_passe: 'Motdepasse-2' }), 422, 'VALIDATION_ERROR', [
      'confirmer_mot_de_passe',
    ]);
    const malformed = await server.request('POST', '/api/utilisateurs/', {
      token: server.admin.token,
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expectError(malformed, 400, 'VALIDATION_ERROR');
  });

  test('meets a conflict for a name or an address that somebody has, whatever its case', async () => {
    const { nom_utilisateur, email, id } = await create();
    const taken = { nom_utilisateur: nom_utilisateur.toUpperCase(), email: email.toUpperCase() };
    expectError(await api('POST', '/', body(taken)), 409, 'CONFLICT', ['nom_utilisateur', 'email']);
    const other = await create();
    expectError(await api('PUT', `/${other.id}`, taken), 409, 'CONFLICT', ['nom_utilisateur', 'email']);
    // What one has oneself is no conflict.
    expect((await api('PUT', `/${id}`, { nom_utilisateur, email })).status).toBe(200);
  });

  test('changes all or nothing', async () => {
    const { id } = await create();
    const [{ id: number }] = await server.sql('select id from users where uuid = ?::uuid', [id]);
    const before = (await api('GET', `/${id}`)).json;
    await server.sql(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    );
    await server.sql(
      `create trigger refuse before update of password_hash on users for each row when (new.id = ${number}) execute function refuse()`,
    );
    const failed = await api('PUT', `/${id}`, {
      nom: 'Autre',
      role: 'manager',
      statut: 'inactif',
      mot_de_passe: 'Motdepasse-2',
      confirmer_mot_de_passe: 'Motdepasse-2',
    });
    await server.sql('drop function refuse cascade');
    expectError(failed, 500, 'INTERNAL_ERROR');
    expect((await api('GET', `/${id}`)).json).toEqual(before);
    expect(await eventsOf(id)).toEqual(['user.registered']);
  });

  test('sets a password or switches an account off: its sessions end, each change has its event', async () => {
    const { id, email } = await create();
    const session = async (password: string): Promise<string> =>
      (await login(email, password)).data.login.tokens.accessToken;
    const isSignedIn = async (token: string): Promise<boolean> =>
      (await server.graphql('{ viewer { id } }', {}, token)).data?.viewer != null;
    const first = await session('Motdepasse-1');
    expect(
      (await api('PUT', `/${id}`, { mot_de_passe: 'Motdepasse-2', confirmer_mot_de_passe: 'Motdepasse-2' })).status,
    ).toBe(200);
    expect(await isSignedIn(first)).toBe(false);
    const second = await session('Motdepasse-2');
    expect(
      (await api('PUT', `/${id}`, { statut: 'inactif', role: 'lecteur', prenom: 'Jeannette' })).json,
    ).toMatchObject({ statut: 'inactif', role: 'lecteur' });
    expect(await isSignedIn(second)).toBe(false);
    expect((await api('PUT', `/${id}`, { statut: 'actif' })).json).toMatchObject({ statut: 'actif' });
    expect((await eventsOf(id)).filter((type) => type !== 'user.login')).toEqual([
      'user.registered',
      'user.password_changed',
      'user.roles_changed',
      'user.roles_changed',
      'user.deactivated',
      'user.updated',
      'user.activated',
    ]);
  });

  test('needs the old password for a new one of their own, and a session for any', async () => {
    const chief = await server.person({ roles: ['admin'] });
    const own = await uuidOf(chief);
    const change = { mot_de_passe: 'Motdepasse-2', confirmer_mot_de_passe: 'Motdepasse-2' };
    expectError(await api('PUT', `/${own}`, change, chief.token), 422, 'VALIDATION_ERROR', ['mot_de_passe_actuel']);
    expectError(
      await api('PUT', `/${own}`, { ...change, mot_de_passe_actuel: 'faux' }, chief.token),
      422,
      'VALIDATION_ERROR',
      ['mot_de_passe_actuel'],
    );
    expect((await api('PUT', `/${own}`, { ...change, mot_de_passe_actuel: chief.password }, chief.token)).status).toBe(
      200,
    );
    const { data } = await server.graphql(
      'mutation { createApiKey(input: { name: "x", scopes: [READ, WRITE, ADMIN] }) { secret } }',
      {},
      chief.token,
    );
    const { id } = await create();
    expectError(await api('PUT', `/${id}`, change, data.createApiKey.secret), 403, 'AUTHORIZATION_ERROR');
    expect((await api('PUT', `/${id}`, { nom: 'Autre' }, data.createApiKey.secret)).status).toBe(200);
  });
});

describe('roles', () => {
  test('the role given takes the place of the business roles; others stay', async () => {
    const holder = await server.person({ roles: ['lecteur', 'consultant', 'VALIDATOR_L1'] });
    const id = await uuidOf(holder);
    expect((await api('GET', `/${id}`)).json.role).toBe('consultant');
    expect((await api('PUT', `/${id}`, { role: 'manager' })).json.role).toBe('manager');
    const held = await server.sql(
      'select r.name from user_roles ur join roles r on r.id = ur.role_id where ur.user_id = ? order by 1',
      [holder.id],
    );
    expect(held.map((r) => r.name).toSorted()).toEqual(['VALIDATOR_L1', 'manager']);
    const plain = await server.person({ roles: ['user'] });
    const shown = (await api('GET', `/${await uuidOf(plain)}`)).json;
    expect(shown.role).toBe('lecteur');
    // The list finds people by the role that it shows.
    const both = await server.person({ roles: ['lecteur', 'manager'] });
    const found = async (role: string, { email }: Person) =>
      (await api('GET', `/?role=${role}&search=${email}`)).json.total;
    expect([await found('lecteur', plain), await found('lecteur', both), await found('manager', both)]).toEqual([
      1, 0, 1,
    ]);
    // Sent back whole it gives nothing.
    expect((await api('PUT', `/${shown.id}`, shown)).json.role).toBe('lecteur');
    expect((await server.request('GET', '/auth/me', { token: plain.token })).json.roles).toEqual(['user']);
  });

  test('nobody gives or takes a role that allows more than they may', async () => {
    await server.sql("insert into roles (name) values ('accueil') on conflict do nothing");
    await server.sql(
      `insert into role_permissions select r.id, p.id from roles r, permissions p
        where r.name = 'accueil' and p.resource || ':' || p.action in (
            'users:read', 'users:write', 'roles:read', 'roles:write', 'documents:read', 'clients:read',
            'interventions:read', 'appointments:read', 'media:read', 'reports:read')`,
    );
    const desk = await server.person({ roles: ['accueil'] });
    const reader = await create({ role: 'lecteur' });
    expectError(await api('PUT', `/${reader.id}`, { role: 'admin' }, desk.token), 403, 'AUTHORIZATION_ERROR');
    expectError(await api('PUT', `/${reader.id}`, { role: 'manager' }, desk.token), 403, 'AUTHORIZATION_ERROR');
    expect((await api('PUT', `/${reader.id}`, { role: 'consultant' }, desk.token)).json.role).toBe('consultant');
    expectError(
      await api('PUT', `/${await uuidOf(server.admin)}`, { role: 'lecteur' }, desk.token),
      403,
      'AUTHORIZATION_ERROR',
    );
    expectError(await api('POST', '/', body({ role: 'admin' }), desk.token), 422, 'VALIDATION_ERROR', ['role']);
    // A role that has ended still counts as one to be taken.
    const former = await server.person({ roles: [] });
    await server.sql(
      "insert into role_assignments (user_id, role_id, valid_to) select ?, id, current_date - 1 from roles where name = 'manager'",
      [former.id],
    );
    expectError(
      await api('PUT', `/${await uuidOf(former)}`, { role: 'lecteur' }, desk.token),
      403,
      'AUTHORIZATION_ERROR',
    );
  });

  test('the last administrator stays, also when two demote each other at the same moment', async () => {
    await server.sql(
      "delete from role_assignments a using roles r where r.id = a.role_id and r.name = 'admin' and a.user_id <> ?",
      [server.admin.id],
    );
    const own = await uuidOf(server.admin);
    for (const change of [{ role: 'lecteur' }, { statut: 'inactif' }]) {
      const answer = await api('PUT', `/${own}`, change);
      expectError(answer, 409, 'CONFLICT');
      expect(answer.json.detail).toBe("C'est le dernier administrateur actif");
    }
    expectError(await api('DELETE', `/${own}`), 409, 'CONFLICT');
    for (let round = 0; round < 5; round += 1) {
      const other = await server.person({ roles: ['admin'] });
      const answers = await Promise.all([
        api('PUT', `/${await uuidOf(other)}`, { role: 'lecteur', statut: 'actif' }, server.admin.token),
        api('PUT', `/${own}`, { role: 'lecteur', nom: 'Autre' }, other.token),
      ]);
      // Whoever lost may have lost the right to ask as well.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.find(({ status }) => status !== 200)?.status).toBeOneOf([403, 409]);
      const left = await server.sql(
        "select ur.user_id from user_roles ur join roles r on r.id = ur.role_id where r.name = 'admin'",
      );
      expect(left).toHaveLength(1);
      await server.sql(
        "delete from role_assignments a using roles r where r.id = a.role_id and r.name in ('admin', 'lecteur') and a.user_id in (?, ?)",
        [other.id, server.admin.id],
      );
      await server.sql("insert into role_assignments (user_id, role_id) select ?, id from roles where name = 'admin'", [
        server.admin.id,
      ]);
    }
  });
});

test('nobody else gets in, not even to their own account', async () => {
  const { id } = await create();
  for (const role of ['technicien', 'manager', 'lecteur', 'consultant', 'moderator', 'user']) {
    const person = await server.person({ roles: [role] });
    for (const target of [id, await uuidOf(person), nobodysId]) {
      expectError(await api('GET', `/${target}`, undefined, person.token), 403, 'AUTHORIZATION_ERROR');
      expectError(await api('PUT', `/${target}`, { nom: 'X' }, person.token), 403, 'AUTHORIZATION_ERROR');
      expectError(await api('DELETE', `/${target}`, undefined, person.token), 403, 'AUTHORIZATION_ERROR');
    }
    expectError(await api('GET', '/', undefined, person.token), 403, 'AUTHORIZATION_ERROR');
    expectError(await api('POST', '/', body(), person.token), 403, 'AUTHORIZATION_ERROR');
  }
  for (const [method, path] of [
    ['GET', '/'],
    ['POST', '/'],
    ['GET', `/${id}`],
    ['PUT', `/${id}`],
    ['DELETE', `/${id}`],
  ] as const) {
    expectError(await api(method, path, undefined, null), 401, 'AUTHENTICATION_ERROR');
  }
  for (const path of [`/${nobodysId}`, '/99999999999999999999', '/personne'])
    expectError(await api('GET', path), 404, 'NOT_FOUND');
});

test("an administrator's key reads with `read` alone, and writes only with `write` and `admin`", async () => {
  const { id } = await create();
  const keyWith = async (...scopes: string[]): Promise<string> =>
    (
      await server.graphql(
        'mutation ($scopes: [CredentialScope!]) { createApiKey(input: { name: "x", scopes: $scopes }) { secret } }',
        { scopes: scopes.map((scope) => scope.toUpperCase()) },
        server.admin.token,
      )
    ).data.createApiKey.secret;
  const [reader, writer, full] = [
    await keyWith('read'),
    await keyWith('read', 'write'),
    await keyWith('read', 'write', 'admin'),
  ];
  for (const key of [reader, writer, full])
    expect((await api('GET', `/${id}`, undefined, key)).json).toMatchObject({
      id,
      email: expect.stringContaining('@'),
    });
  for (const key of [reader, writer]) {
    expectError(await api('POST', '/', body(), key), 403, 'AUTHORIZATION_ERROR');
    expectError(await api('PUT', `/${id}`, { nom: 'X' }, key), 403, 'AUTHORIZATION_ERROR');
    expectError(await api('DELETE', `/${id}`, undefined, key), 403, 'AUTHORIZATION_ERROR');
  }
  expect((await api('POST', '/', body(), full)).status).toBe(201);
});

describe('statut', () => {
  test.each([
    ['suspendu', 'SUSPENDED'],
    ['en_attente', 'PENDING'],
    ['inactif', 'INACTIVE'],
  ])('who is %s cannot sign in, and every credential is refused; actif lets them in again', async (statut, status) => {
    const person = await server.person();
    const id = await uuidOf(person);
    const put = await api('PUT', `/${id}`, { statut });
    expect([put.status, put.json.statut, (await api('GET', `/${id}`)).json.statut]).toEqual([200, statut, statut]);
    const listed = (of: string) => api('GET', `/?statut=${of}&search=${person.email}`);
    expect([(await listed(statut)).json.total, (await listed('actif')).json.total]).toEqual([1, 0]);
    const refused = await server.request('POST', '/api/auth/login', {
      json: { nom_utilisateur: person.username, mot_de_passe: person.password },
    });
    expect([refused.status, refused.json.detail]).toEqual([401, 'Identifiants invalides']);
    expect((await server.request('GET', '/auth/me', { token: person.token })).status).toBe(401);
    const query = 'query ($id: ID!) { user(id: $id) { status isActive } }';
    expect((await server.graphql(query, { id }, server.admin.token)).data.user).toEqual({ status, isActive: false });
    // Why somebody is away is not for everybody.
    const colleague = await server.person({ roles: ['lecteur'] });
    expect((await server.graphql(query, { id }, colleague.token)).data.user.status).toBe('INACTIVE');

    // Sent back whole it stays; from one state to another nobody comes in.
    expect((await api('PUT', `/${id}`, put.json)).json.statut).toBe(statut);
    expect((await api('PUT', `/${id}`, { statut: 'en_attente' })).json.statut).toBe('en_attente');
    expect(
      (await server.request('POST', `/admin/users/${person.id}/deactivate`, { token: server.admin.token })).status,
    ).toBe(200);
    expect((await api('GET', `/${id}`)).json.statut).toBe('inactif');
    expect((await api('PUT', `/${id}`, { statut: 'actif' })).json.statut).toBe('actif');
    expect((await login(person.email, person.password)).data.login.tokens.accessToken).toBeTruthy();
    expect(await eventsOf(id)).toEqual([
      'user.deactivated',
      'user.login_failed',
      ...(statut === 'en_attente' ? [] : ['user.updated']),
      'user.updated',
      'user.unlocked',
      'user.activated',
      'user.login',
    ]);
  });

  test('the last administrator is not suspended, and another word is refused', async () => {
    const id = await uuidOf(server.admin);
    expectError(await api('PUT', `/${id}`, { statut: 'suspendu' }), 409, 'CONFLICT');
    expectError(await api('PUT', `/${id}`, { statut: 'parti' }), 422, 'VALIDATION_ERROR', ['statut']);
  });
});

describe('whatever consumers try', () => {
  const idRoutes = [
    ['GET', '/api/utilisateurs/ID'],
    ['PUT', '/api/utilisateurs/ID'],
    ['DELETE', '/api/utilisateurs/ID'],
    ['GET', '/api/api-keys/ID'],
    ['PUT', '/api/api-keys/ID'],
    ['DELETE', '/api/api-keys/ID'],
    ['POST', '/api/api-keys/ID/regenerate'],
    ['GET', '/api/api-keys/ID/usage'],
  ] as const;
  test.each(idRoutes)('%s %s of nobody is 404, and of what is no id 400, 404 or 422', async (method, path) => {
    const ask = (id: string) =>
      server.request(method, path.replace('ID', id), {
        token: server.admin.token,
        headers: { 'content-type': 'application/json' },
        ...(method !== 'GET' && { json: {} }),
      });
    for (const id of ['00000000-0000-0000-0000-000000000000', nobodysId]) expect((await ask(id)).status).toBe(404);
    for (const id of ['invalid-id', "'; DROP TABLE users; --", '%00', '../../etc/passwd'].map(encodeURIComponent))
      expect((await ask(id)).status).toBeOneOf([400, 404, 422]);
  });

  test('nothing, and nonsense, in the body of a creation is 422', async () => {
    for (const path of ['/api/utilisateurs/', '/api/api-keys/', '/api/rgpd/anonymize'])
      for (const json of [{}, { inconnu: 1 }])
        expect((await server.request('POST', path, { token: server.admin.token, json })).status).toBe(422);
  });

  test.each(['/api/utilisateurs/', '/api/api-keys/', '/api/audit/logs'])(
    '%s is 401 without a token or with an invalid key, and 403 to a technicien',
    async (path) => {
      const technicien = await server.person({ roles: ['technicien'] });
      const ask = async (options: object) => (await server.request('GET', path, options)).status;
      expect(await ask({})).toBe(401);
      for (const headers of [
        { 'x-api-key': 'invalid_key' },
        { authorization: 'InvalidToken' },
        { authorization: `Bearer ${server.admin.token.slice(0, -5)}XXXXX` },
      ])
        expect(await ask({ headers })).toBe(401);
      expect(await ask({ token: technicien.token })).toBe(403);
    },
  );

  test('names that try to be SQL or HTML are refused logins, and are not echoed', async () => {
    for (const nom_utilisateur of ["' OR '1'='1", "admin'--", "<script>alert('xss')</script>", 'javascript:alert(1)']) {
      const { status, json, text } = await server.request('POST', '/api/auth/login', {
        json: { nom_utilisateur, mot_de_passe: 'password' },
      });
      expect([status, json.detail]).toEqual([401, 'Identifiants invalides']);
      expect(text).not.toMatch(/<script>|javascript:/);
    }
  });

  test('POST /rgpd/anonymize leaves a pseudonym, for administrators only', async () => {
    const person = await server.person();
    const resource_id = await uuidOf(person);
    const ask = (token: string, json: object) => server.request('POST', '/api/rgpd/anonymize', { token, json });
    const { token } = await server.person({ roles: ['manager'] });
    expect((await ask(token, { resource_type: 'utilisateur', resource_id })).status).toBe(403);
    const { status, json } = await ask(server.admin.token, { resource_type: 'user', resource_id });
    expect([status, json]).toEqual([
      200,
      { message: 'Données anonymisées avec succès', conserve: expect.arrayContaining([expect.any(String)]) },
    ]);
    expect((await api('GET', `/${resource_id}`)).status).toBe(404);
    expect(await server.sql('select username, first_name from users where id = ?', [person.id])).toEqual([
      { username: `erased-${person.id}`, first_name: '' },
    ]);
    expect((await ask(server.admin.token, { resource_type: 'user', resource_id })).status).toBe(404);
    expectError(await ask(server.admin.token, { resource_type: 'facture', resource_id }), 422, 'VALIDATION_ERROR', [
      'resource_type',
    ]);
  });
});
