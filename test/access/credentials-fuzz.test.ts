import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { createClient } from 'graphql-ws';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { hashSecret } from '../../src/modules/identity/sessions/resolve-viewer.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { apiKey, apiToken } from './people.js';

const jwtSecret = 'the-secret-of-the-fuzzed-server-'.repeat(2);
const seed = 20_260_203;

let server: TestServer;
let person: Person;
let token: string;
let key: string;
let cookie: string;
let claims: { sub: string; sid: string; iat: number; exp: number; iss: string };
let otherSession: string;
beforeAll(async () => {
  server = await startTestServer({ env: { JWT_SECRET: jwtSecret } });
  // Every door below is open to an administrator.
  person = await server.person({ roles: ['admin'] });
  token = await apiToken(server, person);
  key = await apiKey(server, person);
  const answer = await server.request('POST', '/kdocs/login', {
    json: { username: person.email, password: person.password },
  });
  cookie = /kdocs_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] as string;
  claims = jwt.decode(person.token) as typeof claims;
  otherSession = (jwt.decode(server.admin.token) as typeof claims).sid;
});
afterAll(() => server?.stop());

/** Header lines as they go over the wire: repeated names, any Latin-1 character that Node lets through. */
type Lines = readonly (readonly [string, string])[];

/** One route of each dialect, and GraphQL. `inPerson`: it knows tokens and keys, and refuses them with 403. */
const doors = [
  { name: 'xcore', method: 'GET', path: '/auth/me', isIn: /"email"/ },
  { name: 'archidrive', method: 'GET', path: '/v1/users/me', isIn: /"success":true/ },
  { name: 'kdocs', method: 'GET', path: '/kdocs/api/documents', isIn: /"success":true/ },
  { name: 'smartleakpro', method: 'GET', path: '/api/utilisateurs', isIn: /"utilisateurs":\[/ },
  { name: 'budget', method: 'GET', path: '/api/v1/auth/passkeys', isIn: /"results":\[/, inPerson: true },
  {
    name: 'graphql',
    method: 'POST',
    path: '/graphql',
    body: '{"query":"{ documents { totalCount } }"}',
    isIn: /"totalCount"/,
  },
] as const;
type Door = (typeof doors)[number];

/** fetch would mend or refuse what is wrong on purpose. Undefined: the header cannot be sent at all. */
function send({ method, path, ...door }: Door, lines: Lines): Promise<{ status: number; text: string } | undefined> {
  return new Promise((resolve, reject) => {
    const body = 'body' in door ? door.body : undefined;
    const headers = [
      ['Host', new URL(server.url).host],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(body?.length ?? 0)],
      ['Connection', 'close'],
      ...lines,
    ];
    let request;
    try {
      request = httpRequest(`${server.url}${path}`, { method, headers: headers.flat() });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_CHAR') return resolve(undefined);
      return reject(error as Error);
    }
    request.on('error', (error: NodeJS.ErrnoException) => reject(error));
    request.on('response', (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        .on('error', reject);
    });
    request.end(body);
  });
}

/** Refused by all doors, as a client's mistake: nobody is let in and nothing breaks. */
async function expectRefused(lines: Lines): Promise<void> {
  const answers = await Promise.all(doors.map((door) => send(door, lines)));
  for (const [i, door] of doors.entries()) {
    const answer = answers[i];
    if (!answer) continue;
    const told = `${door.name} answers ${answer.status} ${answer.text.slice(0, 200)} to ${JSON.stringify(lines).slice(0, 500)}`;
    // A header that names no credential at all is nobody's: GraphQL says so within its answer.
    const status = door.name === 'graphql' && answer.text.includes('"code":"UNAUTHENTICATED"') ? 401 : answer.status;
    // Where 403 means a credential that is known, it would be one too many.
    expect('inPerson' in door ? [400, 401, 431] : [400, 401, 403, 431], told).toContain(status);
    expect(door.isIn.test(answer.text), told).toBe(false);
  }
}

async function expectLetIn(lines: Lines, { inPerson = false } = {}): Promise<void> {
  for (const door of doors) {
    const answer = await send(door, lines);
    const isOpen = inPerson || !('inPerson' in door);
    expect([door.name, answer?.status, door.isIn.test(answer?.text ?? '')], JSON.stringify(lines)).toEqual([
      door.name,
      isOpen ? 200 : 403,
      isOpen,
    ]);
  }
}

const refuse = (lines: fc.Arbitrary<Lines>, numRuns: number): Promise<void> =>
  fc.assert(fc.asyncProperty(lines, expectRefused), { seed, numRuns });

const bearer = (value: string): Lines => [['Authorization', `Bearer ${value}`]];
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (head: string, body: string, secret: string | Buffer = jwtSecret, algorithm = 'sha256'): string =>
  `${head}.${body}.${createHmac(algorithm, secret).update(`${head}.${body}`).digest('base64url')}`;
/** Signed with the real secret: only its content may be wrong. */
const signed = (payload: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }): string =>
  hmac(b64(header), b64(payload));

