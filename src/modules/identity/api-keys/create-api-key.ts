import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { User } from '../people/user.entity.js';
import { newSecret } from '../sessions/secrets.js';
import { type ApiKeyFields, checkApiKey, requireKeyRights } from './api-key-fields.js';
import { ApiKey } from './api-key.entity.js';

/** contracts/DECISIONS.md, section 2; the scope is the least. */
const defaults = { scopes: ['read'], limitPerMinute: 100, limitPerDay: 10_000, limitPerMonth: 300_000 };

/** Makes a key of one's own. The secret is in the answer and nowhere else. */
export async function createApiKey(
  ctx: Context,
  input: ApiKeyFields & { name: string },
): Promise<{ apiKeyId: string; secret: string }> {
  const { userId } = requireKeyRights(ctx.viewer);
  const given = checkApiKey(ctx, input);
  const { secret, hash, prefix } = newSecret('sk');
  return ctx.em.transactional(async (em) => {
    const user = em.getReference(User, userId, { wrapped: true });
    const key = em.create(ApiKey, { ...defaults, ...given, name: given.name ?? '', user, prefix, keyHash: hash });
    await em.flush();
    await emit(em, ctx, 'api_key.created', ['ApiKey', key.id], { userId, name: key.name });
    return { apiKeyId: key.id, secret };
  });
}
