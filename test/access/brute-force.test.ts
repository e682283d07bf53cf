import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '1' } });
});
afterAll(() => server?.stop());

interface Login {
  name: string;
  password: string;
  /** Address of the client. */
  from: string;
  /** Cookie of a known device. */
  device?: string;
}

interface Door {
  attempt: (login: Login) => Promise<Answer>;
  /** What the door documents for a wrong password and for a locked name; `in`: what shows that the person is let in. */
  wrong: (answer: Answer) => unknown;
  locked: (answer: Answer) => unknown;
  in: (answer: Answer) => unknown;
}

/** A door over REST: its path, how it takes the login, and what it answers (`in`, wrong, locked). */
const rest = (
  path: string,
  bodyOf: (name: string, password: string) => { json: object } | { form: Record<string, string> },
  [welcome, wrong, locked]: readonly [number, object | string, object | string],
): Door => {
  const isTold = (answer: Answer, status: number, told: object | string): void => {
    expect(answer.status).toBe(status);
    if (typeof told === 'string') expect(answer.text).toContain(told);
    else expect(answer.json).toMatchObject(told);
  };
  return {
    attempt: ({ name, password, from, device }) =>
      server.request('POST', path, {
        ...bodyOf(name, password),
        headers: { 'x-forwarded-for': from, accept: 'text/html, application/json', ...(device && { cookie: device }) },
      }),
    wrong: (answer) => isTold(answer, 401, wrong),
    locked: (answer) => {
      isTold(answer, 429, locked);
      const seconds = Number(answer.headers.get('retry-after'));
      expect([seconds > 1_700, seconds <= 1_800]).toEqual([true, true]);
    },
    in: ({ status }) => expect(status).toBe(welcome),
  };
};

const graphql = (field: string, selection: string): Door => {
  const codeOf = ({ json }: Answer): unknown => json.errors?.[0].extensions.code;
  return {
    attempt: ({ name, password, from }) =>
      server.request('POST', '/graphql', {
        json: {
          query: `mutation ($input: LoginInput!) { ${field}(input: $input) { ${selection} } }`,
          variables: { input: { identifier: name, password } },
        },
        headers: { 'x-forwarded-for': from },
      }),
    wrong: (answer) => expect(codeOf(answer)).toBe('UNAUTHENTICATED'),
    locked: (answer) => {
      expect(codeOf(answer)).toBe('RATE_LIMITED');
      expect(answer.json.errors[0].extensions).toMatchObject({
        reason: 'login_locked',
        details: { retryAfterSeconds: expect.any(Number) },
      });
      expect(answer.json.data).toEqual({ [field]: null });
    },
    in: (answer) => expect([codeOf(answer), answer.json.data[field]]).toEqual([undefined, expect.any(Object)]),
  };
};

const restDoors: Record<string, Door> = {
  'xcore, JSON': rest('/auth/login', (username, password) => ({ json: { username, password } }), [
    200,
    { error: { code: 'AUTHENTICATION_ERROR' } },
    { error: { code: 'RATE_LIMIT' } },
  ]),
  'xcore, form': rest('/auth/login', (username, password) => ({ form: { username, password } }), [
    200,
    { error: { code: 'AUTHENTICATION_ERROR' } },
    { error: { code: 'RATE_LIMIT' } },
  ]),
  'K-Docs, JSON': rest('/kdocs/login', (username, password) => ({ json: { username, password } }), [
    200,
    { error: true },
    { error: expect.stringMatching(/^Rate limit exceeded. Try again in \d+ seconds.$/) },
  ]),
  'K-Docs, form': rest('/kdocs/login', (username, password) => ({ form: { username, password } }), [
    302,
    'Identifiant ou mot de passe incorrect',
    '<form',
  ]),
  SmartLeakPro: rest(
    '/api/auth/login',
    (nom_utilisateur, mot_de_passe) => ({ json: { nom_utilisateur, mot_de_passe } }),
    [200, { error_code: 'AUTHENTICATION_ERROR' }, { error_code: 'RATE_LIMIT_EXCEEDED' }],
  ),
};
const doors: Record<string, Door> = {
  ...restDoors,
  'GraphQL login': graphql('login', 'tokens { accessToken }'),
};

let addresses = 0;
/** Of TEST-NET-3: each test has addresses of its own. */
const address = (): string => `203.0.113.${(addresses += 1)}`;
test.each(Object.entries(doors))(
  '%s: the sixth attempt is refused, right or wrong, known or not',
  async (_name, door) => {
    const person = await server.person();
    for (const name of [person.username, 'nobody']) {
      const from = address();
      for (let i = 0; i < 5; i++) door.wrong(await door.attempt({ name, password: `Wrong-${i}`, from }));
      door.locked(await door.attempt({ name, password: 'Wrong-6', from }));
      door.locked(await door.attempt({ name, password: person.password, from }));
    }
    door.in(await door.attempt({ name: person.username, password: person.password, from: address() }));
  },
);

test('the doors share one lock: attempts spread over them are counted together', async () => {
  const person = await server.person();
  const from = address();
  const all = Object.values(doors);
  for (let i = 0; i < 5; i++) {
    const door = all[i % all.length] as Door;
    door.wrong(await door.attempt({ name: person.username, password: 'Wrong-1', from }));
  }
  for (const door of all) door.locked(await door.attempt({ name: person.username, password: person.password, from }));
});

const deviceOf = (answer: Answer): string | undefined =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('passerelle_device='))
    ?.split(';')[0];

test.each(Object.entries(restDoors))(
  '%s: while the address is locked, the owner gets in from a known device, and nobody else by it',
  async (_name, door) => {
    const [person, stranger] = [await server.person(), await server.person()];
    const from = address();
    const { username: name, password } = person;
    const device = deviceOf(await door.attempt({ name, password, from })) as string;
    const strangersDevice = deviceOf(
      await door.attempt({ name: stranger.username, password: stranger.password, from }),
    ) as string;
    for (let i = 0; i < 5; i++) door.wrong(await door.attempt({ name, password: `Wrong-${i}`, from }));
    door.locked(await door.attempt({ name, password, from }));
    door.locked(await door.attempt({ name, password, from, device: strangersDevice }));
    door.locked(await door.attempt({ name, password, from, device: `${device}x` }));

    for (const other of Object.values(restDoors)) other.in(await other.attempt({ name, password, from, device }));
    for (let i = 0; i < 5; i++) door.wrong(await door.attempt({ name, password: `Wrong-${i}`, from, device }));
    door.locked(await door.attempt({ name, password, from, device }));
  },
);