/** One character is another one of the alphabet. */
const withOneChanged = (text: () => string, from = 0): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(), fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'))
    .map(([at, letter]) => {
      const place = from + (at % (text().length - from));
      const changed = text()[place] === letter ? (letter === 'A' ? 'B' : 'A') : letter;
      return text().slice(0, place) + changed + text().slice(place + 1);
    });

describe('what is right opens every door', () => {
  // Also proves that the refusals below can fail.
  test('in every scheme that is documented', async () => {
    await expectLetIn(bearer(person.token), { inPerson: true });
    await expectLetIn(bearer(signed(claims)), { inPerson: true });
    await expectLetIn(bearer(token));
    await expectLetIn(bearer(key));
    await expectLetIn([['authorization', `bearer   ${token}`]]);
    await expectLetIn([['Authorization', `APITOKEN ${token}`]]);
    await expectLetIn([['Authorization', `ApiToken ${key}`]]);
    await expectLetIn([['X-API-Key', key]]);
    await expectLetIn([['X-API-Key', token]]);
    await expectLetIn([['Cookie', `theme=dark; kdocs_session=${cookie}; lang=fr`]], { inPerson: true });
  });
});

describe('JWTs', () => {
  test('with any bit turned', async () => {
    // The last character of a signature holds bits that no decoder reads: those are left alone.
    const flipped = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })).map(([at, bit]) => {
      const parts = person.token.split('.').map((part) => Buffer.from(part, 'base64url'));
      const lengths = parts.map((part) => part.length);
      let place = at % lengths.reduce((sum, length) => sum + length, 0);
      const index = lengths.findIndex((length) => (place < length ? true : ((place -= length), false)));
      const part = parts[index] as Buffer;
      part[place] = (part[place] as number) ^ (1 << bit);
      return bearer(parts.map((p) => p.toString('base64url')).join('.'));
    });
    await refuse(flipped, 60);
  });

  test('of another algorithm, key or none', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rs256 = (): string => {
      const input = `${b64({ alg: 'RS256', typ: 'JWT' })}.${b64(claims)}`;
      return `${input}.${signBytes('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
    };
    const none = (alg: string): string => `${b64({ alg, typ: 'JWT' })}.${b64(claims)}.`;
    const body = b64(claims);
    const forged = [
      none('none'),
      none('None'),
      none('nOnE'),
      none('NONE'),
      none('').slice(0, -1),
      `${none('none')}${'A'.repeat(43)}`,
      rs256(),
      signed(claims, { alg: 'RS256', typ: 'JWT' }),
      signed(claims, { alg: 'ES256' }),
      signed(claims, { alg: 'none' }),
      signed(claims, {}),
      signed(claims, null),
      signed(claims, []),
      signed(claims, { alg: ['HS256'] }),
      signed(claims, { alg: { toString: 'HS256' } }),
      hmac(b64({ alg: 'HS512', typ: 'JWT' }), body, jwtSecret, 'sha512'),
      hmac(b64({ alg: 'HS384', typ: 'JWT' }), body, jwtSecret, 'sha384'),
      hmac(b64({ alg: 'HS256' }), body, ''),
      hmac(b64({ alg: 'HS256' }), body, 'x'.repeat(48)),
      hmac(b64({ alg: 'HS256' }), body, Buffer.from(jwtSecret, 'base64')),
      hmac(b64({ alg: 'HS256', kid: '../../dev/null' }), body, ''),
    ];
    for (const value of forged) await expectRefused(bearer(value));
  });

  test('whose claims are not ours, though the signature is', async () => {
    const now = Math.floor(Date.now() / 1000);
    const odd = fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      1.5,
      2 ** 53,
      1e300,
      '',
      ' ',
      '0',
      '-1',
      '1e1',
      '1; drop table users',
      '\u0000',
      '\ud800',
      'é',
      [],
      [1],
      {},
      { $ne: null },
      'null',
      'x'.repeat(2_000),
      `${'9'.repeat(20)}`,
    );
    const wrong = fc.oneof(
      fc.record({ sub: odd }),
      fc.record({ sid: odd }),
      fc.record({ iss: odd }),
      fc.constantFrom<object>(
        { sub: String(server.admin.id) },
        { sid: otherSession },
        { sid: claims.sid.replaceAll('-', '') },
        { sid: `{${claims.sid}}` },
        { sub: `0x${Number(claims.sub).toString(16)}` },
        { sub: ` ${claims.sub}` },
        { sub: `${claims.sub}\n` },
        { sub: Number(claims.sub) },
        { sub: [claims.sub] },
        { iss: 'Passerelle' },
        { iss: ['someone'] },
        { iss: undefined },
        { sub: undefined },
        { sid: undefined },
        { exp: undefined },
        { exp: now - 1 },
        { exp: 0 },
        { exp: -1 },
        { exp: 'tomorrow' },
        { exp: null },
        { exp: String(now + 600) },
        { exp: {} },
        { nbf: now + 600 },
        { nbf: 'soon' },
      ),
    );
    await refuse(
      wrong.map((changes) => bearer(signed({ ...claims, ...changes }))),
      150,
    );
    for (const payload of [null, 1, 'text', [], [claims], '']) await expectRefused(bearer(signed(payload)));
  });

  test('cut, lengthened, written otherwise, or huge', async () => {
    const [head, body, signature] = person.token.split('.') as [string, string, string];
    const cut = fc.nat({ max: person.token.length - 1 }).map((length) => bearer(person.token.slice(0, length)));
    await refuse(cut, 30);
    const spoilt = [
      `${person.token}A`.repeat(2),
      `${person.token}.`,
      `${person.token}.${signature}`,
      `.${person.token}`,
      `${head}..${signature}`,
      `${body}.${head}.${signature}`,
      Buffer.from(person.token).toString('base64'),
      `"${person.token}"`,
      `'${person.token}'`,
      `${head}.${body}.${'A'.repeat(20_000)}`,
      `${'A'.repeat(20_000)}.${body}.${signature}`,
      signed({ ...claims, sid: 'x'.repeat(10_000) }),
      '..',
      '.',
      '...',
      '=',
      '%00',
      'null',
      'undefined',
      'true',
      '[object Object]',
    ];
    for (const value of spoilt) await expectRefused(bearer(value));
  });
});

describe('cookies', () => {
  test('that are another value, repeated, quoted or huge', async () => {
    await refuse(
      withOneChanged(() => cookie).map((value) => [['Cookie', `kdocs_session=${value}`]]),
      30,
    );
    const anyText = fc.string({
      unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    await refuse(
      anyText.filter((text) => !text.includes(cookie)).map((text) => [['Cookie', `kdocs_session=${text}`]]),
      60,
    );
    const spoilt = [
      `kdocs_session="${cookie}"`,
      `kdocs_session=${cookie}=`,
      `kdocs_session==${cookie}`,
      `kdocs_session=${encodeURIComponent(`${cookie}\0`)}`,
      `KDOCS_SESSION=${cookie}`,
      `kdocs_session${cookie}`,
      `kdocs_session=; x=${cookie}`,
      `kdocs_session=wrong; kdocs_session=${cookie}`,
      `kdocs_session=${hashSecret(cookie)}`,
      `kdocs_session=${'a'.repeat(10_000)}`,
      `kdocs_session=${person.token}`,
      `kdocs_session=${token}`,
      `kdocs_session=${key}`,
      `${'a=b; '.repeat(2_000)}kdocs_session=no`,
    ];
    for (const value of spoilt) await expectRefused([['Cookie', value]]);
    await expectRefused([
      ['Cookie', 'kdocs_session=wrong'],
      ['Cookie', `kdocs_session=${cookie}`],
    ]);
    await expectRefused([['Cookie', `kdocs_session=${'a'.repeat(40_000)}`]]);
    await expectRefused([['Cookie', `kdocs_session=${cookie}\0`]]);
  });
});

describe('API tokens and keys', () => {
  test('with one character changed', async () => {
    for (const secret of [() => token, () => key]) {
      await refuse(withOneChanged(secret).map(bearer), 15);
      await refuse(
        withOneChanged(secret, 4).map((value) => [['X-API-Key', value]]),
        15,
      );
    }
  });

  test('under other prefixes, spelt otherwise, with spaces, or by what is kept of them', async () => {
    for (const secret of [token, key]) {
      const bare = secret.slice(secret.indexOf('_') + 1);
      const variants = [
        bare,
        ...['apt_', 'sk_', 'rft_', 'ses_', 'dev_', 'APT_', 'SK_', 'apt-', 'sk', 'apt_apt_', 'apt_sk_']
          .map((prefix) => prefix + bare)
          .filter((value) => value !== secret),
        secret.toUpperCase(),
        secret.toLowerCase(),
        hashSecret(secret),
        secret.slice(0, 10),
        secret.slice(0, -1),
        `${secret}a`,
        `${secret}=`,
        `${secret},${secret}`,
        `${secret}%20`,
        encodeURIComponent(`${secret}é`),
        `\u00a0${secret}`,
        `${secret}é`,
      ];
      for (const value of variants) {
        await expectRefused(bearer(value));
        await expectRefused([['X-API-Key', value]]);
      }
      for (const value of [
        `Bearer ${secret} ${secret}`,
        `Bearer ${bare.slice(0, 9)} ${bare.slice(9)}`,
        `${secret}`,
        `Bearer: ${secret}`,
        `Bearer,${secret}`,
        `Bearer\t${secret}`,
        'Bearer',
        'Bearer ',
        '',
      ]) {
        await expectRefused([['Authorization', value]]);
      }
      await expectRefused([
        ['X-API-Key', secret],
        ['X-API-Key', secret],
      ]);
      await expectRefused([
        ['X-API-Key', 'sk_wrong'],
        ['X-API-Key', secret],
      ]);
    }
  });
});

describe('schemes', () => {
  test('other than the documented ones', async () => {
    const basic = Buffer.from(`${person.email}:${person.password}`).toString('base64');
    const values = [
      `Basic ${basic}`,
      `Digest username="${person.username}"`,
      `Token ${token}`,
      `Token ${key}`,
      `JWT ${person.token}`,
      `Negotiate ${basic}`,
      `ApiKey ${key}`,
      `Bearer Bearer ${token}`,
      `Bearer Basic ${basic}`,
    ];
    for (const value of values) await expectRefused([['Authorization', value]]);
    const scheme = fc
      .string({ minLength: 1, maxLength: 12 })
      .filter((text) => !/^(bearer|apitoken)$/i.test(text.trim()));
    await refuse(
      fc.tuple(scheme, fc.boolean()).map(([text, isKey]) => [['Authorization', `${text} ${isKey ? key : token}`]]),
      40,
    );
  });

  test('a wrong header is not mended by a right one after it', async () => {
    await expectRefused([
      ['Authorization', 'Bearer wrong'],
      ['Cookie', `kdocs_session=${cookie}`],
    ]);
    await expectRefused([
      ['Authorization', 'Bearer wrong'],
      ['X-API-Key', key],
    ]);
    await expectRefused([
      ['X-API-Key', 'sk_wrong'],
      ['Cookie', `kdocs_session=${cookie}`],
    ]);
    await expectRefused([
      ['Authorization', 'Bearer sk_wrong'],
      ['X-API-Key', key],
    ]);
  });
});

describe('sockets', () => {
  /** The code that the socket is closed with, or `in`. */
  async function open(connectionParams: unknown): Promise<number | 'in'> {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: connectionParams as never,
      retryAttempts: 0,
    });
    try {
      for await (const { data } of client.iterate({ query: '{ viewer { id } }' })) return data ? 'in' : 0;
      return 0;
    } catch (error) {
      return (error as CloseEvent).code;
    } finally {
      await client.dispose();
    }
  }

  test('are closed as forbidden for whatever is wrong, and open for what is right', async () => {
    for (const params of [
      { authorization: `Bearer ${person.token}` },
      { Authorization: `ApiToken ${token}` },
      { authorization: `Bearer ${key}` },
      { apiKey: key },
    ])
      expect(await open(params)).toBe('in');
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string(),
      withOneChanged(() => token).map((text) => `Bearer ${text}`),
      withOneChanged(() => key),
      withOneChanged(() => person.token)
        .filter((text) => !text.startsWith(person.token.slice(0, -1)))
        .map((text) => `Bearer ${text}`),
    );
    const params = fc.oneof(
      fc.record({ authorization: value }),
      fc.record({ Authorization: value }),
      fc.record({ apiKey: value }),
      fc.record({ authorization: value, apiKey: value }),
      fc.dictionary(fc.string(), value),
    );
    await fc.assert(
      fc.asyncProperty(params, async (sent) => void expect(await open(sent)).toBe(4401)),
      { seed, numRuns: 80 },
    );
    for (const sent of [
      { token },
      { headers: { authorization: `Bearer ${token}` } },
      { authorization: [`Bearer ${token}`] },
      { authorization: token },
      { apiKey: [key] },
      { apiKey: { key } },
    ])
      expect(await open(sent)).toBe(4401);
  });
});

describe('the event socket', () => {
  /** What the first answer to a message says: `auth.ok`, or the code of the refusal. */
  async function answerTo(message: object, headers: Record<string, string> = {}): Promise<string> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers });
    try {
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'auth', ...message }));
      const [data] = await once(socket, 'message');
      const { type, code } = JSON.parse(String(data));
      return type === 'error' ? code : type;
    } finally {
      socket.terminate();
    }
  }

  test('lets nobody in for whatever is wrong, and opens for what is right', async () => {
    for (const right of [person.token, `Bearer ${person.token}`, token, `ApiToken ${token}`, key, `Bearer ${key}`])
      expect(await answerTo({ token: right })).toBe('auth.ok');
    expect(await answerTo({}, { cookie: `kdocs_session=${cookie}` })).toBe('auth.ok');
    expect(await answerTo({}, { 'x-api-key': key })).toBe('auth.ok');

    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.string(),
      withOneChanged(() => token),
      withOneChanged(() => key),
      withOneChanged(() => person.token).filter((text) => !text.startsWith(person.token.slice(0, -1))),
      fc.nat({ max: 40 }).map((length) => key.slice(0, length)),
    );
    const refused = ['AUTHENTICATION_ERROR', 'BAD_MESSAGE'];
    await fc.assert(
      fc.asyncProperty(value, async (sent) => void expect(refused).toContain(await answerTo({ token: sent }))),
      { seed, numRuns: 80 },
    );
    const wrong = [
      { token: [token] },
      { token: { token } },
      { apiKey: key },
      { authorization: `Bearer ${token}` },
      { token: cookie },
      { token: hashSecret(key) },
      { token: `Basic ${token}` },
      { token: `${key} ${key}` },
    ];
    for (const sent of wrong) expect(refused, JSON.stringify(sent)).toContain(await answerTo(sent));
    // A wrong message is not mended by the cookie that comes along.
    for (const sent of [{ token: 'wrong' }, { token: '' }])
      expect(refused, JSON.stringify(sent)).toContain(await answerTo(sent, { cookie: `kdocs_session=${cookie}` }));
    const upgrades: Record<string, string>[] = [
      { cookie: `kdocs_session=${cookie}x` },
      { 'x-api-key': `${key}x` },
      { authorization: token },
    ];
    for (const headers of upgrades) expect(await answerTo({}, headers)).toBe('AUTHENTICATION_ERROR');
  });
});
