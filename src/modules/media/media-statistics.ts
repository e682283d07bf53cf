import { raw, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { dayIn } from '../../lib/zoned-day.js';
import type { MediumKind } from './medium.entity.js';

export interface MediaFigures {
  totalCount: number;
  monthCount: number;
  processingCount: number;
  readyCount: number;
  placedCount: number;
  annotatedCount: number;
  totalBytes: number;
  kinds: { kind: MediumKind; count: number; totalBytes: number }[];
  interventions: { interventionId: string; count: number }[];
}

/** Those with most files, in the figures. */
const mostInterventions = 100;

/** How many files there are and what they take; the trash is not counted. Throws FORBIDDEN. */
export async function mediaFigures({ db, viewer, services }: CommandContext): Promise<MediaFigures> {
  requirePermission(viewer, 'media:read');
  const { timeZone } = services.config;
  const month = dayIn(timeZone, services.now()).slice(0, 7);
  const figures = await db.first<Omit<MediaFigures, 'kinds' | 'interventions'>>(sql`
    select count(*)::int as "totalCount",
           (count(*) filter (where created_at >= ${`${month}-01`}::timestamp at time zone ${timeZone}))::int
             as "monthCount",
           (count(*) filter (where status = 'processing'))::int as "processingCount",
           (count(*) filter (where status = 'ready'))::int as "readyCount",
           (count(*) filter (where has_place))::int as "placedCount",
           (count(*) filter (where has_annotations))::int as "annotatedCount",
           coalesce(sum(file_size), 0)::float8 as "totalBytes"
      from media where deleted_at is null`);
  const kinds = await db.all<MediaFigures['kinds'][number]>(sql`
    select kind, count(*)::int as count, sum(file_size)::float8 as "totalBytes"
      from media where deleted_at is null group by kind order by kind`);
  const interventions = await db.all<MediaFigures['interventions'][number]>(sql`
    select intervention_id as "interventionId", count(*)::int as count
      from media where deleted_at is null
     group by intervention_id order by count(*) desc, intervention_id limit ${raw(String(mostInterventions))}`);
  return { ...(figures as Omit<MediaFigures, 'kinds' | 'interventions'>), kinds, interventions };
}
