import { holds, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requirePermission } from '../../kernel/viewer.js';
import { InterventionKind, InterventionStatus } from './intervention.entity.js';
import { visibleInterventions } from './intervention.policy.js';

export interface InterventionCounts {
  total: number;
  thisWeek: number;
  byStatus: { status: InterventionStatus; count: number }[];
  byKind: { kind: InterventionKind; count: number }[];
}

interface Row {
  status: InterventionStatus;
  kind: InterventionKind;
  count: number;
  recent: number;
}

/** How many interventions there are, also of what there is none; those of the last seven days by their making. */
export async function interventionStatistics({
  db,
  viewer,
  services,
}: Pick<Context, 'db' | 'viewer' | 'services'>): Promise<InterventionCounts> {
  requirePermission(viewer, 'interventions:read');
  const rows = await db.all<Row>(sql`
    select t.status, t.kind, count(*)::int as count,
           (count(*) filter (where t.created_at > ${services.now()}::timestamptz - interval '7 days'))::int as recent
      from interventions t where ${holds(visibleInterventions(viewer), 't')} group by t.status, t.kind`);
  const sum = (column: 'count' | 'recent', some: (row: Row) => boolean = () => true): number =>
    rows.filter(some).reduce((total, row) => total + row[column], 0);
  return {
    total: sum('count'),
    thisWeek: sum('recent'),
    byStatus: Object.values(InterventionStatus).map((status) => ({
      status,
      count: sum('count', (row) => row.status === status),
    })),
    byKind: Object.values(InterventionKind).map((kind) => ({ kind, count: sum('count', (row) => row.kind === kind) })),
  };
}
