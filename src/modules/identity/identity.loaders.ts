import DataLoader from 'dataloader';
import { raw, sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { lockedPeople } from './sessions/unlock-user.js';

/** What an API key was used for; the figures may outgrow 32 bits. */
export interface ApiKeyFigures {
  requests: number;
  refused: number;
}

/** How many days of use are shown of an API key. */
export const usageDays = 90;

export const identityLoaders = {
  /** The user name of who did something that the viewer was shown, also of a person whom they see nothing else of. */
  usernames: ({ shortReads }: LoaderScope): DataLoader<number, string | undefined> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ id: number; username: string }>(
        sql`select id, username from users where id = any(${ids}::int[])`,
      );
      const byId = new Map(rows.map(({ id, username }) => [id, username]));
      return ids.map((id) => byId.get(id));
    }),
  /** The time zone that a person chose; null: the server's. Only for days of what the viewer was shown. */
  timeZones: ({ shortReads }: LoaderScope): DataLoader<number, string | null> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ id: number; timeZone: string | null }>(
        sql`select id, time_zone as "timeZone" from users where id = any(${ids}::int[])`,
      );
      const byId = new Map(rows.map(({ id, timeZone }) => [id, timeZone]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
  /**
   * What a person may do by all roles together, `resource:action`, sorted. Ask only for people whose rights may be
   * seen.
   */
  userPermissions: ({ shortReads }: LoaderScope): DataLoader<number, string[]> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ userId: number; name: string }>(sql`
        select distinct ur.user_id as "userId", p.name
          from user_roles ur join role_permissions rp on rp.role_id = ur.role_id
          join permissions p on p.id = rp.permission_id
         where ur.user_id = any(${ids}::int[]) order by p.name`);
      const byUser = Map.groupBy(rows, (row) => row.userId);
      return ids.map((id) => (byUser.get(id) ?? []).map((row) => row.name));
    }),
  /** Whether failed logins keep a person out. Ask only for those who may let them in again. */
  loginLocks: ({ shortReads, services }: LoaderScope): DataLoader<number, boolean> =>
    new DataLoader(async (ids) => {
      const locked = await lockedPeople(shortReads, ids, services.now());
      return ids.map((id) => locked.has(id));
    }),
  /** The second factor that a person turned on. Ask only for people whose private fields may be seen. */
  secondFactors: ({
    shortReads,
  }: LoaderScope): DataLoader<number, { enabledAt: string; recoveryCodesLeft: number } | null> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ userId: number; enabledAt: string; recoveryCodesLeft: number }>(sql`
        select f.user_id as "userId", ${raw(isoSecondsSql('f.confirmed_at'))} as "enabledAt",
               (select count(*)::int from recovery_codes c
                 where c.user_id = f.user_id and c.used_at is null) as "recoveryCodesLeft"
          from second_factors f where f.user_id = any(${ids}::int[]) and f.confirmed_at is not null`);
      const byUser = new Map(rows.map(({ userId, ...factor }) => [userId, factor]));
      return ids.map((id) => byUser.get(id) ?? null);
    }),
  /** How many people hold a role. */
  roleUsers: ({ db }: LoaderScope): DataLoader<number, number> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ roleId: number; users: number }>(sql`
        select role_id as "roleId", count(*)::int as users from user_roles
         where role_id = any(${ids}::int[]) group by role_id`);
      const byRole = new Map(rows.map(({ roleId, users }) => [roleId, users]));
      return ids.map((id) => byRole.get(id) ?? 0);
    }),
  /** An API key's figures since it was made, by its id. Ask only for keys that the viewer was shown, here and below. */
  apiKeyTotals: ({ db }: LoaderScope): DataLoader<string, ApiKeyFigures> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<ApiKeyFigures & { id: string }>(sql`
        select api_key_id as id, sum(requests)::float8 as requests, sum(refused)::float8 as refused
          from api_key_usage where api_key_id = any(${ids}::uuid[]) group by api_key_id`);
      const byKey = new Map(rows.map(({ id, ...figures }) => [id, figures]));
      return ids.map((id) => byKey.get(id) ?? { requests: 0, refused: 0 });
    }),
  /** The days on which it was used, newest first, at most `usageDays` of them. */
  apiKeyDays: ({ db }: LoaderScope): DataLoader<string, (ApiKeyFigures & { day: string })[]> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<ApiKeyFigures & { id: string; day: string }>(sql`
        select u.* from unnest(${ids}::uuid[]) k (id) cross join lateral (
          select api_key_id as id, day, requests::float8 as requests, refused::float8 as refused
            from api_key_usage where api_key_id = k.id order by day desc limit ${usageDays}::int) u`);
      const byKey = Map.groupBy(rows, (row) => row.id);
      return ids.map((id) => (byKey.get(id) ?? []).map(({ id: _id, ...usage }) => usage));
    }),
};

export type IdentityLoaders = LoadersOf<typeof identityLoaders>;
