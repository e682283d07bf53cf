import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import type { Finding, OtherMedium, Photo, Place, ReportContent } from '../content/report-content.js';

/** Photos beyond these are counted, and stay with the intervention. */
export const mostPhotos = 300;
const mostOtherMedia = 200;

/** Where the pictures of a report lie in the content store: one for each photo of its content. */
export interface ReportPictures {
  photos: readonly string[];
  signature: string | null;
}

type Media = Pick<ReportContent, 'findings' | 'photos' | 'omittedPhotos' | 'otherMedia'> & { photoKeys: string[] };

interface StoredPhoto extends Photo {
  key: string;
  inspectionId: string | null;
}

const caption = raw(`nullif(concat_ws(e'\\n', nullif(m.description, ''), nullif(m.annotations, '')), '')`);
const isPhoto = raw(`m.kind = 'photo' and m.mime_type like 'image/%' and m.status <> 'error'`);

/** The findings and, unless `isShown` is false, the media of an intervention: photos of findings come first. */
export async function readPictures(tx: Transaction, interventionId: string, isShown: boolean): Promise<Media> {
  const found = await tx.all<Omit<Finding, 'photos'> & { id: string; place: Place | null }>(sql`
    select id, kind, result, observations, ${raw(isoSecondsSql('inspected_at'))} as "inspectedAt",
           case when latitude is not null then json_build_object('latitude', latitude, 'longitude', longitude) end
             as place
      from inspections where intervention_id = ${interventionId}::uuid and status = 'done'
     order by inspected_at, id`);
  const photos = isShown ? await readPhotos(tx, interventionId) : [];
  return {
    findings: found.map(({ id, ...finding }) => ({
      ...finding,
      photos: photos.flatMap(({ inspectionId }, index) => (inspectionId === id ? [index] : [])),
    })),
    photos: photos.map(({ name, caption: words, takenAt, place: at }) => ({
      name,
      caption: words,
      takenAt,
      place: at,
    })),
    photoKeys: photos.map(({ key }) => key),
    omittedPhotos: photos.length < mostPhotos ? 0 : (await countPhotos(tx, interventionId)) - photos.length,
    otherMedia: isShown ? await readOtherMedia(tx, interventionId) : [],
  };
}

const readPhotos = (tx: Transaction, interventionId: string): Promise<StoredPhoto[]> =>
  tx.all<StoredPhoto>(sql`
    select m.content_key as key, m.original_filename as name, ${caption} as caption,
           ${raw(isoSecondsSql('m.taken_at'))} as "takenAt", 
           case when m.latitude is not null
                then json_build_object('latitude', m.latitude, 'longitude', m.longitude,
                                       'accuracyMetres', m.gps_accuracy) end as place, m.inspection_id as "inspectionId"
      from media m left join inspections n on n.id = m.inspection_id
     where m.intervention_id = ${interventionId}::uuid and m.deleted_at is null and ${isPhoto}
     order by n.inspected_at nulls last, n.id, coalesce(m.taken_at, m.created_at), m.created_at, m.id
     limit ${mostPhotos}`);

async function countPhotos(tx: Transaction, interventionId: string): Promise<number> {
  const row = await tx.first<{ count: number }>(sql`
    select count(*)::int as count from media m
     where m.intervention_id = ${interventionId}::uuid and m.deleted_at is null and ${isPhoto}`);
  return row?.count ?? 0;
}

const readOtherMedia = (tx: Transaction, interventionId: string): Promise<OtherMedium[]> =>
  tx.all<OtherMedium>(sql`
    select m.original_filename as name, m.kind, ${caption} as caption, ${raw(isoSecondsSql('m.taken_at'))} as "takenAt",
           m.file_size::float8 as "sizeBytes", m.duration_seconds::float8 as "durationSeconds"
      from media m
     where m.intervention_id = ${interventionId}::uuid and m.deleted_at is null and not (${isPhoto})
     order by m.created_at, m.id limit ${raw(String(mostOtherMedia))}`);
