import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import type { Report } from './report.entity.js';
import { reportReads } from './report.reads.js';

/** The report of an intervention that a field of the graph asks for. */
interface AskedReport {
  interventionId: string;
  info: GraphQLResolveInfo;
}

export const reportLoaders = {
  /** The newest report of an intervention, as far as the viewer sees it: two statements a field. */
  reportOfIntervention: ({ db, read }: LoaderScope): DataLoader<AskedReport, Report | undefined> =>
    new DataLoader(async (asked) => {
      const interventionIds = asked.map(({ interventionId }) => interventionId);
      const rows = await db.all<{ interventionId: string; id: string }>(sql`
        select distinct on (intervention_id) intervention_id as "interventionId", id from reports
         where intervention_id = any(${interventionIds}::uuid[]) and deleted_at is null
         order by intervention_id, created_at desc, id desc`);
      const ids = new Map(rows.map(({ interventionId, id }) => [interventionId, id]));
      const found = new Map<AskedReport, Report | undefined>();
      for (const ofField of Map.groupBy(asked, ({ info }) => info.fieldNodes[0]).values()) {
        const having = ofField.filter(({ interventionId }) => ids.has(interventionId));
        if (having.length === 0) continue;
        const wanted = having.map(({ interventionId }) => ids.get(interventionId) as string);
        const reports = await read.each(reportReads, wanted, (having[0] as AskedReport).info);
        for (const [index, each] of having.entries()) found.set(each, reports[index]);
      }
      return asked.map((each) => found.get(each));
    }),
};

export type ReportLoaders = LoadersOf<typeof reportLoaders>;
