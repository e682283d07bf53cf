import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit, type EventOrigin } from '../../../events/outbox.js';
import { scopes as allScopes } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { isPlain } from '../people/person-fields.js';
import { User } from '../people/user.entity.js';
import { newSecret } from '../sessions/secrets.js';
import { ApiToken } from './api-token.entity.js';

export interface NewApiToken {
  name: string;
  /** Default: `read` and `write`. */
  scopes?: readonly string[] | null;
  expiresAt?: Date | null;
}

/** Makes a token in the transaction of `em`. The secret is in the answer and nowhere else. */
export async function createApiToken(
  em: SqlEntityManager,
  origin: EventOrigin,
  userId: number,
  input: NewApiToken,
  now: Date = new Date(),
): Promise<{ token: string; apiTokenId: number }> {
  const name = input.name.trim();
  const scopes = [...new Set(input.scopes ?? ['read', 'write'])];
  const known: readonly string[] = allScopes;
  const problems: FieldProblem[] = [];
  if (name === '') problems.push({ path: ['name'], code: 'required', message: 'is required' });
  else if (name.length > 100)
    problems.push({ path: ['name'], code: 'too_long', message: 'must have at most 100 characters' });
  else if (!isPlain(name))
    problems.push({ path: ['name'], code: 'invalid', message: 'must not hold control characters' });
  if (scopes.length === 0 || scopes.some((scope) => !known.includes(scope))) {
    problems.push({ path: ['scopes'], code: 'not_allowed', message: `must be of ${allScopes.join(', ')}` });
  }
  if (input.expiresAt && input.expiresAt <= now)
    problems.push({ path: ['expiresAt'], code: 'too_small', message: 'must lie in the future' });
  if (problems.length) throw badInput(problems);

  const { secret, hash, prefix } = newSecret('apt');
  const row = em.create(ApiToken, {
    user: em.getReference(User, userId, { wrapped: true }),
    name,
    prefix,
    tokenHash: hash,
    scopes,
    expiresAt: input.expiresAt ?? null,
  });
  await em.flush();
  await emit(em, origin, 'api_token.created', ['ApiToken', row.id], { userId, name });
  return { token: secret, apiTokenId: row.id };
}
