import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from '../../../db/sql.js';
import { FileJobFailed } from '../../../files/job-process.js';
import type { Attempt } from '../../../jobs/declare.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Context } from '../../../kernel/context.js';
import { can, type SignedIn } from '../../../kernel/viewer.js';
import { DomainError } from '../../../lib/errors.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { spool } from '../../../storage/spool.js';
import { fileDocument, mayFile } from '../../documents/files/file-document.js';
import { maxFileBytes } from '../../documents/files/ingest-document.js';
import { viewerOfPerson } from '../../identity/people/viewer-of-person.js';
import { reportKindTitles } from '../content/report-words.js';
import { runRenderJob } from '../rendering/render-jobs.js';
import type { ReportFormat } from '../report.entity.js';
import { findTemplate } from '../templates/find-template.js';
import { type FormerFile, removeFileOfReport } from '../trash-document.js';
import { failGeneration, finishGeneration, type Generation, GenerationLost } from './finish-generation.js';
import { preparePictures } from './prepare-pictures.js';
import { type ReportMaterial, readReportContent, type ReportToRead } from './read-report-content.js';
import { trackGeneration } from './track-generation.js';

/** Of the pages alone, once the pictures are ready. */
const renderTimeoutMs = 90_000;

export const mimeTypes: Record<ReportFormat, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  csv: 'text/csv',
};

const reasons = {
  rights: 'La personne qui l’a demandé n’en a plus le droit.',
  template: 'Le modèle n’existe plus.',
  layout: 'Le rapport n’a pas pu être mis en page.',
  size: `Le fichier dépasserait ${maxFileBytes / 1024 / 1024} Mo.`,
  server: 'Un incident du serveur ; relancez la génération.',
} as const;

type Ordered = Omit<ReportToRead, 'template'> &
  Pick<Generation, 'interventionId'> & { format: ReportFormat; template: string | null; requestedById: number | null };

/**
 * Makes the file of a report by an order, for whom ordered it and with the rights that they have now, and files it as
 * their document. It may be run by several processes, and again after one died: the file, the document and the event
 * are one transaction, which ends the order. Does nothing when the order has ended.
 */
export async function runGeneration(
  ctx: Context,
  { reportId, generationId }: { reportId: string; generationId: string },
  { isLast }: Attempt,
): Promise<void> {
  const ordered = await ctx.db.first<Ordered>(sql`
    select id, intervention_id as "interventionId", generation_id as "generationId", format, template,
           with_media as "withMedia", with_places as "withPlaces", requested_by_id as "requestedById"
      from reports
     where id = ${reportId}::uuid and generation_id = ${generationId}::uuid and deleted_at is null`);
  if (!ordered) return;
  try {
    const viewer = await requesterOf(ctx, ordered);
    const template = viewer && (await findTemplate(ctx.db, ordered.template));
    if (!viewer) await failGeneration(ctx, ordered, reasons.rights);
    else if (!template) await failGeneration(ctx, ordered, reasons.template);
    else await make(contextAs(viewer, ctx), ordered, template);
  } catch (error) {
    if (error instanceof GenerationLost) return;
    const reason = reasonOf(error) ?? (isLast ? reasons.server : undefined);
    if (reason === undefined) throw error;
    ctx.log.warn({ err: error, report: reportId }, 'the file of a report could not be made');
    await failGeneration(ctx, ordered, reason);
  }
}

const contextAs = (viewer: SignedIn, { db, services, requestId, ip, notes, log }: Context): CommandContext => ({
  viewer,
  db,
  services,
  requestId,
  ip,
  notes,
  log,
});

async function requesterOf({ db }: Context, { requestedById }: Ordered): Promise<SignedIn | undefined> {
  const viewer = requestedById === null ? undefined : await viewerOfPerson(db, requestedById);
  const needs = ['reports:write', 'interventions:read', 'clients:read'] as const;
  return viewer && needs.every((permission) => can(viewer, permission)) && mayFile(viewer) ? viewer : undefined;
}

/** Of what would fail again; undefined for what may pass. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof FileJobFailed) return reasons.layout;
  if (!(error instanceof DomainError)) return undefined;
  if (error.code === 'FORBIDDEN') return reasons.rights;
  return error.code === 'PAYLOAD_TOO_LARGE' ? reasons.size : reasons.layout;
}

async function make(
  ctx: CommandContext,
  ordered: Ordered,
  template: NonNullable<Awaited<ReturnType<typeof findTemplate>>>,
): Promise<void> {
  const material = await readReportContent(ctx, { ...ordered, template });
  if (!material) throw new GenerationLost('The report is gone');
  const { content, pictures } = material;
  const owner = ctx.viewer.userId;
  const tell = trackGeneration(ctx, ordered);
  const wanted = ordered.format === 'csv' ? { photos: [], signature: null } : pictures;
  const prepared = await preparePictures(ctx.services, { ...wanted, logo: template.logoKey, owner }, (done) =>
    tell(Math.round((done / wanted.photos.length) * 70)),
  );
  try {
    const job = { kind: 'report', format: ordered.format, content, pictures: prepared.pictures } as const;
    const bytes = await runRenderJob(job, { timeoutMs: renderTimeoutMs, owner });
    await tell(90);
    await file(ctx, ordered, { material, bytes });
  } finally {
    await prepared.discard();
  }
}

async function file(
  ctx: CommandContext,
  ordered: Ordered,
  { material, bytes }: { material: ReportMaterial; bytes: Uint8Array },
): Promise<void> {
  const { config } = ctx.services;
  const { report, client } = material.content;
  const day = dayIn(config.timeZone, new Date(report.madeAt));
  const name = `${reportKindTitles[report.kind]} – ${client.name.slice(0, 80)} – ${day}.${ordered.format}`;
  const content = await spool(Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]), {
    folder: join(config.dataDir, 'spool'),
    limitBytes: maxFileBytes,
  });
  try {
    const { sizeBytes, sha256 } = content;
    let former: FormerFile | undefined;
    await fileDocument(ctx, {
      content,
      name,
      facts: { title: report.title, documentDate: day },
      alongside: async (tx, documentId) => {
        former = await finishGeneration(tx, ctx, ordered, {
          documentId,
          format: ordered.format,
          sha256,
          filename: name,
          sizeBytes,
          mimeType: mimeTypes[ordered.format],
        });
      },
    });
    if (former) await removeFileOfReport(ctx, former);
  } finally {
    await content.discard();
  }
}
