import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql, values } from '../../../db/sql.js';
import { emit, type EventOrigin } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { Context } from '../../../kernel/context.js';
import { requireInPerson, type Scope } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../../lib/names.js';
import { lockPerson } from '../people/lock-person.js';
import { newSecret } from '../sessions/secrets.js';
import { ApiToken } from './api-token.entity.js';

/** A person's tokens that hold, at most; of those that ended as many are kept. */
const mostApiTokens = 100;

export interface NewApiToken {
  name: string;
  /** Default: `read` and `write`. */
  scopes?: readonly Scope[] | null;
  /** Default: it does not end by itself. */
  expiresAt?: Date | null;
}

export interface CreatedApiToken {
  /** The secret. It is returned here only; the database keeps its hash. */
  token: string;
  apiTokenId: number;
}

/**
 * Creates a token that acts for the viewer. Only in person. Throws BAD_USER_INPUT with every problem, CONFLICT when a
 * hundred hold already.
 */
export async function createApiToken(ctx: Context, input: NewApiToken): Promise<CreatedApiToken> {
  const { userId } = requireInPerson(ctx.viewer);
  return makeApiToken(ctx, userId, input);
}

/** The same for somebody else, for whoever need not ask. */
export async function makeApiToken(ctx: Context, userId: number, input: NewApiToken): Promise<CreatedApiToken> {
  const checked = checkApiToken(input, ctx.services.now());
  return ctx.db.transaction(async (tx) => {
    await makeRoom(tx, userId, ctx.services.now());
    return addApiToken(tx, ctx, userId, checked);
  });
}

/** Deletes the tokens that ended before the last hundred did. Throws CONFLICT when as many as may be hold. */
async function makeRoom(tx: Transaction, userId: number, now: Date): Promise<void> {
  await lockPerson(tx, userId);
  const endsAt = raw(`least(coalesce(revoked_at, 'infinity'), coalesce(expires_at, 'infinity'))`);
  await tx.send(sql`
    delete from api_tokens
     where id in (select id from api_tokens where user_id = ${userId} and ${endsAt} <= ${now}::timestamptz
                   order by ${endsAt} desc, id desc offset ${mostApiTokens})`);
  const live = sql`select 1 from api_tokens where user_id = ${userId} and ${endsAt} > ${now}::timestamptz`;
  await refuseBeyond(tx, 'ApiToken', mostApiTokens, live);
}

function checkApiToken({ expiresAt = null, ...input }: NewApiToken, now: Date): NewApiToken {
  const name = tidyName(input.name);
  const scopes = [...new Set(input.scopes ?? defaultScopes)];
  const problems: FieldProblem[] = [];
  if (name === '') problems.push({ path: ['name'], code: 'required', message: 'is required' });
  else if (name.length > 100)
    problems.push({ path: ['name'], code: 'too_long', message: 'must have at most 100 characters' });
  else if (!isSeen(name)) problems.push({ path: ['name'], code: 'invalid', message: unseenMessage });
  if (scopes.length === 0) problems.push({ path: ['scopes'], code: 'too_short', message: 'must be one at least' });
  if (expiresAt && expiresAt <= now)
    problems.push({ path: ['expiresAt'], code: 'too_small', message: 'must lie in the future' });
  if (problems.length) throw badInput(problems);
  return { name, scopes, expiresAt };
}

const defaultScopes: readonly Scope[] = ['read', 'write'];

/** Inserts a token whose fields were checked. */
export async function addApiToken(
  tx: Transaction,
  origin: EventOrigin,
  userId: number,
  { name, scopes, expiresAt = null }: NewApiToken,
): Promise<CreatedApiToken> {
  const { secret, hash, prefix } = newSecret('apt');
  const row = { user: userId, name, prefix, tokenHash: hash, scopes: [...(scopes ?? defaultScopes)], expiresAt };
  const inserted = await tx.first<{ id: number }>(sql`insert into api_tokens ${values(ApiToken, row)} returning id`);
  const { id } = inserted as { id: number };
  await emit(tx, origin, 'api_token.created', ['ApiToken', id], { userId, name });
  return { token: secret, apiTokenId: id };
}
