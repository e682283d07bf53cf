import { z } from 'zod';
import { uploadLimits } from '../../storage/spool.js';
import { fileTypes } from '../documents/file-types.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { route } from '../engine/route.js';
import { DetailOut, detailOut } from './document-shapes.js';
import {
  KdocsListVersionsOperation,
  KdocsReplaceDocumentFileOperation,
  KdocsRestoreVersionOperation,
  type KdocsVersionFragment,
  KdocsVersionFileOperation,
} from './operations.gen.js';
import { found, IdParams, Moment, momentOf, ok, success } from './shapes.js';

const VersionOut = z
  .object({
    number: z.int(),
    original_filename: z.string(),
    file_size: z.number(),
    mime_type: z.string(),
    content_hash: z.string(),
    replaced_by_id: z.int().nullable(),
    replaced_by: z.string().nullable(),
    replaced_at: Moment,
  })
  .meta({ id: 'KdocsVersion' });

const versionOut = (version: KdocsVersionFragment): z.input<typeof VersionOut> => ({
  number: version.number,
  original_filename: version.originalFilename,
  file_size: version.sizeBytes,
  mime_type: version.mimeType,
  content_hash: version.contentHash,
  replaced_by_id: version.replacedBy ? Number(version.replacedBy.id) : null,
  replaced_by: version.replacedBy?.username ?? null,
  replaced_at: momentOf(version.replacedAt),
});

/** A text that is no number is 404, like a number that no version has. */
const VersionParams = IdParams.extend({ number: pathNumber('Numéro de version') });
const numberOf = (text: string): number => (/^\d{1,9}$/.test(text) ? Number(text) : 0);

const section = 'DECISIONS.md#5-k-docs';

export const versionRoutes = [
  route({
    method: 'put',
    path: '/documents/:id/file',
    section,
    summary: "Remplacer le fichier ; l'ancien devient une version",
    credential: 'required',
    params: IdParams,
    files: { parts: ['file'], max: 1, required: true, limitBytes: uploadLimits.fileBytes },
    operation: KdocsReplaceDocumentFileOperation,
    toVariables: ({ params, files }) => ({ input: { id: params.id, file: files[0]?.upload } }),
    response: success(DetailOut),
    toResponse: ({ replaceDocumentFile: { document } }) => ({
      ...ok,
      data: detailOut(document),
      message: 'Fichier remplacé avec succès',
    }),
  }),
  route({
    method: 'get',
    path: '/documents/:id/versions',
    section,
    summary: 'Anciens fichiers, du plus récent au plus ancien',
    credential: 'required',
    params: IdParams,
    operation: KdocsListVersionsOperation,
    toVariables: ({ params }) => params,
    response: success(z.array(VersionOut)),
    toResponse: ({ document }) => ({ ...ok, data: found(document, 'Document').versions.nodes.map(versionOut) }),
  }),
  route({
    method: 'get',
    path: '/documents/:id/versions/:number/download',
    operationId: 'downloadVersion',
    link: 'documentVersionFile',
    section,
    summary: 'Télécharger un ancien fichier',
    credential: 'required',
    params: VersionParams,
    operation: KdocsVersionFileOperation,
    toVariables: ({ params }) => ({ id: params.id, number: numberOf(params.number) }),
    produces: fileTypes,
    reply: ({ documentVersionFile }) => {
      const { key, name, mimeType, contentHash } = found(documentVersionFile, 'DocumentVersion');
      return { file: { key, name, mimeType, disposition: 'attachment', etag: contentHash } };
    },
  }),
  route({
    method: 'post',
    path: '/documents/:id/versions/:number/restore',
    section,
    summary: "Reprendre un ancien fichier ; l'actuel devient une version",
    credential: 'required',
    params: VersionParams,
    operation: KdocsRestoreVersionOperation,
    toVariables: ({ params }) => ({ input: { id: params.id, number: numberOf(params.number) } }),
    response: success(DetailOut),
    toResponse: ({ restoreDocumentVersion: { document } }) => ({
      ...ok,
      data: detailOut(document),
      message: 'Version restaurée avec succès',
    }),
  }),
];
