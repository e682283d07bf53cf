import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { dayIn } from '../../lib/zoned-day.js';
import type { ReportKind, ReportStatus } from './report.entity.js';

export interface ReportFigures {
  totalCount: number;
  monthCount: number;
  pendingCount: number;
  validatedCount: number;
  totalBytes: number;
  kinds: { kind: ReportKind; count: number }[];
  statuses: { status: ReportStatus; count: number }[];
  authors: { author: string; count: number }[];
}

/** Those with most reports, in the figures. */
const mostAuthors = 100;

/** How many reports there are and what their files take; the trash is not counted. Throws FORBIDDEN. */
export async function reportFigures({ db, viewer, services }: CommandContext): Promise<ReportFigures> {
  requirePermission(viewer, 'reports:read');
  const { timeZone } = services.config;
  const month = dayIn(timeZone, services.now()).slice(0, 7);
  const figures = await db.first<Omit<ReportFigures, 'kinds' | 'statuses' | 'authors'>>(sql`
    select count(*)::int as "totalCount",
           (count(*) filter (where created_at >= ${`${month}-01`}::timestamp at time zone ${timeZone}))::int
             as "monthCount",
           (count(*) filter (where status in ('draft', 'in_progress', 'generated')))::int as "pendingCount",
           (count(*) filter (where status = 'validated'))::int as "validatedCount",
           coalesce(sum(file_size), 0)::float8 as "totalBytes"
      from reports where deleted_at is null`);
  const kinds = await db.all<ReportFigures['kinds'][number]>(sql`
    select kind, count(*)::int as count from reports where deleted_at is null group by kind order by kind`);
  const statuses = await db.all<ReportFigures['statuses'][number]>(sql`
    select status, count(*)::int as count from reports where deleted_at is null group by status order by status`);
  const authors = await db.all<ReportFigures['authors'][number]>(sql`
    select author, count(*)::int as count from reports
     where deleted_at is null group by author order by count(*) desc, author limit ${mostAuthors}`);
  return { ...(figures as Omit<ReportFigures, 'kinds' | 'statuses' | 'authors'>), kinds, statuses, authors };
}
