import { Bound, holds, raw, type Sql, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { visibleDocuments } from '../documents/files/document.policy.js';
import { personNumber } from '../identity/people/person-number.js';
import { mayDecide, measureOf } from './deciders.js';

export interface Figures {
  count: number;
  totalAmount: string;
  averageAmount: string;
}

export type StatisticsPeriod = 'day' | 'week' | 'month' | 'year';

/**
 * Counts and sums of the approvals of documents that the viewer may see, outside the trash, in the current calendar
 * period of the firm: those decided in it, and those submitted in it that wait. With a person: those they decided, and
 * those they may decide. Amounts are added whatever their currency.
 */
export async function approvalStatistics(
  { db, viewer, services }: Pick<Context, 'db' | 'viewer' | 'services'>,
  { period, userId }: { period: StatisticsPeriod; userId?: string | null | undefined },
): Promise<Record<'approved' | 'rejected' | 'pending', Figures>> {
  requireSignedIn(viewer);
  const person = userId == null ? null : ((await personNumber(db, userId)) ?? 0);
  const bound = (shift: string): Sql => {
    const { timeZone: zone } = services.config;
    const now = sql`${services.now()}::timestamptz at time zone ${zone}::text`;
    return sql`((date_trunc('${raw(period)}', ${now})${raw(shift)}) at time zone ${zone}::text)`;
  };
  const within = (column: string): Sql =>
    sql`${raw(column)} >= ${bound('')} and ${raw(column)} < ${bound(` + interval '1 ${period}'`)}`;
  const seen = sql`exists (
    select 1 from documents t
     where t.id = p.id and t.deleted_at is null and ${holds(visibleDocuments(viewer), 't')})`;
  const byPerson = person === null ? raw('') : sql`and p.decided_by_id = ${person}::int`;
  const forPerson =
    person === null ? raw('') : sql`and ${new Bound((bind) => mayDecide('p', person, measureOf(services), bind))}`;
  const rows = await db.all<Figures & { status: 'approved' | 'rejected' | 'pending' }>(sql`
    select status, count(*)::int as count, coalesce(sum(amount), 0)::text as "totalAmount",
           coalesce(round(avg(amount), 2), 0)::text as "averageAmount"
      from (select p.status, p.amount from approvals p
             where p.status in ('approved', 'rejected') and ${within('p.decided_at')} ${byPerson} and ${seen}
            union all
            select p.status, p.amount from approvals p
             where p.status = 'pending' and ${within('p.submitted_at')} ${forPerson} and ${seen}) counted
     group by status`);
  const of = (status: string): Figures =>
    rows.find((row) => row.status === status) ?? { count: 0, totalAmount: '0', averageAmount: '0' };
  return { approved: of('approved'), rejected: of('rejected'), pending: of('pending') };
}
