import { raw, sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { type FormerFile, removeFileOfReport, trashDocumentOfReport } from './trash-document.js';

/** So long what was deleted can be brought back; contracts/DECISIONS.md, section 8. */
const trashDays = 30;

/**
 * Removes reports that have lain in the trash for 30 days. The documents that their files were filed as go into the
 * trash of documents. For the queue.
 */
export async function purgeReports(ctx: Context): Promise<void> {
  const purgeOne = (): Promise<FormerFile | undefined> =>
    ctx.db.transaction(async (tx) => {
      const report = await tx.first<FormerFile & { id: string }>(sql`
        select id, document_id as "documentId", content_key as "contentKey" from reports
         where deleted_at < ${ctx.services.now()}::timestamptz - interval '${raw(String(trashDays))} days'
         order by deleted_at limit 1 for update skip locked`);
      if (!report) return undefined;
      await tx.send(sql`delete from reports where id = ${report.id}::uuid`);
      if (report.documentId !== null) await trashDocumentOfReport(tx, ctx, report.documentId);
      return report;
    });
  while (!ctx.signal?.aborted) {
    const purged = await purgeOne();
    if (!purged) return;
    await removeFileOfReport(ctx, purged);
  }
}
