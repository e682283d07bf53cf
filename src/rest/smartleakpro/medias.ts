import { z } from 'zod';
import type { LinkName } from '../../kernel/links.js';
import { mediaTypes } from '../../lib/media-types.js';
import { uploadLimits } from '../../storage/spool.js';
import { untilMoment } from '../engine/read-values.js';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import { Media, mediaOut, WholeMedia, wholeMediaOut } from './media-shapes.js';
import {
  SmartleakproBulkEditMediaOperation,
  SmartleakproDeleteMediumOperation,
  SmartleakproListMediaOperation,
  SmartleakproReadMediaStatisticsOperation,
  SmartleakproMediumFileOperation,
  SmartleakproReadMediumOperation,
  SmartleakproUpdateMediumOperation,
  SmartleakproUploadMediumOperation,
} from './operations.gen.js';
import { found, IdParams, NewId, pageOf, PageQuery, pageShape, sliceOf, VersionSeen } from './shapes.js';
import { mediumKind, mediumStatus } from './words.js';

const section = 'smartleakpro.md#médias';
const decided = 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts';
const used = 'CONSUMERS.md#medias';

const longestText = 10_000;
const text = z.string().max(longestText).nullish();
const degrees = (most: number) => z.number().min(-most).max(most).nullish();

/** What is stated of a file, in a form or in JSON. */
const facts = {
  type_media: mediumKind.Word.nullish().meta({ description: "D'après le contenu, sans autre indication" }),
  description: text,
  annotations: text,
  latitude: degrees(90),
  longitude: degrees(180),
  precision_gps: z.number().min(0).nullish().meta({ description: 'Mètres' }),
  altitude: z.number().nullish().meta({ description: 'Mètres' }),
  date_prise: z.iso.datetime({ offset: true }).nullish(),
};

/** The graph's names for them. */
const fields = {
  kind: 'type_media',
  gpsAccuracy: 'precision_gps',
  takenAt: 'date_prise',
  status: 'statut',
  device: 'appareil_info',
  captureMode: 'mode_capture',
  interventionId: 'intervention_id',
  inspectionId: 'inspection_id',
};

const factsIn = (body: z.output<z.ZodObject<typeof facts>>) => ({
  kind: mediumKind.toGraph(body.type_media),
  description: body.description,
  annotations: body.annotations,
  latitude: body.latitude,
  longitude: body.longitude,
  gpsAccuracy: body.precision_gps,
  altitude: body.altitude,
  takenAt: body.date_prise,
});

const Tags = z.array(z.string()).safeParse;

/** The tags of a form: each field is one, or a JSON array of them. Undefined for what begins as one and is none. */
function tagsOf(sent: readonly string[]): string[] | undefined {
  const tags = sent.map((text) => (text.trim().startsWith('[') ? listOf(text) : [text]));
  return tags.every((list) => list !== undefined) ? tags.flat() : undefined;
}

