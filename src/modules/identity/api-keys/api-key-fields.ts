import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import {
  can,
  requireInPerson,
  requirePermission,
  requireScope,
  type SignedIn,
  type Scope,
  type Viewer,
} from '../../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../../lib/names.js';
import { isUuid } from '../../../lib/uuid.js';
import type { ApiKey } from './api-key.entity.js';

/** The settings of an API key; absent: unchanged, or the default. */
export interface ApiKeyFields {
  name?: string | null;
  description?: string | null;
  scopes?: readonly Scope[] | null;
  limitPerMinute?: number | null;
  limitPerDay?: number | null;
  limitPerMonth?: number | null;
  expiresAt?: Date | null;
}

/** contracts/DECISIONS.md, section 2. */
const largest = { limitPerMinute: 10_000, limitPerDay: 1_000_000, limitPerMonth: 10_000_000 } as const;
const limits = ['limitPerMinute', 'limitPerDay', 'limitPerMonth'] as const;

/** API keys are managed only in person, by whoever may have and see any, and with every right that a key could get. */
export function requireKeyRights(viewer: Viewer): SignedIn {
  requirePermission(viewer, 'api_keys:write');
  requirePermission(viewer, 'api_keys:read');
  requireScope(viewer, 'admin');
  return requireInPerson(viewer);
}

/**
 * Returns the given fields, trimmed. Null stands for absent, but empties the description and the date. Throws
 * BAD_USER_INPUT with every problem, `others` first.
 */
export function checkApiKey(
  { viewer, services }: Context,
  input: ApiKeyFields,
  others: readonly FieldProblem[] = [],
): Partial<Pick<ApiKey, keyof ApiKeyFields>> {
  const problems = [...others];
  const given: Partial<Pick<ApiKey, keyof ApiKeyFields>> = {};
  if (input.name != null) {
    const name = (given.name = tidyName(input.name));
    if (name === '') problems.push({ path: ['name'], code: 'required', message: 'is required' });
    else if (name.length > 100)
      problems.push({ path: ['name'], code: 'too_long', message: 'must have at most 100 characters' });
    else if (!isSeen(name)) problems.push({ path: ['name'], code: 'invalid', message: unseenMessage });
  }
  if (input.description !== undefined) {
    const description = (given.description = input.description?.trim() ?? '');
    if (description.length > 1000)
      problems.push({ path: ['description'], code: 'too_long', message: 'must have at most 1000 characters' });
    else if (description.includes('\0'))
      problems.push({ path: ['description'], code: 'invalid', message: 'must not hold control characters' });
  }
  if (input.scopes != null) {
    const scopes = (given.scopes = [...new Set(input.scopes)]);
    if (!scopes.length) {
      problems.push({ path: ['scopes'], code: 'too_short', message: 'must be one at least' });
    } else if (!scopes.every((scope) => viewer.scopes.has(scope))) {
      problems.push({
        path: ['scopes'],
        code: 'not_allowed',
        message: 'must not be more than this credential has itself',
      });
    }
  }
  for (const name of limits) {
    const limit = input[name];
    if (limit == null) continue;
    given[name] = limit;
    if (limit < 1) problems.push({ path: [name], code: 'too_small', message: 'must be at least 1' });
    if (limit > largest[name])
      problems.push({ path: [name], code: 'too_large', message: `must be at most ${largest[name]}` });
  }
  if (input.expiresAt !== undefined) {
    given.expiresAt = input.expiresAt;
    if (input.expiresAt && input.expiresAt <= services.now())
      problems.push({ path: ['expiresAt'], code: 'too_small', message: 'must lie in the future' });
  }
  if (problems.length) throw badInput(problems);
  return given;
}

/** A key's row as commands compare and change it. */
export type StoredApiKey = Required<Pick<ApiKey, keyof ApiKeyFields | 'id' | 'status'>> & { userId: number };

/** Returns the key, locked: one's own, or, for administrators, anybody's. Throws NOT_FOUND. */
export async function apiKeyForChange(tx: Transaction, viewer: SignedIn, id: string): Promise<StoredApiKey> {
  const found = isUuid(id)
    ? await tx.first<Omit<StoredApiKey, 'expiresAt'> & { expiresAtMs: number | null }>(sql`
        select id, user_id as "userId", name, description, scopes, status, limit_per_minute as "limitPerMinute",
               limit_per_day as "limitPerDay", limit_per_month as "limitPerMonth",
               (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"
          from api_keys where id = ${id} for update`)
    : undefined;
  if (!found || (found.userId !== viewer.userId && !can(viewer, '*:*'))) throw notFound('ApiKey');
  const { expiresAtMs, ...key } = found;
  return { ...key, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs) };
}
