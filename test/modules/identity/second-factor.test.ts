import { generate } from 'otplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

const step = 30_000;
/** The middle of a step, so that no test stands on its edge. */
let clock = Math.floor(Date.now() / step) * step + step / 2;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(clock), env: { TRUST_PROXY: '1' } });
});
afterAll(() => server?.stop());

const codeAt = (secret: string, at = clock) => generate({ secret, epoch: Math.floor(at / 1000) });
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const login = ({ username, password }: Person, code_2fa?: string, address = '203.0.113.7'): Promise<Answer> =>
  server.request('POST', '/auth/login', {
    json: { username, password, ...(code_2fa !== undefined && { code_2fa }) },
    ...from(address),
  });
const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;

const setUp = 'mutation { setUpSecondFactor { secret otpauthUrl } }';
const confirm =
  'mutation ($input: ConfirmSecondFactorInput!) { confirmSecondFactor(input: $input) { recoveryCodes user { secondFactor { enabledAt recoveryCodesLeft } } } }';
const disable =
  'mutation ($input: DisableSecondFactorInput!) { disableSecondFactor(input: $input) { user { id secondFactor { enabledAt } } } }';
const regenerate =
  'mutation ($input: RegenerateRecoveryCodesInput!) { regenerateRecoveryCodes(input: $input) { recoveryCodes user { secondFactor { recoveryCodesLeft } } } }';

interface Guarded extends Person {
  secret: string;
  recoveryCodes: string[];
}

/** A person with the second factor on; the code that confirmed it lies a step back. */
async function guarded(): Promise<Guarded> {
  const person = await server.person();
  const { secret } = (await server.graphql(setUp, {}, person.token)).data.setUpSecondFactor;
  const { data } = await server.graphql(confirm, { input: { code: await codeAt(secret) } }, person.token);
  expect(data.confirmSecondFactor.user.secondFactor).toEqual({
    enabledAt: `${new Date(clock).toISOString().slice(0, 19)}Z`,
    recoveryCodesLeft: 10,
  });
  clock += 2 * step;
  return { ...person, secret, recoveryCodes: data.confirmSecondFactor.recoveryCodes };
}

test('every door refuses the right password without a code, and opens with one', async () => {
  const person = await guarded();
  const { username, password, secret } = person;
  const input = (code?: string) => ({ input: { identifier: username, password, ...(code && { code }) } });
  const doors: Record<string, (code?: string) => Promise<{ opened: boolean; asked: boolean }>> = {
    xcore: async (code) => rest(await login(person, code)),
    'xcore, as a form': async (code) =>
      rest(
        await server.request('POST', '/auth/login', { form: { username, password, ...(code && { code_2fa: code }) } }),
      ),
    'K-Docs': async (code) =>
      rest(await server.request('POST', '/kdocs/login', { json: { username, password, code_2fa: code } })),
    'the K-Docs page': async (code) =>
      rest(
        await server.request('POST', '/kdocs/login', { form: { username, password, ...(code && { code_2fa: code }) } }),
        302,
      ),
    SmartLeakPro: async (code) =>
      rest(
        await server.request('POST', '/api/auth/login', {
          json: { nom_utilisateur: username, mot_de_passe: password, code_2fa: code },
        }),
      ),
    'GraphQL login': async (code) =>
      graph(
        await server.graphql(
          'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }',
          input(code),
        ),
      ),
  };
  const rest = ({ status, headers }: Answer, success = 200) => ({
    opened: status === success,
    asked: status === 401 && headers.get('x-2fa-required') === 'true',
  });
  const graph = ({ data, errors }: { data: unknown; errors?: any[] }) => ({
    opened: data !== null && errors === undefined,
    asked: errors?.[0]?.extensions.code === 'UNAUTHENTICATED' && errors[0].extensions.reason === 'two_factor_required',
  });
  const sessions = async () =>
    (await server.sql('select count(*)::int as n from sessions where user_id = ?', [person.id]))[0].n;
  for (const [name, open] of Object.entries(doors)) {
    const before = await sessions();
    expect([name, await open()]).toEqual([name, { opened: false, asked: true }]);
    expect([name, await sessions()]).toEqual([name, before]);
    expect([name, await open(await codeAt(secret))]).toEqual([name, { opened: true, asked: false }]);
    clock += step;
  }
});

test('a code is good for its own step and one either way', async () => {
  const { secret, ...person } = await guarded();
  const origin = clock;
  for (const [drift, status] of [
    [-2, 401],
    [-1, 200],
    [2, 401],
    [1, 200],
  ] as const) {
    clock = origin + 10 * step * Math.abs(drift) + (drift > 0 ? 100 * step : 0);
    expect([drift, await statusOf(login(person as Guarded, await codeAt(secret, clock + drift * step)))]).toEqual([
      drift,
      status,
    ]);
  }
  clock += 10 * step;
  // As the app shows it.
  expect(await statusOf(login(person as Guarded, (await codeAt(secret)).replace(/(...)/, '$1 ')))).toBe(200);
});

