import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { keptReport, lockReport } from './lock-report.js';
import { ReportStatus } from './report.entity.js';

/**
 * Puts a report into the trash and returns its id; what makes its file meanwhile drops it. The document that its file
 * was filed as stays until the report is gone for good. Throws NOT_FOUND, BAD_USER_INPUT with the reason `report.kept`
 * for a validated or archived one.
 */
export async function deleteReport(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'reports:write');
  return ctx.db.transaction(async (tx) => {
    const { status, interventionId, ...report } = await lockReport(tx, viewer, id);
    if (status === ReportStatus.VALIDATED || status === ReportStatus.ARCHIVED) throw keptReport();
    const version = report.version + 1;
    const at = ctx.services.now();
    await tx.send(sql`
      update reports set deleted_at = ${at}, updated_at = ${at}, version = ${version},
             generation_id = null,
             status = case when status <> 'in_progress' then status when content_key is null then 'draft'
                           else 'generated' end
       where id = ${report.id}::uuid`);
    await emit(tx, ctx, 'report.deleted', ['Report', report.id], { interventionId, version, fields: [] });
    return report.id;
  });
}
