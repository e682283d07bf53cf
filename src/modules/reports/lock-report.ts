import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { holds, raw, sql } from '../../db/sql.js';
import type { SignedIn } from '../../kernel/viewer.js';
import { badInput, conflict, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { type ReportFormat, type ReportKind, ReportStatus } from './report.entity.js';
import { visibleReports } from './report.policy.js';

export interface LockedReport {
  id: string;
  version: number;
  interventionId: string;
  kind: ReportKind;
  status: ReportStatus;
  title: string;
  description: string | null;
  author: string;
  content: unknown;
  format: ReportFormat | null;
  template: string | null;
  withMedia: boolean;
  withPlaces: boolean;
  documentId: number | null;
}

const columns = raw(`
  t.id, t.version, t.intervention_id as "interventionId", t.kind, t.status, t.title, t.description, t.author, t.content,
  t.format, t.template, t.with_media as "withMedia", t.with_places as "withPlaces", t.document_id as "documentId"`);

/** The report, locked until the commit. Throws NOT_FOUND. */
export async function lockReport(tx: Transaction, viewer: SignedIn, id: string): Promise<LockedReport> {
  const report =
    isUuid(id) &&
    (await tx.first<LockedReport>(sql`
      select ${columns} from reports t
       where t.id = ${id}::uuid and ${holds(visibleReports(viewer), 't')} for no key update`));
  if (!report) throw notFound('Report');
  return report;
}

/** Throws what says why a report is changed no more, or not now. */
export function refuseUnchangeable({ status }: Pick<LockedReport, 'status'>): void {
  if (status === ReportStatus.VALIDATED || status === ReportStatus.ARCHIVED) throw keptReport();
  if (status === ReportStatus.IN_PROGRESS)
    throw conflict('Its file is being made', { subject: 'Report', reason: 'report.in_progress' });
}

export const keptReport = () =>
  badInput([{ path: ['id'], code: 'not_allowed', message: 'is validated or archived, and stays as it is' }], {
    reason: 'report.kept',
  });

/**
 * Throws NOT_FOUND for an intervention that there is not, or that lies in the trash. `for share` keeps it out of the
 * trash until the commit: only before a report is locked, since the trash locks the intervention first.
 */
export async function requireIntervention(
  db: SqlRunner,
  id: string,
  lock: 'for share' | 'for key share' | '' = '',
): Promise<void> {
  const found =
    isUuid(id) &&
    (await db.first(sql`
      select 1 from interventions
       where id = ${id}::uuid and deleted_at is null ${raw(lock)}`));
  if (!found) throw notFound('Intervention');
}
