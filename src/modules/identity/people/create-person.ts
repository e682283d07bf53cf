import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit, type EventOrigin } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { createApiToken } from '../api-keys/create-api-token.js';
import { hashPassword, passwordProblems } from '../sessions/passwords.js';
import { brokenUnique, duplicate } from './duplicates.js';
import { checkPerson, type PersonFields, tidyPerson, userKeys } from './person-fields.js';
import { User } from './user.entity.js';

/** Of the text that people agree to; raise it with every change of the text. */
const privacyTextVersion = '2026-01';

export interface NewPerson extends PersonFields {
  email: string;
  /** Absent: the person will sign in by a passkey. */
  password?: string;
}

export interface CreatePersonOptions {
  roleIds: readonly number[];
  /** Further problems of the input, to be told with the others. */
  problems?: readonly FieldProblem[];
  /** Also makes an API token; its secret is in the answer. */
  withToken?: boolean;
  /** True: the person made the account, and is the event's actor. */
  bySelf?: boolean;
  /** True: keeps that the person agreed to the privacy text, when, and to which version. */
  hasConsented?: boolean;
}

export interface CreatedPerson {
  userId: number;
  /** Secret of the API token that was asked for. */
  token: string | undefined;
}

/**
 * Makes a person. Without a user name one is derived from the e-mail. Throws BAD_USER_INPUT with every
 * problem; a name that somebody else takes at the same moment is a `duplicate` too.
 */
export async function createPerson(
  ctx: Context,
  input: NewPerson,
  options: CreatePersonOptions,
): Promise<CreatedPerson> {
  const person = tidyPerson({ ...input, username: input.username ?? undefined });
  await checkPerson(ctx.em, person, {
    others: [
      ...(input.password === undefined ? [] : passwordProblems(input.password, 'password')),
      ...(options.problems ?? []),
    ],
  });
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.em.transactional((em) => insertPerson(em, ctx, person, passwordHash, options));
    } catch (error) {
      const field = userKeys[brokenUnique(error) as keyof typeof userKeys];
      if (field === undefined) throw error;
      // A derived name that was taken in between is derived again.
      if (field === 'email' || person.username || attempt === 5) throw badInput([duplicate(field)]);
    }
  }
}

async function insertPerson(
  em: SqlEntityManager,
  ctx: Context,
  person: PersonFields,
  passwordHash: string | null,
  { roleIds, withToken = false, bySelf = false, hasConsented = false }: CreatePersonOptions,
): Promise<CreatedPerson> {
  const username = person.username ?? (await freeUsername(em, person.email ?? ''));
  const user = em.create(User, {
    username,
    email: person.email ?? '',
    firstName: person.firstName ?? '',
    lastName: person.lastName ?? '',
    phone: person.phone || null,
    street: person.street || null,
    city: person.city || null,
    postalCode: person.postalCode || null,
    country: person.country || null,
    ...(hasConsented && { consentedAt: ctx.services.now(), consentVersion: privacyTextVersion }),
    passwordHash,
  });
  await em.flush();
  for (const roleId of roleIds)
    await em.execute('insert into role_assignments (user_id, role_id) values (?, ?)', [user.id, roleId]);
  const origin: EventOrigin = bySelf ? { viewer: { userId: user.id }, requestId: ctx.requestId, ip: ctx.ip } : ctx;
  await emit(em, origin, 'user.registered', ['User', user.id], { username });
  const made = withToken ? await createApiToken(em, origin, user.id, { name: 'Registration' }) : undefined;
  return { userId: user.id, token: made?.token };
}

/** From the part before the `@`: the first of `jane`, `jane-2`, `jane-3`, … that is free. */
async function freeUsername(em: SqlEntityManager, email: string): Promise<string> {
  const local = (email.split('@')[0] ?? '').normalize('NFKD').toLowerCase();
  const plain = local
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 40);
  const base = plain.length < 2 || plain.startsWith('erased-') ? `person-${plain}`.replace(/-$/, '') : plain;
  const rows = await em.execute<{ name: string }[]>(
    'select lower(username) as name from users where starts_with(lower(username), ?)',
    [base],
  );
  const taken = new Set(rows.map((row) => row.name));
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
