import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { Context } from '../../../kernel/context.js';
import type { Scope } from '../../../kernel/viewer.js';
import { lockPerson } from '../people/lock-person.js';
import { newSecret } from '../sessions/secrets.js';
import { type ApiKeyFields, checkApiKey, requireKeyRights } from './api-key-fields.js';
import { ApiKey } from './api-key.entity.js';

/** contracts/DECISIONS.md, section 2; the scope is the least. */
const defaults = {
  scopes: ['read' as Scope],
  limitPerMinute: 100,
  limitPerDay: 10_000,
  limitPerMonth: 300_000,
};

/** A person's keys at most, whatever their state. */
const mostApiKeys = 100;

/**
 * Creates a key that acts for the viewer. The secret is returned here only; the database keeps its hash. Throws
 * BAD_USER_INPUT with every problem, CONFLICT when the person has a hundred keys.
 */
export async function createApiKey(
  ctx: Context,
  input: ApiKeyFields & { name: string },
): Promise<{ apiKeyId: string; secret: string }> {
  const { userId } = requireKeyRights(ctx.viewer);
  const given = checkApiKey(ctx, input);
  const { secret, hash, prefix } = newSecret('sk');
  const name = given.name ?? '';
  const row = { ...defaults, ...given, name, user: userId, prefix, keyHash: hash };
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    await refuseBeyond(tx, 'ApiKey', mostApiKeys, sql`select 1 from api_keys where user_id = ${userId}`);
    const inserted = await tx.first<{ id: string }>(sql`insert into api_keys ${values(ApiKey, row)} returning id`);
    const { id } = inserted as { id: string };
    await emit(tx, ctx, 'api_key.created', ['ApiKey', id], { userId, name });
    return { apiKeyId: id, secret };
  });
}