test('a code is good once: not twice, not after a later one, not after it confirmed the set-up', async () => {
  const person = await guarded();
  const [earlier, now] = [await codeAt(person.secret, clock - step), await codeAt(person.secret)];
  expect(await statusOf(login(person, now))).toBe(200);
  expect(await statusOf(login(person, now))).toBe(401);
  expect(await statusOf(login(person, earlier))).toBe(401);

  const fresh = await server.person();
  const { secret } = (await server.graphql(setUp, {}, fresh.token)).data.setUpSecondFactor;
  const code = await codeAt(secret);
  await server.graphql(confirm, { input: { code } }, fresh.token);
  expect(await statusOf(login(fresh, code))).toBe(401);
});

test('of four logins at once with one code exactly one gets in, and so it is with a recovery code', async () => {
  const person = await guarded();
  for (const code of [await codeAt(person.secret), person.recoveryCodes[0] as string]) {
    const statuses = await Promise.all(
      Array.from({ length: 4 }, (_, i) => statusOf(login(person, code, `198.51.100.${i}`))),
    );
    expect(statuses.toSorted()).toEqual([200, 401, 401, 401]);
  }
});

test('a recovery code opens once, typed as people type; new ones void the old', async () => {
  const person = await guarded();
  const [first, second, third] = person.recoveryCodes as [string, string, string];
  expect(await statusOf(login(person, first))).toBe(200);
  expect(await statusOf(login(person, first))).toBe(401);
  expect(
    await statusOf(
      login(person, ` ${second.toUpperCase().replaceAll('-', '').replaceAll('1', 'I').replaceAll('0', 'O')} `),
    ),
  ).toBe(200);
  const { data } = await server.graphql(regenerate, { input: { password: person.password } }, person.token);
  expect([
    data.regenerateRecoveryCodes.recoveryCodes.length,
    data.regenerateRecoveryCodes.user.secondFactor.recoveryCodesLeft,
  ]).toEqual([10, 10]);
  expect(await statusOf(login(person, third))).toBe(401);
  expect(await statusOf(login(person, data.regenerateRecoveryCodes.recoveryCodes[0]))).toBe(200);
  const events = await server.sql(
    "select type from events where subject_type = 'User' and subject_id = ? and type like 'second_factor.%' order by id",
    [String(person.id)],
  );
  expect(events.map(({ type }) => type.slice(14))).toEqual([
    'enabled',
    'recovery_code_used',
    'recovery_code_used',
    'recovery_codes_replaced',
    'recovery_code_used',
  ]);
});

test('wrong codes lock as wrong passwords do; a missing one neither counts nor forgives', async () => {
  const person = await guarded();
  for (let i = 0; i < 4; i++) expect(await statusOf(login(person, `00000${i}`))).toBe(401);
  for (let i = 0; i < 6; i++) expect(await statusOf(login(person))).toBe(401);
  expect(await statusOf(login(person, 'zzzz-zzzz-zzzz-zzzz'))).toBe(401);
  const locked = await login(person, await codeAt(person.secret));
  expect([locked.status, Number(locked.headers.get('retry-after'))]).toEqual([429, expect.closeTo(1800, -2)]);
  clock += 31 * 60_000;
  expect(await statusOf(login(person, await codeAt(person.secret)))).toBe(200);
});

test('guessing from many addresses, or in a session, is locked by person; a recovery code still opens', async () => {
  const person = await guarded();
  for (let i = 0; i < 3; i++) expect(await statusOf(login(person, `00000${i}`, `192.0.2.${i}`))).toBe(401);
  for (let i = 0; i < 2; i++)
    expect(
      (await server.graphql(disable, { input: { id: person.id, code: `00000${i}` } }, person.token)).errors?.[0]
        .extensions.code,
    ).toBe('BAD_USER_INPUT');
  expect(await statusOf(login(person, await codeAt(person.secret), '192.0.2.77'))).toBe(429);
  for (const input of [{ code: await codeAt(person.secret) }, { password: person.password }]) {
    expect(
      (await server.graphql(disable, { input: { id: person.id, ...input } }, person.token)).errors?.[0].extensions.code,
    ).toBe('RATE_LIMITED');
  }
  expect(await statusOf(login(person, person.recoveryCodes[0], '192.0.2.78'))).toBe(200);
});

