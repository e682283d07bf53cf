import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql } from '../../db/sql.js';
import type { Reader } from '../../kernel/context.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import type { ReadModel } from '../../kernel/read-model.js';
import { userReads } from '../identity/identity.reads.js';
import type { User } from '../identity/people/user.entity.js';
import type { Approval } from './approval.entity.js';
import { approvalReads } from './approval.reads.js';
import { decidersOf, measureOf, pendingOf, type Standing, standingsOf } from './deciders.js';

/** A parent with the field that asks for its rows. */
export interface AskedRows {
  id: number;
  info: GraphQLResolveInfo;
}

const maxPending = 100;

export const approvalLoaders = {
  /** Where the viewer stands towards the approval of a document, by its id. */
  standings: ({ shortReads, services, viewer: { userId } }: LoaderScope): DataLoader<number, Standing | undefined> =>
    new DataLoader(async (ids) => {
      const found =
        userId === undefined
          ? new Map<number, Standing>()
          : await standingsOf(shortReads, userId, ids, measureOf(services));
      return ids.map((id) => found.get(id));
    }),
  /**
   * The people who may decide an approval now, as far as the viewer sees them. Ask only for approvals that the viewer
   * was shown.
   */
  validators: ({ db, read, services }: LoaderScope): DataLoader<AskedRows, User[]> =>
    rowsLoader(read, userReads, (ids) => decidersOf(db, ids, measureOf(services))),
  /** The name of the lowest role whose holders decide at a level. */
  decidingRoles: ({ shortReads }: LoaderScope): DataLoader<number, string | undefined> =>
    new DataLoader(async (levels) => {
      const rows = await shortReads.all<{ level: number; name: string }>(sql`
        select asked.level, r.name from unnest(${levels}::int[]) asked(level)
          cross join lateral (select name from roles where approval_level >= asked.level
                               order by approval_level, id limit 1) r`);
      const byLevel = new Map(rows.map(({ level, name }) => [level, name]));
      return levels.map((level) => byLevel.get(level));
    }),
  /**
   * What a person has to decide, most urgent first, as far as the viewer sees it. Ask only for people whose work may be
   * seen.
   */
  pendingApprovals: ({ db, read, services }: LoaderScope): DataLoader<AskedRows, Approval[]> =>
    rowsLoader(read, approvalReads, (ids) => pendingOf(db, ids, maxPending, measureOf(services))),
};

export type ApprovalLoaders = LoadersOf<typeof approvalLoaders>;

/**
 * Rows of many parents that no foreign key leads to: one statement finds their ids, and for each field that asks one
 * reads them.
 */
function rowsLoader<T extends object>(
  read: Reader,
  model: ReadModel<T>,
  idsOf: (parents: readonly number[]) => Promise<Map<number, number[]>>,
): DataLoader<AskedRows, T[]> {
  return new DataLoader(async (asked) => {
    const found = await idsOf([...new Set(asked.map(({ id }) => id))]);
    const byField = Map.groupBy(asked, ({ info }) => info.fieldNodes[0]);
    const rows = new Map<unknown, Map<string, T>>();
    for (const [field, [first]] of byField) {
      const ids = [...new Set([...found.values()].flat())];
      const present = await read.many(model, ids, (first as AskedRows).info);
      rows.set(field, new Map(present.map((row) => [String((row as { id?: unknown }).id), row])));
    }
    return asked.map(({ id, info }) =>
      (found.get(id) ?? []).flatMap((row) => rows.get(info.fieldNodes[0])?.get(String(row)) ?? []),
    );
  });
}
