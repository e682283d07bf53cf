import DataLoader from 'dataloader';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { isoSecondsOf } from '../../lib/postgres-text.js';

/** What an API key was used for; the figures may outgrow 32 bits. */
export interface ApiKeyFigures {
  requests: number;
  refused: number;
}

/** How many days of use are shown of an API key. */
export const usageDays = 90;

export const identityLoaders = {
  /** What a person may do by all roles together, `resource:action`, sorted. Ask only for people whose rights may be seen. */
  userPermissions: ({ em }: LoaderScope): DataLoader<number, string[]> =>
    new DataLoader(async (ids) => {
      const rows = await em.getConnection('read').execute<{ userId: number; name: string }[]>(
        `select distinct ur.user_id as "userId", p.name
           from user_roles ur join role_permissions rp on rp.role_id = ur.role_id join permissions p on p.id = rp.permission_id
          where ur.user_id in (${ids.map(() => '?').join(', ')}) order by p.name`,
        [...ids],
      );
      const byUser = Map.groupBy(rows, (r) => r.userId);
      return ids.map((id) => (byUser.get(id) ?? []).map((r) => r.name));
    }),
  /** The second factor that a person turned on. Ask only for people whose private fields may be seen. */
  secondFactors: ({ em }: LoaderScope): DataLoader<number, { enabledAt: string; recoveryCodesLeft: number } | null> =>
    new DataLoader(async (ids) => {
      const rows = await em
        .getConnection('read')
        .execute<{ userId: number; confirmedAt: string; recoveryCodesLeft: number }[]>(
          `select f.user_id as "userId", f.confirmed_at::text as "confirmedAt",
                  (select count(*)::int from recovery_codes c
                    where c.user_id = f.user_id and c.used_at is null) as "recoveryCodesLeft"
             from second_factors f
            where f.user_id in (${ids.map(() => '?').join(', ')}) and f.confirmed_at is not null`,
          [...ids],
        );
      const byUser = new Map(
        rows.map(({ userId, confirmedAt, recoveryCodesLeft }) => [
          userId,
          { enabledAt: isoSecondsOf(confirmedAt), recoveryCodesLeft },
        ]),
      );
      return ids.map((id) => byUser.get(id) ?? null);
    }),
  /** How many people hold a role. */
  roleUsers: ({ em }: LoaderScope): DataLoader<number, number> =>
    new DataLoader(async (ids) => {
      const rows = await em.getConnection('read').execute<{ roleId: number; n: number }[]>(
        `select role_id as "roleId", count(*)::int as n from user_roles
          where role_id in (${ids.map(() => '?').join(', ')}) group by role_id`,
        [...ids],
      );
      const byRole = new Map(rows.map((r) => [r.roleId, r.n]));
      return ids.map((id) => byRole.get(id) ?? 0);
    }),
  /** An API key's figures since it was made, by its id. Ask only for keys that the viewer was shown, here and below. */
  apiKeyTotals: ({ em }: LoaderScope): DataLoader<string, ApiKeyFigures> =>
    new DataLoader(async (ids) => {
      const rows = await em.getConnection('read').execute<{ id: string; requests: string; refused: string }[]>(
        `select api_key_id as id, sum(requests)::text as requests, sum(refused)::text as refused from api_key_usage
          where api_key_id in (${ids.map(() => '?').join(', ')}) group by api_key_id`,
        [...ids],
      );
      const byKey = new Map(rows.map((r) => [r.id, { requests: Number(r.requests), refused: Number(r.refused) }]));
      return ids.map((id) => byKey.get(id) ?? { requests: 0, refused: 0 });
    }),
  /** The days on which it was used, newest first, at most `usageDays` of them. */
  apiKeyDays: ({ em }: LoaderScope): DataLoader<string, (ApiKeyFigures & { day: string })[]> =>
    new DataLoader(async (ids) => {
      const rows = await em
        .getConnection('read')
        .execute<{ id: string; day: string; requests: string; refused: string }[]>(
          `select u.* from unnest(array[${ids.map(() => '?::uuid').join(', ')}]) k (id) cross join lateral (
             select api_key_id as id, day::text as day, requests::text as requests, refused::text as refused
               from api_key_usage where api_key_id = k.id order by day desc limit ${usageDays}) u`,
          [...ids],
        );
      const byKey = Map.groupBy(rows, (r) => r.id);
      return ids.map((id) =>
        (byKey.get(id) ?? []).map(({ day, requests, refused }) => ({
          day,
          requests: Number(requests),
          refused: Number(refused),
        })),
      );
    }),
};

export type IdentityLoaders = LoadersOf<typeof identityLoaders>;