test('turning it off takes the password or a code from oneself, and from an administrator nothing', async () => {
  const [person, other] = [await guarded(), await server.person()];
  const off = (input: object, token: string) =>
    server.graphql(disable, { input: { id: String(person.id), ...input } }, token);
  const refusalOf = async (answer: ReturnType<typeof off>) => (await answer).errors?.[0].extensions;
  expect(await refusalOf(off({}, person.token))).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'password'], code: 'required' }],
  });
  expect(
    await refusalOf(off({ password: 'Wrong-pass1', code: await codeAt(person.secret) }, person.token)),
  ).toMatchObject({ fields: [{ path: ['input', 'password'], code: 'invalid' }] });
  expect(await refusalOf(off({ password: person.password, code: '000000' }, person.token))).toMatchObject({
    fields: [{ path: ['input', 'code'], code: 'invalid' }],
  });
  // To a stranger the account is not there.
  expect(await refusalOf(off({ id: String(person.id) }, other.token))).toMatchObject({ code: 'NOT_FOUND' });
  expect((await off({ code: await codeAt(person.secret) }, person.token)).data.disableSecondFactor.user).toEqual({
    id: String(person.id),
    secondFactor: null,
  });
  expect(await statusOf(login(person))).toBe(200);
  expect(await refusalOf(off({ password: person.password }, person.token))).toMatchObject({
    code: 'CONFLICT',
    reason: 'second_factor.off',
  });

  const [lost, admin] = [await guarded(), await server.person({ roles: ['admin'] })];
  expect((await off({ id: String(lost.id) }, admin.token)).data.disableSecondFactor.user.id).toBe(String(lost.id));
  expect(await statusOf(login(lost))).toBe(200);
  const [event] = await server.sql(
    "select actor_id, data from events where type = 'second_factor.disabled' and subject_id = ?",
    [String(lost.id)],
  );
  expect(event).toMatchObject({ actor_id: admin.id, data: { userId: lost.id } });
  expect(await server.sql('select 1 from recovery_codes where user_id = ?', [lost.id])).toEqual([]);
});

test('whether somebody has one is seen by them and by who reads accounts', async () => {
  const person = await guarded();
  const see = async (token: string) =>
    (
      await server.graphql(
        'query ($id: ID!) { user(id: $id) { id secondFactor { recoveryCodesLeft } } }',
        { id: String(person.id) },
        token,
      )
    ).data.user;
  expect((await see(person.token)).secondFactor).toEqual({ recoveryCodesLeft: 10 });
  expect((await see((await server.person({ roles: ['admin'] })).token)).secondFactor).toEqual({
    recoveryCodesLeft: 10,
  });
  expect(await see((await server.person({ roles: ['consultant'] })).token)).toEqual({
    id: String(person.id),
    secondFactor: null,
  });
  const own = await server.graphql(
    'mutation ($input: LoginInput!) { login(input: $input) { user { secondFactor { recoveryCodesLeft } } } }',
    {
      input: { identifier: person.email, password: person.password, code: await codeAt(person.secret) },
    },
  );
  expect(own.data.login.user.secondFactor).toEqual({ recoveryCodesLeft: 10 });
});

test('the secret and the codes lie nowhere in the clear; sealed for one person it serves no other', async () => {
  const [person, other] = [await guarded(), await guarded()];
  const code = await codeAt(person.secret);
  await login(person, code);
  await login(person, person.recoveryCodes[0]);
  const kept = JSON.stringify(
    await Promise.all(
      ['second_factors', 'recovery_codes', 'events'].map((table) => server.sql(`select * from ${table}`)),
    ),
  );
  const written = kept + server.log.join('\n');
  for (const secret of [
    person.secret,
    ...person.recoveryCodes,
    ...person.recoveryCodes.map((c) => c.replaceAll('-', '')),
  ])
    expect(written).not.toContain(secret);
  expect(server.log.join('\n')).not.toContain(`"${code}"`);

  await server.sql(
    'update second_factors set sealed_secret = (select sealed_secret from second_factors where user_id = ?), last_step = 0 where user_id = ?',
    [person.id, other.id],
  );
  expect(await statusOf(login(other, await codeAt(person.secret)))).toBe(401);
  expect(await statusOf(login(other, other.recoveryCodes[0]))).toBe(200);
});

test('the login page asks for the code, keeps the name, and says when the code was wrong', async () => {
  const { username, password, secret } = await guarded();
  const send = (form: Record<string, string>) =>
    server.request('POST', '/kdocs/login', { form: { username, password, next: '/core-docs', ...form } });
  const asked = await send({});
  expect(asked.status).toBe(401);
  expect(asked.text).toMatch(new RegExp(`name="username" value="${username}"`));
  expect(asked.text).toContain('name="code_2fa"');
  expect(asked.text).not.toContain('role="alert"');
  expect(asked.text).not.toContain(password);
  expect((await send({ code_2fa: '000000' })).text).toContain('Code incorrect ou déjà utilisé');
  const slipped = (await send({ password: 'Wrong-pass1', code_2fa: await codeAt(secret) })).text;
  expect(slipped).toContain('Identifiant ou mot de passe incorrect');
  expect(slipped).toContain('name="code_2fa"');
  expect((await send({ password: 'Wrong-pass1' })).text).not.toContain('name="code_2fa"');
  const entered = await send({ code_2fa: await codeAt(secret) });
  expect([entered.status, entered.headers.get('location')]).toEqual([302, '/core-docs']);
});
