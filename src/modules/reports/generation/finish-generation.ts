import type { Transaction } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { safeFileName } from '../../../lib/safe-path.js';
import { contentKeyOf } from '../../documents/files/document-content.js';
import { type FormerFile, trashDocumentOfReport } from '../trash-document.js';

/** An order to make the file of a report. */
export interface Generation {
  id: string;
  interventionId: string;
  generationId: string;
}

/** The order has ended: another process was first, or the report is gone. */
export class GenerationLost extends Error {
  override readonly name = 'GenerationLost';
}

interface MadeFile {
  documentId: number;
  format: string;
  sha256: string;
  filename: string;
  sizeBytes: number;
  mimeType: string;
}

interface Before extends FormerFile {
  version: number;
}

/**
 * Ends an order with its file, in the transaction that files the document; the document of the file before goes into
 * the trash. Returns what the file was before. Throws GenerationLost when the order has ended.
 */
export async function finishGeneration(
  tx: Transaction,
  ctx: CommandContext,
  generation: Generation,
  file: MadeFile,
): Promise<FormerFile> {
  const { documentId, format, filename, sizeBytes, mimeType } = file;
  const before = await lockOrdered(tx, generation);
  if (!before) throw new GenerationLost(`Report ${generation.id} has no such order`);
  const version = before.version + 1;
  await tx.send(sql`
    update reports set status = 'generated', generation_id = null, progress = 100, error = null, generated_at = now(),
           document_id = ${documentId}, content_key = ${contentKeyOf(file.sha256)},
           filename = ${safeFileName(filename)}, file_size = ${sizeBytes}, mime_type = ${mimeType},
           version = ${version}, updated_at = now()
     where id = ${generation.id}::uuid`);
  const { interventionId } = generation;
  const fields = ['status', 'document'];
  await emit(tx, ctx, 'report.generated', ['Report', generation.id], { interventionId, version, fields, format });
  if (before.documentId !== null) await trashDocumentOfReport(tx, ctx, before.documentId);
  return before;
}

/** Ends an order without a file; the one before stays. Does nothing when the order has ended. */
export async function failGeneration(ctx: CommandContext, generation: Generation, reason: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const before = await lockOrdered(tx, generation);
    if (!before) return;
    const version = before.version + 1;
    await tx.send(sql`
      update reports set status = 'failed', generation_id = null, error = ${reason}, version = ${version},
             updated_at = now()
       where id = ${generation.id}::uuid`);
    const { interventionId } = generation;
    await emit(tx, ctx, 'report.failed', ['Report', generation.id], {
      interventionId,
      version,
      fields: ['status'],
      reason,
    });
  });
}

const lockOrdered = (tx: Transaction, { id, generationId }: Generation): Promise<Before | undefined> =>
  tx.first<Before>(sql`
    select version, document_id as "documentId", content_key as "contentKey" from reports
     where id = ${id}::uuid and generation_id = ${generationId}::uuid and deleted_at is null for no key update`);
