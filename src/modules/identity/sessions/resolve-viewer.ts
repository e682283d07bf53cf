import { createHash } from 'node:crypto';
import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import { type Credential, type Scope, scopes, type Viewer } from '../../../kernel/viewer.js';
import { wordsOfArray } from '../../../lib/postgres-text.js';
import type { AccessTokens } from './access-tokens.js';

/** A credential as a request carries it. Every API takes all of them; contracts/DECISIONS.md section 0. */
export type RequestCredential = { bearer: string } | { sessionCookie: string };

export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** A K-Docs session ends after this time without use. */
export const cookieIdleSeconds = 3600;

type Read = (text: string, parameters: readonly unknown[]) => Promise<(string | null)[][]>;

/** SQL for the permissions of a person, as an array; `user` is SQL for their number. */
export const permissionsOf = (user: string): string =>
  `array(select distinct p.name from user_roles ur join role_permissions rp on rp.role_id = ur.role_id
         join permissions p on p.id = rp.permission_id where ur.user_id = ${user})`;

/** When a credential ends, in milliseconds; at the latest with the day, when roles may end or begin. */
const endsAt = (expiry: string): string => `extract(epoch from least(${expiry}, firm_midnight())) * 1000`;
const milliseconds = (column: string): string => `extract(epoch from ${column}) * 1000`;

const tokenSession = `
  select u.id, ${permissionsOf('u.id')}, s.id, ${endsAt('null')}, null, null
    from sessions s join users u on u.id = s.user_id
   where s.id = $1::uuid and u.id = $2::int and s.kind = 'token' and s.revoked_at is null and u.is_active`;
const cookieSession = `
  select u.id, ${permissionsOf('u.id')}, s.id, ${endsAt('s.expires_at')}, ${milliseconds('s.last_used_at')}, null
    from sessions s join users u on u.id = s.user_id
   where s.token_hash = $1 and s.kind = 'cookie' and s.revoked_at is null and s.expires_at > $2::timestamptz
     and u.is_active`;
const apiToken = `
  select u.id, ${permissionsOf('u.id')}, t.id, ${endsAt('t.expires_at')}, ${milliseconds('t.last_used_at')}, t.scopes
    from api_tokens t join users u on u.id = t.user_id
   where t.token_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2::timestamptz)
     and u.is_active`;

const apiKey = `
  select u.id, ${permissionsOf('u.id')}, k.id, ${endsAt('k.expires_at')}, ${milliseconds('k.last_used_at')}, k.scopes,
         k.limit_per_minute, k.limit_per_day, k.limit_per_month
    from api_keys k join users u on u.id = k.user_id
   where k.key_hash = $1 and k.status = 'active' and (k.expires_at is null or k.expires_at > $2::timestamptz)
     and u.is_active`;

/** A valid credential, with the viewer behind it. */
export interface ResolvedCredential {
  viewer: Viewer;
  /** When it, or a role of its person, ends unless something changes before; in milliseconds since 1970. */
  endsAtMs: number;
  /** When its last use was noted; in milliseconds since 1970. */
  usedAtMs: number;
}

/**
 * Returns who is behind a credential, by one statement; undefined when it is forged, expired or revoked, or the person
 * is inactive.
 */
