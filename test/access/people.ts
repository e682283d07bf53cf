import { randomBytes } from 'node:crypto';
import { accessTokens } from '../../src/modules/identity/sessions/access-tokens.js';
import { hashSecret } from '../../src/modules/identity/sessions/resolve-viewer.js';
import type { Person, TestServer } from '../support/harness.js';

/**
 * Who asks. The first six present something of the right person, or nothing; `program` is a token or a key with every
 * scope.
 */
export const columns = [
  'none',
  'broken',
  'expired',
  'revoked',
  'readOnly',
  'program',
  'other',
  'right',
  'admin',
] as const;
export type Column = (typeof columns)[number];

/** The role of the right person, or the permissions of a role that is made for it. */
export type Who = string | readonly `${string}:${string}`[];

/** Whoever manages accounts; own documents are what makes a person `user`, and nobody changes who may do more. */
export const accountRights = ['users:write', 'users:read', 'documents:own'] as const;
/** Whoever may have API keys. */
export const keyRights = ['api_keys:read', 'api_keys:write'] as const;
/** Whoever reads the firm's work at its clients. */
export const fieldworkRights = [
  'clients:read',
  'interventions:read',
  'appointments:read',
  'media:read',
  'reports:read',
] as const;
/** Whoever gives roles. */
export const roleRights = ['roles:write', 'roles:read', 'users:read', 'documents:own'] as const;

export interface Cast {
  /** Whose object it is, or whose role allows it. */
  right: Person;
  /** Without a tie to the right person. */
  other: Person;
  admin: Person;
}

export type Headers = Record<string, string>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
const secret = (kind: string): string => `${kind}_${randomBytes(32).toString('base64url')}`;

type CredentialMaker = (server: TestServer, person: Person) => Headers | Promise<Headers>;
interface Kind {
  name: string;
  make: CredentialMaker;
  isCookie?: true;
}

const sign = (server: TestServer, person: Person, sessionId: string, ageSeconds = 0): string =>
  server.services.accessTokens.sign(
    person.id,
    sessionId,
    new Date(server.services.now().valueOf() - ageSeconds * 1000),
  );

async function session(
  server: TestServer,
  { id }: Person,
  state: { expires?: string; revoked?: boolean; cookie?: string } = {},
): Promise<string> {
  const { expires = '1 hour', revoked = false, cookie } = state;
  const [row] = await server.sql(
    `insert into sessions (user_id, kind, token_hash, expires_at, revoked_at)
     values (?, ?, ?, now() + ?::interval, case when ?::boolean then now() end) returning id`,
    [id, cookie ? 'cookie' : 'token', cookie ? hashSecret(cookie) : null, expires, revoked],
  );
  return row.id;
}

interface TokenState {
  scopes?: string;
  expires?: string;
  revoked?: boolean;
}

/** An API token as `Bearer`. */
export async function apiToken(
  server: TestServer,
  { id }: Person,
  { scopes = '{read,write}', expires = '1 day', revoked = false }: TokenState = {},
): Promise<string> {
  const token = secret('apt');
  await server.sql(
    `insert into api_tokens (user_id, name, prefix, token_hash, scopes, expires_at, revoked_at)
     values (?, 'matrix', ?, ?, ?, now() + ?::interval, case when ?::boolean then now() end)`,
    [id, token.slice(0, 10), hashSecret(token), scopes, expires, revoked],
  );
  return token;
}

export async function apiKey(
  server: TestServer,
  { id }: Person,
  { scopes = '{read,write}', expires = '1 day', revoked = false }: TokenState = {},
): Promise<string> {
  const key = secret('sk');
  await server.sql(
    `insert into api_keys (user_id, name, prefix, key_hash, scopes, expires_at, status)
     values (?, 'matrix', ?, ?, ?, now() + ?::interval, ?)`,
    [id, key.slice(0, 10), hashSecret(key), scopes, expires, revoked ? 'suspended' : 'active'],
  );
  return key;
}

async function cookie(
  server: TestServer,
  person: Person,
  state: { expires?: string; revoked?: boolean } = {},
): Promise<Headers> {
  const value = secret('ses');
  await session(server, person, { ...state, cookie: value });
  return { cookie: `kdocs_session=${value}` };
}

const broken: readonly Kind[] = [
  { name: 'a word', make: () => bearer('nonsense') },
  { name: 'an unknown API token', make: () => bearer(secret('apt')) },
  { name: 'an unknown API key', make: () => ({ 'x-api-key': secret('sk') }) },
  { name: 'an unknown cookie', isCookie: true, make: () => ({ cookie: `kdocs_session=${secret('ses')}` }) },
  {
    name: 'a JWT of another key',
    make: async (server, person) =>
      bearer(accessTokens('x'.repeat(48)).sign(person.id, await session(server, person), server.services.now())),
  },
  {
    name: 'another scheme',
    make: (_server, person) => ({
      authorization: `Basic ${Buffer.from(`${person.username}:${person.password}`).toString('base64')}`,
    }),
  },
];

const expired: readonly Kind[] = [
  {
    name: 'an expired JWT',
    make: async (server, person) => bearer(sign(server, person, await session(server, person), 3600)),
  },
  {
    name: 'an expired cookie',
    isCookie: true,
    make: (server, person) => cookie(server, person, { expires: '-1 minute' }),
  },
  {
    name: 'an expired API token',
    make: async (server, person) => bearer(await apiToken(server, person, { expires: '-1 minute' })),
  },
  {
    name: 'an expired API key',
    make: async (server, person) => ({ 'x-api-key': await apiKey(server, person, { expires: '-1 minute' }) }),
  },
];

