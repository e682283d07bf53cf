import { raw, sql } from '../db/sql.js';
import type { Scope } from '../kernel/viewer.js';
import { isoSecondsSql } from '../lib/postgres-text.js';
import { makeApiToken } from '../modules/identity/api-keys/create-api-token.js';
import { endApiToken } from '../modules/identity/api-keys/revoke-api-token.js';
import { directly, type DirectOptions } from './direct.js';
import type { ListedToken } from './token.js';
import { userIdOf } from './user-directly.js';

export const createToken = (
  username: string,
  { scopes, ...wanted }: { name: string; scopes: string[]; expiresAt: Date | null },
  options: DirectOptions,
): Promise<{ id: string; token: string }> =>
  directly(options, async ({ database, contextOf }) => {
    const userId = await userIdOf(database.client, username);
    const made = await makeApiToken(contextOf(), userId, { ...wanted, scopes: scopes as Scope[] });
    return { id: String(made.apiTokenId), token: made.token };
  });

export const listTokens = (username: string | undefined, options: DirectOptions): Promise<ListedToken[]> =>
  directly(options, async ({ database: { client } }) => {
    const userId = username === undefined ? undefined : await userIdOf(client, username);
    const time = (column: string) => raw(isoSecondsSql(column));
    return client.all<ListedToken>(sql`
      select t.id::text as id, u.username as "user", t.name, t.prefix, t.scopes, ${time('t.created_at')} as "createdAt",
             ${time('t.last_used_at')} as "lastUsedAt", ${time('t.expires_at')} as "expiresAt",
             ${time('t.revoked_at')} as "revokedAt"
        from api_tokens t join users u on u.id = t.user_id
       where ${userId === undefined ? raw('true') : sql`t.user_id = ${userId}::int`} order by t.id`);
  });

export const revokeToken = (id: string, options: DirectOptions): Promise<void> =>
  directly(options, async ({ contextOf }) => void (await endApiToken(contextOf(), id, () => true)));
