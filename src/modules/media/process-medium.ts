import { type RowChanges, set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { FileJobFailed } from '../../files/job-process.js';
import type { Context } from '../../kernel/context.js';
import type { MediaType } from '../../lib/media-types.js';
import { columnsOfCapture, columnsOfLook, kindOfType, lookAtMedium, type MediumLook } from './look-at-medium.js';
import { lockMediumContent, thumbnailKeyOf } from './medium-content.js';
import { Medium, MediumStatus } from './medium.entity.js';

interface WaitingMedium {
  uploadedById: number | null;
  contentKey: string;
  contentHash: string;
  mimeType: MediaType;
}

/**
 * Looks at a file that waits for it, and fills what nobody stated. For the queue: one that does not wait (any more) is
 * left alone, so that running twice is harmless. Throws what should be tried again.
 */
export async function processMedium(ctx: Context, mediumId: string): Promise<void> {
  const { db, services } = ctx;
  const medium = await db.first<WaitingMedium>(sql`
    select content_key as "contentKey", content_hash as "contentHash", mime_type as "mimeType",
             uploaded_by_id as "uploadedById"
      from media where id = ${mediumId}::uuid and status = 'processing'`);
  if (!medium) return;
  const look = await lookOf(ctx, mediumId, medium);
  const thumbnailKey = look?.thumbnail ? thumbnailKeyOf(mediumId, medium.contentHash) : null;
  const changes: RowChanges<Medium> = look
    ? { status: MediumStatus.READY, thumbnailKey, ...columnsOfLook(look), ...unstated(look, medium.mimeType) }
    : { status: MediumStatus.ERROR };
  await db.transaction(async (tx) => {
    await lockMediumContent(tx, mediumId);
    const changed = await tx.first<{ interventionId: string; version: number }>(sql`
      update media set ${set(Medium, { ...changes, updatedAt: sql`now()` })}
       where id = ${mediumId}::uuid and status = 'processing'
      returning intervention_id as "interventionId", version`);
    // Undefined when it was purged or looked at meanwhile.
    if (!changed) return;
    if (look?.thumbnail && thumbnailKey) await services.store.putBytes(look.thumbnail, thumbnailKey);
    // The version stays: it tells people of each other's changes.
    await emit(tx, ctx, 'media.updated', ['Medium', mediumId], { ...changed, fields: Object.keys(changes) });
  });
}

/** Undefined when the file is at fault. */
async function lookOf(
  { services, signal, log }: Context,
  mediumId: string,
  { contentKey, mimeType, uploadedById }: WaitingMedium,
): Promise<MediumLook | undefined> {
  try {
    return await services.store.withLocalFile(contentKey, (path) =>
      lookAtMedium(services, path, mimeType, uploadedById ?? undefined),
    );
  } catch (error) {
    // A server that stops ends the process that looks, too.
    if (!(error instanceof FileJobFailed) || signal?.aborted) throw error;
    log.warn({ err: error, mediumId }, 'a file from the field could not be looked into');
    return undefined;
  }
}

/** What the file says, where people have not stated it. */
function unstated(look: MediumLook, mimeType: string): RowChanges<Medium> {
  const { takenAt, latitude, longitude, gpsAccuracy, altitude, device } = columnsOfCapture(look);
  const hasPlace = sql`latitude is not null`;
  return {
    kind: sql`case when kind = ${kindOfType(mimeType)} then ${kindOfType(look.mimeType)} else kind end`,
    takenAt: sql`coalesce(taken_at, ${takenAt}::timestamptz)`,
    latitude: sql`coalesce(latitude, ${latitude}::numeric)`,
    longitude: sql`coalesce(longitude, ${longitude}::numeric)`,
    gpsAccuracy: sql`case when ${hasPlace} then gps_accuracy else coalesce(gps_accuracy, ${gpsAccuracy}::numeric) end`,
    altitude: sql`case when ${hasPlace} then altitude else coalesce(altitude, ${altitude}::numeric) end`,
    device: sql`coalesce(device, ${device}::text)`,
  };
}
