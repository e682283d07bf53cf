import { randomUUID } from 'node:crypto';
import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { type NewRow, raw, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { detectMediaType } from '../../files/media-type.js';
import type { CommandContext } from '../../kernel/command.js';
import { insertOnce } from '../../kernel/insert-once.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badField, badInput, DomainError, type FieldProblem, notFound } from '../../lib/errors.js';
import { type MediaType, mediaTypes } from '../../lib/media-types.js';
import { safeFileName } from '../../lib/safe-path.js';
import { isUuid } from '../../lib/uuid.js';
import type { SpooledFile } from '../../storage/spool.js';
import { columnsOfCapture, columnsOfLook, kindOfType, lookAtMedium, type MediumLook } from './look-at-medium.js';
import { contentKeyOf, lockMediumContent, removeUnusedMedium, thumbnailKeyOf } from './medium-content.js';
import { checkedFacts, type MediumFacts } from './medium-facts.js';
import { Medium, MediumStatus } from './medium.entity.js';

export interface MediumToUpload extends MediumFacts {
  id?: string | null | undefined;
  interventionId: string;
  inspectionId?: string | null | undefined;
  content: SpooledFile;
  /** The name that people know the file by. */
  filename: string;
}

/** So long an upload waits for its photo to be looked at; when many come at once, the queue does it. */
const lookAtOnceMs = 8_000;

/**
 * Keeps one spooled file with an intervention and returns its id. When it resolves, the row, the event and the bytes
 * are durable together; when it throws, none of them is kept. The same id from the same person is there once. The
 * spooled file may be gone afterwards; discarding it is still allowed.
 *
 * Throws FORBIDDEN, UNSUPPORTED_MEDIA_TYPE by content, BAD_USER_INPUT, NOT_FOUND for the intervention, CONFLICT for an
 * id that is taken.
 */
export async function uploadMedium(ctx: CommandContext, upload: MediumToUpload): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'media:write');
  const { db, services } = ctx;
  const { content, interventionId, inspectionId = null } = upload;
  if (upload.id != null && !isUuid(upload.id)) throw badField('id', 'invalid_format', 'must be a UUID');
  const mimeType = await acceptedMediaType(content);
  const problems: FieldProblem[] = [];
  const stated = checkedFacts(upload, problems);
  if (problems.length) throw badInput(problems);
  await requireIntervention(db, interventionId, inspectionId);

  const id = (upload.id ?? randomUUID()).toLowerCase();
  const { sha256 } = content;
  const look = await atMost(lookAtOnceMs, lookAtMedium(services, content.path, mimeType, viewer.userId));
  const row: NewRow<Medium> = {
    id,
    intervention: interventionId,
    inspectionId,
    uploadedBy: viewer.userId,
    originalFilename: safeFileName(upload.filename),
    contentKey: contentKeyOf(id, sha256),
    contentHash: sha256,
    sizeBytes: content.sizeBytes,
    ...columnsOfUpload(mimeType, stated, look),
    thumbnailKey: look?.thumbnail ? thumbnailKeyOf(id, sha256) : null,
  };

  let isKept = false;
  try {
    await services.store.putAhead(content.path, row.contentKey as string);
    await db.transaction(async (tx) => {
      await lockMediumContent(tx, id);
      await requireIntervention(tx, interventionId, inspectionId, 'for key share');
      const { isNew } = await insertOnce(tx, {
        table: 'media',
        subject: 'Medium',
        id,
        userId: viewer.userId,
        insert: () => sql`insert into media ${values(Medium, row)} on conflict (id) do nothing returning id`,
      });
      if (!isNew) return;
      // Before the commit, so that a file that was answered has its bytes whatever happens next.
      await services.store.put(content.path, row.contentKey as string);
      if (look?.thumbnail) await services.store.putBytes(look.thumbnail, row.thumbnailKey as string);
      await emit(tx, ctx, 'media.uploaded', ['Medium', id], { interventionId, version: 1, fields: [] });
      if (!look) await services.jobs.send(tx, 'media.process', { mediumId: id }, { trace: ctx.notes.trace });
    });
    isKept = true;
  } finally {
    if (!isKept) await removeUnusedMedium(ctx, { id, sha256 });
  }
  return id;
}

async function acceptedMediaType({ path, sizeBytes }: SpooledFile): Promise<MediaType> {
  if (sizeBytes === 0) throw badField('file', 'required', 'The file is empty');
  const type = await detectMediaType(path);
  if (type) return type;
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Only these types are taken: ${mediaTypes.join(', ')}`, {
    reason: 'media.unsupported_type',
  });
}

/** Throws NOT_FOUND for the intervention, BAD_USER_INPUT for an inspection of another one. */
async function requireIntervention(
  db: SqlRunner | Transaction,
  interventionId: string,
  inspectionId: string | null,
  lock: 'for key share' | '' = '',
): Promise<void> {
  const found =
    isUuid(interventionId) &&
    (await db.first(sql`
      select 1 from interventions where id = ${interventionId}::uuid and deleted_at is null ${raw(lock)}`));
  if (!found) throw notFound('Intervention');
  if (inspectionId === null) return;
  const inspection =
    isUuid(inspectionId) &&
    (await db.first(sql`
      select 1 from inspections
       where id = ${inspectionId}::uuid and intervention_id = ${interventionId}::uuid ${raw(lock)}`));
  if (!inspection) throw badField('inspectionId', 'unknown_reference', 'is no inspection of this intervention');
}

/** What people stated, filled by what the file says. */
function columnsOfUpload(
  mimeType: MediaType,
  { kind, takenAt, latitude, longitude, gpsAccuracy, altitude, device, ...stated }: ReturnType<typeof checkedFacts>,
  look: MediumLook | undefined,
) {
  const found = look && columnsOfCapture(look);
  const place = latitude == null ? found : { latitude, longitude };
  return {
    ...stated,
    mimeType,
    status: look ? MediumStatus.READY : MediumStatus.PROCESSING,
    ...(look && columnsOfLook(look)),
    kind: kind ?? kindOfType(look?.mimeType ?? mimeType),
    takenAt: takenAt ?? found?.takenAt ?? null,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
    gpsAccuracy: gpsAccuracy ?? (latitude == null ? found?.gpsAccuracy : null) ?? null,
    altitude: altitude ?? (latitude == null ? found?.altitude : null) ?? null,
    device: device ?? found?.device ?? null,
  };
}

/** Undefined when the work takes longer, and when it fails. */
async function atMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: tooLong, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([work.catch(() => undefined), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