export async function resolveCredential(
  presented: RequestCredential,
  read: Read,
  accessTokens: AccessTokens,
  now: Date,
): Promise<ResolvedCredential | undefined> {
  if ('sessionCookie' in presented) {
    const line = (await read(cookieSession, [hashSecret(presented.sessionCookie), now.toISOString()]))[0];
    return line && resolvedFrom(line, { kind: 'cookie', sessionId: line[2] as string });
  }
  const { bearer } = presented;
  if (bearer.startsWith('sk_')) {
    const line = (await read(apiKey, [hashSecret(bearer), now.toISOString()]))[0];
    if (!line) return undefined;
    const [perMinute = 0, perDay = 0, perMonth = 0] = line.slice(6).map(Number);
    return resolvedFrom(line, { kind: 'api_key', keyId: line[2] as string, limits: { perMinute, perDay, perMonth } });
  }
  if (bearer.startsWith('apt_')) {
    const line = (await read(apiToken, [hashSecret(bearer), now.toISOString()]))[0];
    return line && resolvedFrom(line, { kind: 'api_token', tokenId: Number(line[2]) });
  }
  const claims = accessTokens.verify(bearer, now);
  const line = claims && (await read(tokenSession, [claims.sessionId, claims.userId]))[0];
  if (!line) return undefined;
  const resolved = resolvedFrom(line, { kind: 'token', sessionId: line[2] as string });
  return { ...resolved, endsAtMs: Math.min(resolved.endsAtMs, claims.endsAtMs) };
}

/**
 * Whether a credential that does not resolve was given out by this server: it has expired, was revoked, or its person
 * is inactive. False for one that nobody ever had, and for one of which nothing is kept.
 */
export async function wasValid(
  presented: RequestCredential,
  read: Read,
  accessTokens: AccessTokens,
  now: Date,
): Promise<boolean> {
  const isKept = async (table: string, hash: string): Promise<boolean> =>
    (await read(`select 1 from ${table} = $1`, [hash])).length > 0;
  if ('sessionCookie' in presented) return isKept('sessions where token_hash', hashSecret(presented.sessionCookie));
  const { bearer } = presented;
  if (bearer.startsWith('sk_')) return isKept('api_keys where key_hash', hashSecret(bearer));
  if (bearer.startsWith('apt_')) return isKept('api_tokens where token_hash', hashSecret(bearer));
  return accessTokens.verify(bearer, now) !== undefined || accessTokens.isExpired(bearer, now);
}

function resolvedFrom(
  [userId, permissions, , endsAtMs, usedAtMs, tokenScopes]: (string | null)[],
  credential: Credential,
): ResolvedCredential {
  const viewer: Viewer = {
    userId: Number(userId),
    permissions: new Set(wordsOfArray(permissions ?? '{}')),
    scopes: new Set(tokenScopes ? (wordsOfArray(tokenScopes) as Scope[]) : scopes),
    credential,
  };
  return {
    viewer,
    endsAtMs: Number(endsAtMs),
    usedAtMs: usedAtMs === null || usedAtMs === undefined ? -Infinity : Number(usedAtMs),
  };
}

/** How old the noted last use of a credential may become: one write a minute, not one a request. */
const notedEverySeconds = 60;

/** Notes that a credential was used, when the last note is old enough; a K-Docs session is prolonged by it. */
export async function noteUse(db: SqlRunner, resolved: ResolvedCredential, now: Date): Promise<void> {
  const { credential } = resolved.viewer;
  if (
    credential.kind === 'none' ||
    credential.kind === 'token' ||
    now.valueOf() - resolved.usedAtMs <= notedEverySeconds * 1000
  )
    return;
  // Set before the write, so that requests that come meanwhile do not write it too.
  resolved.usedAtMs = now.valueOf();
  // Another process may have noted it.
  const isDue = sql`last_used_at < ${now}::timestamptz - interval '${raw(String(notedEverySeconds))} seconds'`;
  switch (credential.kind) {
    case 'cookie':
      await db.run(sql`
        update sessions
           set last_used_at = ${now},
               expires_at = ${now}::timestamptz + interval '${raw(String(cookieIdleSeconds))} seconds'
         where id = ${credential.sessionId} and ${isDue}`);
      break;
    case 'api_key':
      await db.run(sql`
        update api_keys set last_used_at = ${now}
         where id = ${credential.keyId} and (last_used_at is null or ${isDue})`);
      break;
    case 'api_token':
      await db.run(sql`
        update api_tokens set last_used_at = ${now}
         where id = ${credential.tokenId} and (last_used_at is null or ${isDue})`);
      break;
  }
}
