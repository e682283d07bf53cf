import type { SqlRunner, Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit, type EventOrigin, originAs } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { addApiToken } from '../api-keys/create-api-token.js';
import { refuseTooManyAssignments } from '../roles/bound-assignments.js';
import { hashPassword, passwordProblems } from '../sessions/passwords.js';
import { duplicate, violatedConstraint } from './duplicates.js';
import { checkPerson, personColumns, type PersonFields, tidyPerson, userKeys } from './person-fields.js';
import { User } from './user.entity.js';

/** Version of the text that people agree to; raise it with every change of the text. */
const privacyTextVersion = '2026-01';

export interface NewPerson extends PersonFields {
  email: string;
  /** Absent: the person will sign in with a passkey. */
  password?: string;
}

export interface CreatePersonOptions {
  roleIds: readonly number[];
  /** Further problems of the input, to be reported with the others. */
  problems?: readonly FieldProblem[];
  /** True: an API token is created as well. Default: false. */
  withToken?: boolean;
  /** True: the person created the account, and is the event's actor. Default: false, the viewer is. */
  bySelf?: boolean;
  /** True: records that the person agreed to the privacy text, when, and to which version. Default: false. */
  hasConsented?: boolean;
}

export interface CreatedPerson {
  userId: number;
  /** Secret of the API token, if one was asked for. */
  token: string | undefined;
}

/**
 * Creates a person. Without a user name one is derived from the e-mail. Throws BAD_USER_INPUT with every problem; a
 * name that somebody else takes at the same moment is a `duplicate` too.
 */
export async function createPerson(
  ctx: Context,
  input: NewPerson,
  options: CreatePersonOptions,
): Promise<CreatedPerson> {
  const person = tidyPerson({ ...input, username: input.username ?? undefined });
  await checkPerson(ctx.db, person, {
    others: [
      ...(input.password === undefined ? [] : passwordProblems(input.password, 'password')),
      ...(options.problems ?? []),
    ],
  });
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.transaction((tx) => insertPerson(tx, ctx, { ...person, passwordHash }, options));
    } catch (error) {
      const field = userKeys[violatedConstraint(error) as keyof typeof userKeys];
      if (field === undefined) throw error;
      // A derived name that was taken in between is derived again.
      if (field === 'email' || person.username || attempt === 5) throw badInput([duplicate(field)]);
    }
  }
}

/** Inserts a person whose fields were checked. Throws the database's error for a name that somebody else has. */
export async function insertPerson(
  tx: Transaction,
  ctx: Context,
  { passwordHash, ...person }: PersonFields & { passwordHash: string | null },
  { roleIds, withToken = false, bySelf = false, hasConsented = false }: CreatePersonOptions,
): Promise<CreatedPerson> {
  const username = person.username ?? (await freeUsername(tx, person.email ?? ''));
  const consent = hasConsented ? { consentedAt: ctx.services.now(), consentVersion: privacyTextVersion } : {};
  const row = { ...personColumns(person), username, passwordHash, ...consent };
  const inserted = await tx.first<{ id: number }>(sql`insert into users ${values(User, row)} returning id`);
  const { id: userId } = inserted as { id: number };
  await tx.send(sql`
    insert into role_assignments (user_id, role_id) select ${userId}::int, unnest(${roleIds}::int[])`);
  await refuseTooManyAssignments(tx, userId);
  const origin: EventOrigin = bySelf ? originAs(userId, ctx) : ctx;
  await emit(tx, origin, 'user.registered', ['User', userId], { username });
  const added = withToken ? await addApiToken(tx, origin, userId, { name: 'Registration' }) : undefined;
  return { userId, token: added?.token };
}

/** Derives a name from the part before the `@`: the first of `jane`, `jane-2`, `jane-3`, … that is free. */
async function freeUsername(db: SqlRunner, email: string): Promise<string> {
  const local = (email.split('@')[0] ?? '').normalize('NFKD').toLowerCase();
  const plain = local
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 40);
  const base = plain.length < 2 || plain.startsWith('erased-') ? `person-${plain}`.replace(/-$/, '') : plain;
  const rows = await db.all<{ name: string }>(
    sql`select lower(username) as name from users where starts_with(lower(username), ${base})`,
  );
  const taken = new Set(rows.map((row) => row.name));
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
