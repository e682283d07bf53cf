import { z } from 'zod';
import type { SmartleakproMediumFragment, SmartleakproWholeMediumFragment } from './operations.gen.js';
import { Moment } from './shapes.js';
import { mediumKind, mediumStatus } from './words.js';

const Link = z.url().meta({ description: 'Signé : s’ouvre sans en-tête pendant une heure' });
const Exif = z
  .record(z.string(), z.unknown())
  .nullable()
  .meta({ description: "Ce que l'appareil a écrit dans le fichier" });

const frame = {
  id: z.guid(),
  intervention_id: z.guid(),
  inspection_id: z.guid().nullable(),
  nom_fichier: z.string(),
  nom_original: z.string(),
  type_media: mediumKind.Word,
  statut: mediumStatus.Word,
  mime_type: z.string().meta({ description: "D'après le contenu, pas d'après le nom" }),
  taille_fichier: z.int().meta({ description: 'Octets' }),
  hash_fichier: z.string().meta({ description: 'SHA-256' }),
  url_fichier: Link,
  url_vignette: Link.nullable(),
  description: z.string().nullable(),
  annotations: z.string().nullable(),
  tags: z.array(z.string()),
  date_prise: Moment.nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  precision_gps: z.number().nullable().meta({ description: 'Mètres' }),
  altitude: z.number().nullable().meta({ description: 'Mètres' }),
  appareil_info: z.string().nullable(),
  mode_capture: z.string().nullable(),
  resolution_x: z.int().nullable().meta({ description: 'Pixels, image à l’endroit' }),
  resolution_y: z.int().nullable(),
  duree: z.number().nullable().meta({ description: 'Secondes' }),
  utilisateur_upload: z.guid().nullable().meta({ description: 'Null quand vous ne voyez pas cette personne' }),
  version: z.int(),
  date_creation: Moment,
  date_modification: Moment,
};

export const Media = z.object(frame).meta({ id: 'Media' });

export const WholeMedia = z
  .object({ ...frame, metadata: Exif, exif_data: Exif, meta_exif: Exif })
  .meta({ id: 'MediaComplet' });

export const mediaOut = (medium: SmartleakproMediumFragment): z.input<typeof Media> => ({
  id: medium.id,
  intervention_id: medium.interventionId,
  inspection_id: medium.inspectionId ?? null,
  nom_fichier: medium.originalFilename,
  nom_original: medium.originalFilename,
  type_media: mediumKind.toWord(medium.kind),
  statut: mediumStatus.toWord(medium.status),
  mime_type: medium.mimeType,
  taille_fichier: medium.sizeBytes,
  hash_fichier: medium.contentHash,
  url_fichier: medium.fileUrl,
  url_vignette: medium.thumbnailUrl ?? null,
  description: medium.description ?? null,
  annotations: medium.annotations ?? null,
  tags: medium.tags,
  date_prise: medium.takenAt ?? null,
  latitude: medium.latitude ?? null,
  longitude: medium.longitude ?? null,
  precision_gps: medium.gpsAccuracy ?? null,
  altitude: medium.altitude ?? null,
  appareil_info: medium.device ?? null,
  mode_capture: medium.captureMode ?? null,
  resolution_x: medium.width ?? null,
  resolution_y: medium.height ?? null,
  duree: medium.durationSeconds ?? null,
  utilisateur_upload: medium.uploadedBy?.uuid ?? null,
  version: medium.version,
  date_creation: medium.createdAt,
  date_modification: medium.updatedAt,
});

/** Consumers read the same under three names. */
export const wholeMediaOut = (medium: SmartleakproWholeMediumFragment): z.input<typeof WholeMedia> => {
  const exif = (medium.exif ?? null) as Record<string, unknown> | null;
  return { ...mediaOut(medium), metadata: exif, exif_data: exif, meta_exif: exif };
};