/** A twin with the right person's roles who may not sign in any more. */
async function deactivated(server: TestServer, person: Person): Promise<Person> {
  const twin = await server.person({ roles: [] });
  await server.sql(
    'insert into role_assignments (user_id, role_id) select ?, role_id from role_assignments where user_id = ?',
    [twin.id, person.id],
  );
  await server.sql('update users set is_active = false where id = ?', [twin.id]);
  return twin;
}

const revoked: readonly Kind[] = [
  {
    name: 'a revoked session',
    make: async (server, person) => bearer(sign(server, person, await session(server, person, { revoked: true }))),
  },
  { name: 'a revoked cookie', isCookie: true, make: (server, person) => cookie(server, person, { revoked: true }) },
  {
    name: 'a revoked API token',
    make: async (server, person) => bearer(await apiToken(server, person, { revoked: true })),
  },
  {
    name: 'a suspended API key',
    make: async (server, person) => ({ 'x-api-key': await apiKey(server, person, { revoked: true }) }),
  },
  {
    name: 'the JWT of a deactivated person',
    make: async (server, person) => bearer((await deactivated(server, person)).token),
  },
  {
    name: 'the API token of a deactivated person',
    make: async (server, person) => bearer(await apiToken(server, await deactivated(server, person))),
  },
];

const readOnly: readonly Kind[] = [
  {
    name: 'an API token that reads',
    make: async (server, person) => bearer(await apiToken(server, person, { scopes: '{read}' })),
  },
  {
    name: 'an API key that reads',
    make: async (server, person) => ({ 'x-api-key': await apiKey(server, person, { scopes: '{read}' }) }),
  },
  {
    name: 'an API token that reads, as ApiToken',
    make: async (server, person) => ({
      authorization: `ApiToken ${await apiToken(server, person, { scopes: '{read}' })}`,
    }),
  },
];

const everyScope = { scopes: '{read,write,admin,webhooks,integrations}' };
const program: readonly Kind[] = [
  { name: 'an API token', make: async (server, person) => bearer(await apiToken(server, person, everyScope)) },
  { name: 'an API key', make: async (server, person) => ({ 'x-api-key': await apiKey(server, person, everyScope) }) },
  { name: 'an API key as Bearer', make: async (server, person) => bearer(await apiKey(server, person, everyScope)) },
];

/** Every kind that a column knows; a row takes one of them, in turn. */
const kinds: Record<Column, readonly Kind[]> = {
  none: [{ name: 'nothing', make: () => ({}) }],
  broken,
  expired,
  revoked,
  readOnly,
  program,
  other: [],
  right: [],
  admin: [],
};

const kindOf = (column: Column, turn: number): Kind | undefined => kinds[column][turn % kinds[column].length];

/** Whether a column presents a cookie that holds no more. */
export const presentsEndedCookie = (column: Column, turn: number): boolean => kindOf(column, turn)?.isCookie ?? false;

/** What a column presents. `turn` chooses the kind: the row's place in the list, so that all kinds take part. */
export async function credentialOf(
  column: Column,
  cast: Cast,
  { server, turn }: { server: TestServer; turn: number },
): Promise<{ name: string; headers: Headers }> {
  if (column === 'other' || column === 'right' || column === 'admin')
    return { name: column, headers: bearer(cast[column].token) };
  const kind = kindOf(column, turn) as Kind;
  return { name: `${column} (${kind.name})`, headers: await kind.make(server, cast.right) };
}

type Casting = (roles: { who?: Who | undefined; otherWho?: Who | undefined }) => Promise<Cast>;

/** Makes people by role or by permissions. */
export function casting(server: TestServer): { cast: Casting; fresh: Casting } {
  const made = new Map<string, Promise<string>>();
  const roleOf = (who: Who): string | Promise<string> => {
    if (typeof who === 'string') return who;
    const key = who.join();
    if (!made.has(key)) made.set(key, makeRole(server, who, `matrix-${made.size}`));
    return made.get(key) as Promise<string>;
  };
  const person = async (who: Who = 'user'): Promise<Person> => server.person({ roles: [await roleOf(who)] });
  let bystander: Promise<Person> | undefined;
  let boss: Promise<Person> | undefined;
  return {
    cast: async ({ who, otherWho }) => ({
      right: await person(who),
      other: await (otherWho ? person(otherWho) : (bystander ??= person())),
      admin: await (boss ??= person('admin')),
    }),
    fresh: async ({ who, otherWho }) => ({
      right: await person(who),
      other: await person(otherWho),
      admin: await person('admin'),
    }),
  };
}

async function makeRole(server: TestServer, permissions: readonly string[], name: string): Promise<string> {
  const [role] = await server.sql('insert into roles (name) values (?) returning id', [name]);
  for (const permission of permissions) {
    const [resource, action] = permission.split(':');
    await server.sql('insert into permissions (resource, action) values (?, ?) on conflict do nothing', [
      resource,
      action,
    ]);
    await server.sql('insert into role_permissions select ?, id from permissions where name = ?', [
      role.id,
      permission,
    ]);
  }
  return name;
}