function listOf(json: string): string[] | undefined {
  try {
    return Tags(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

const noList: FieldIssue = { name: 'tags', code: 'invalid', message: 'Liste JSON de textes attendue' };

const readRoute = route({
  method: 'get',
  path: '/medias/:id',
  section,
  summary: 'Récupérer un média par ID',
  credential: 'required',
  params: IdParams,
  operation: SmartleakproReadMediumOperation,
  toVariables: ({ params }) => params,
  response: WholeMedia,
  toResponse: ({ medium }) => wholeMediaOut(found(medium, 'Medium')),
});

/** Pictures of a gallery are loaded by the dozen. */
const galleryQuota = { name: 'files', requests: 1200, seconds: 60, per: 'account', instead: true } as const;

const LinkQuery = z.object({
  expires: z.coerce.number().int().min(0).max(253_402_300_799).optional().catch(undefined),
  signature: z.string().max(100).optional().catch(undefined),
});

const fileRoute = (
  path: string,
  variant: 'FILE' | 'THUMBNAIL',
  { summary, section, link }: { summary: string; section: string; link: LinkName },
): Route =>
  route({
    method: 'get',
    path,
    operationId: variant === 'FILE' ? 'downloadMedium' : 'readMediumThumbnail',
    link,
    section,
    summary,
    credential: 'optional',
    quota: galleryQuota,
    params: IdParams,
    query: LinkQuery,
    operation: SmartleakproMediumFileOperation,
    toVariables: ({ params, query: { expires, signature } }) => ({
      ...params,
      variant,
      link: expires !== undefined && signature !== undefined ? { expires, signature } : null,
    }),
    produces: variant === 'FILE' ? mediaTypes : ['image/jpeg'],
    reply: ({ mediumFile }, { query: { signature } }) => {
      const { key, name, mimeType, tag } = found(mediumFile, variant === 'FILE' ? 'Medium' : 'MediumThumbnail');
      // Who opens it by a header saves it; a signed address stands in a page.
      const disposition = variant === 'THUMBNAIL' || signature !== undefined ? 'inline' : 'attachment';
      // Pages of other origins show them: of any by a signature, of the same site by the session's cookie.
      const policy = signature === undefined ? 'same-site' : 'cross-origin';
      return {
        headers: { 'Cross-Origin-Resource-Policy': policy },
        file: { key, name, mimeType, disposition, etag: tag },
      };
    },
  });

export const mediaRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/medias',
    section,
    summary: "Liste des médias, le plus récent d'abord",
    credential: 'required',
    query: PageQuery.extend({
      intervention_id: z.guid().optional(),
      inspection_id: z.guid().optional(),
      type_media: mediumKind.Word.optional(),
      statut: mediumStatus.Word.optional(),
      avec_gps: z.stringbool().optional(),
      avec_annotations: z.stringbool().optional(),
      date_debut: z.iso.datetime({ offset: true }).optional(),
      date_fin: untilMoment().optional(),
    }),
    operation: SmartleakproListMediaOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        search: query.search,
        interventionId: query.intervention_id,
        inspectionId: query.inspection_id,
        kind: mediumKind.toGraph(query.type_media),
        status: mediumStatus.toGraph(query.statut),
        hasPlace: query.avec_gps,
        hasAnnotations: query.avec_annotations,
        createdAfter: query.date_debut,
        createdBefore: query.date_fin,
      },
    }),
    fields: { 'filter.createdAfter': 'date_debut', 'filter.createdBefore': 'date_fin' },
    response: z.object({ medias: z.array(Media), ...pageShape }),
    toResponse: ({ media: { nodes, totalCount } }, { query }) => ({
      medias: nodes.map(mediaOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/medias/upload',
    section,
    summary: "Envoyer un média ; son type est reconnu d'après son contenu",
    credential: 'required',
    permission: 'media:write',
    files: { parts: ['file'], max: 1, required: true, limitBytes: uploadLimits.fileBytes },
    body: z.object({
      ...facts,
      id: NewId,
      intervention_id: z.guid(),
      inspection_id: z.guid().optional(),
      tags: z
        .array(z.string().max(longestText))
        .max(100)
        .optional()
        .meta({ description: 'Champ répété, ou une liste JSON' }),
      appareil_info: text,
      mode_capture: text,
    }),
    check: ({ body }) => (body.tags && !tagsOf(body.tags) ? [noList] : []),
    operation: SmartleakproUploadMediumOperation,
    toVariables: ({ files, body }) => ({
      input: {
        ...factsIn(body),
        id: body.id,
        file: files[0]?.upload,
        interventionId: body.intervention_id,
        inspectionId: body.inspection_id,
        tags: body.tags && tagsOf(body.tags),
        device: body.appareil_info,
        captureMode: body.mode_capture,
      },
    }),
    fields,
    status: 201,
    response: WholeMedia.extend({
      media_id: z.guid(),
      upload_url: z.url(),
      status: mediumStatus.Word,
      message: z.string(),
    }).meta({ id: 'MediaEnvoye' }),
    toResponse: ({ uploadMedium: { medium } }) => {
      const media = wholeMediaOut(medium);
      const { id, url_fichier, statut } = media;
      return { ...media, media_id: id, upload_url: url_fichier, status: statut, message: 'Média envoyé avec succès' };
    },
  }),
  route({
    method: 'get',
    path: '/medias/stats/summary',
    section: used,
    summary: 'Chiffres des médias',
    credential: 'required',
    operation: SmartleakproReadMediaStatisticsOperation,
    toVariables: () => ({}),
    response: z
      .object({
        total_medias: z.int(),
        medias_ce_mois: z.int(),
        medias_en_attente: z.int(),
        medias_ready: z.int(),
        par_type: z.record(z.string(), z.int()),
        par_intervention: z
          .record(z.string(), z.int())
          .meta({ description: 'Des 100 interventions qui en ont le plus' }),
        taille_totale: z.int().meta({ description: 'Octets' }),
        medias_avec_gps: z.int(),
        medias_avec_annotations: z.int(),
      })
      .meta({ id: 'StatistiquesMedias' }),
    toResponse: ({ mediaStatistics: figures }) => ({
      total_medias: figures.totalCount,
      medias_ce_mois: figures.monthCount,
      medias_en_attente: figures.processingCount,
      medias_ready: figures.readyCount,
      par_type: Object.fromEntries(figures.kinds.map(({ kind, count }) => [mediumKind.toWord(kind), count])),
      par_intervention: Object.fromEntries(
        figures.interventions.map(({ interventionId, count }) => [interventionId, count]),
      ),
      taille_totale: figures.totalBytes,
      medias_avec_gps: figures.placedCount,
      medias_avec_annotations: figures.annotatedCount,
    }),
  }),
  route({
    method: 'post',
    path: '/medias/batch-operation',
    section: used,
    summary: 'Supprimer plusieurs médias, ou changer leur statut',
    credential: 'required',
    permission: 'media:write',
    body: z.object({
      media_ids: z.array(z.string().max(100)).min(1).max(500),
      operation: z.enum(['delete', 'update_status']),
      parameters: z.object({ status: mediumStatus.Word.optional() }).nullish(),
    }),
    check: ({ body: { operation, parameters } }) =>
      operation === 'update_status' && !parameters?.status
        ? [{ name: 'parameters.status', code: 'required', message: 'Ce champ est obligatoire' }]
        : [],
    operation: SmartleakproBulkEditMediaOperation,
    toVariables: ({ body: { media_ids, operation, parameters } }) => ({
      input: {
        ids: media_ids,
        ...(operation === 'delete' ? { trash: true } : { status: mediumStatus.toGraph(parameters?.status) }),
      },
    }),
    fields: { ids: 'media_ids', status: 'parameters.status' },
    response: z.object({ message: z.string(), count: z.int() }),
    toResponse: ({ bulkEditMedia: { changedCount: count } }, { body: { operation } }) => ({
      message: `${count} média(s) ${operation === 'delete' ? 'supprimé(s)' : 'modifié(s)'}`,
      count,
    }),
  }),
  readRoute,
  route({
    method: 'put',
    path: '/medias/:id',
    section,
    summary: "Mettre à jour ce que l'on sait d'un média : les champs donnés",
    credential: 'required',
    params: IdParams,
    body: z.object({
      ...facts,
      tags: z.array(z.string().max(longestText)).max(100).nullish(),
      statut: mediumStatus.Word.nullish(),
      version: VersionSeen,
    }),
    current: readRoute,
    operation: SmartleakproUpdateMediumOperation,
    toVariables: ({ params, body }) => ({
      input: {
        ...factsIn(body),
        id: params.id,
        tags: body.tags,
        status: mediumStatus.toGraph(body.statut),
        version: body.version,
      },
    }),
    fields,
    response: WholeMedia,
    toResponse: ({ updateMedium }) => wholeMediaOut(updateMedium.medium),
  }),
  route({
    method: 'delete',
    path: '/medias/:id',
    section,
    summary: 'Supprimer un média : il reste 30 jours dans la corbeille',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteMediumOperation,
    toVariables: ({ params }) => params,
  }),
  fileRoute('/medias/:id/download', 'FILE', { summary: 'Télécharger un média', section, link: 'mediumFile' }),
  fileRoute('/medias/:id/thumbnail', 'THUMBNAIL', {
    summary: 'Vignette à l’endroit, en JPEG',
    section: decided,
    link: 'mediumThumbnail',
  }),
];
