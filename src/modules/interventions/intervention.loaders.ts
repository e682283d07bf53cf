import DataLoader from 'dataloader';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';

export interface InterventionTotals {
  workedMinutes: number;
  partsTotal: string;
}

const nothing: InterventionTotals = { workedMinutes: 0, partsTotal: '0.00' };

export const interventionLoaders = {
  /** What an intervention took, by its id. Ask only for interventions that the viewer was shown. */
  interventionTotals: ({ db }: LoaderScope): DataLoader<string, InterventionTotals> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<InterventionTotals & { id: string }>(sql`
        select i.id, coalesce(w.minutes, 0)::int as "workedMinutes", coalesce(u.total, '0.00') as "partsTotal"
          from unnest(${[...ids]}::uuid[]) as i (id)
          left join lateral (select sum(minutes) as minutes from work_entries where intervention_id = i.id) w on true
          left join lateral (
            select sum(round(quantity * unit_price, 2))::text as total from used_parts where intervention_id = i.id) u
            on true`);
      const byId = new Map(rows.map(({ id, ...totals }) => [id, totals]));
      return ids.map((id) => byId.get(id.toLowerCase()) ?? nothing);
    }),
};

export type InterventionLoaders = LoadersOf<typeof interventionLoaders>;
