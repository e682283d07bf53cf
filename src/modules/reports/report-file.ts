import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { visibleReports } from './report.policy.js';

/** What a REST route needs to stream a file. */
export interface StoredReport {
  key: string;
  name: string;
  mimeType: string;
  /** Of the bytes: equal ones have equal tags. */
  tag: string;
}

/**
 * Where the file of a report lies, as it was made, whatever became of the document meanwhile: that is one person's, the
 * report is the firm's. Throws FORBIDDEN, NOT_FOUND for the report, or for its file when there is none.
 */
export async function findReportFile({ db, viewer }: CommandContext, id: string): Promise<StoredReport> {
  requirePermission(viewer, 'reports:read');
  const report =
    isUuid(id) &&
    (await db.first<Omit<StoredReport, 'tag' | 'key'> & { key: string | null }>(sql`
      select t.content_key as key, t.filename as name, t.mime_type as "mimeType"
        from reports t where t.id = ${id}::uuid and ${holds(visibleReports(viewer), 't')}`));
  if (!report) throw notFound('Report');
  const { key, ...file } = report;
  if (key === null) throw notFound('ReportFile');
  return { ...file, key, tag: key.slice(key.indexOf('/') + 1) };
}
