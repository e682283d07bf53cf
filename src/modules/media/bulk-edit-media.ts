import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../lib/errors.js';
import { lockMedia, type LockedMedium } from './lock-medium.js';
import { MediumStatus } from './medium.entity.js';

const mostMedia = 500;

export interface BulkEdit {
  ids: readonly string[];
  status?: MediumStatus | null | undefined;
  trash?: boolean | null | undefined;
}

export interface BulkOutcome {
  changedIds: string[];
  notFoundIds: string[];
}

/** Changes many files in one transaction; what there is not is left out and reported. Throws as every change does. */
export async function bulkEditMedia(ctx: CommandContext, { ids, status, trash }: BulkEdit): Promise<BulkOutcome> {
  const viewer = requirePermission(ctx.viewer, 'media:write');
  const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
  const problems: FieldProblem[] = [];
  if (asked.length === 0) problems.push({ path: ['ids'], code: 'required', message: 'Name at least one file' });
  if (asked.length > mostMedia)
    problems.push({ path: ['ids'], code: 'too_long', message: `At most ${mostMedia} files` });
  if (status == null && !trash) problems.push({ path: ['status'], code: 'required', message: 'Say what to change' });
  if (problems.length) throw badInput(problems);

  return ctx.db.transaction(async (tx) => {
    const media = await lockMedia(tx, viewer, asked);
    if (trash) await trashMedia(tx, ctx, media);
    else if (status != null) await setStatus(tx, ctx, media, status);
    const changedIds = media.map(({ id }) => id);
    return { changedIds, notFoundIds: asked.filter((id) => !changedIds.includes(id)) };
  });
}

/** Puts a file into the trash. Throws FORBIDDEN, NOT_FOUND. */
export async function deleteMedium(ctx: CommandContext, id: string): Promise<void> {
  const { changedIds } = await bulkEditMedia(ctx, { ids: [id], trash: true });
  if (changedIds.length === 0) throw notFound('Medium');
}

async function trashMedia(tx: Transaction, ctx: CommandContext, media: readonly LockedMedium[]): Promise<void> {
  await tx.send(sql`
    update media set deleted_at = now(), version = version + 1, updated_at = now()
     where id = any(${media.map(({ id }) => id)}::uuid[])`);
  for (const { id, interventionId, version } of media)
    await emit(tx, ctx, 'media.deleted', ['Medium', id], { interventionId, version: version + 1, fields: [] });
}

async function setStatus(
  tx: Transaction,
  ctx: CommandContext,
  media: readonly LockedMedium[],
  status: MediumStatus,
): Promise<void> {
  await tx.send(sql`
    update media set status = ${status}, version = version + 1, updated_at = now()
     where id = any(${media.map(({ id }) => id)}::uuid[])`);
  for (const { id, interventionId, version } of media) {
    await emit(tx, ctx, 'media.updated', ['Medium', id], { interventionId, version: version + 1, fields: ['status'] });
    if (status === MediumStatus.PROCESSING)
      await ctx.services.jobs.send(tx, 'media.process', { mediumId: id }, { trace: ctx.notes.trace });
  }
}
