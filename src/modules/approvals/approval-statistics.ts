import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Context } from '../../kernel/context.js';
import type { Bind } from '../../kernel/read-model.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { visibleDocuments } from '../documents/files/document.policy.js';
import { execute } from '../documents/files/write-rows.js';
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
  { em, viewer, services }: Pick<Context, 'em' | 'viewer' | 'services'>,
  { period, userId }: { period: StatisticsPeriod; userId?: string | null | undefined },
): Promise<Record<'approved' | 'rejected' | 'pending', Figures>> {
  requireSignedIn(viewer);
  const person = userId == null ? null : ((await personNumber(em, userId)) ?? 0);
  const parameters: unknown[] = [];
  const bind: Bind = (value) => (parameters.push(value), '?');
  const bound = (shift: string): string => {
    const zone = services.config.timeZone;
    return `((date_trunc('${period}', ${bind(services.now().toISOString())}::timestamptz at time zone ${bind(zone)}::text)${shift}) at time zone ${bind(zone)}::text)`;
  };
  const within = (column: string): string =>
    `${column} >= ${bound('')} and ${column} < ${bound(` + interval '1 ${period}'`)}`;
  const seen = (): string =>
    `exists (select 1 from documents t where t.id = p.id and t.deleted_at is null and (${visibleDocuments(viewer)('t', bind)}))`;
  const rows = await execute<Figures & { status: 'approved' | 'rejected' | 'pending' }>(
    em as SqlEntityManager,
    `select status, count(*)::int as count, coalesce(sum(amount), 0)::text as "totalAmount", coalesce(round(avg(amount), 2), 0)::text as "averageAmount"
       from (select p.status, p.amount from approvals p where p.status in ('approved', 'rejected') and ${within('p.decided_at')}
                ${person === null ? '' : `and p.decided_by_id = ${bind(person)}::int`} and ${seen()}
             union all
             select p.status, p.amount from approvals p where p.status = 'pending' and ${within('p.submitted_at')}
                ${person === null ? '' : `and ${mayDecide('p', person, measureOf(services), bind)}`} and ${seen()}) counted
      group by status`,
    parameters,
  );
  const of = (status: string): Figures =>
    rows.find((row) => row.status === status) ?? { count: 0, totalAmount: '0', averageAmount: '0' };
  return { approved: of('approved'), rejected: of('rejected'), pending: of('pending') };
}
