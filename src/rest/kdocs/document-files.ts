import { z } from 'zod';
import type { LinkName } from '../../kernel/links.js';
import { fileTypes } from '../documents/file-types.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  KdocsDocumentFileOperation,
  KdocsDocumentPageOperation,
  KdocsDocumentPreviewOperation,
  KdocsRecogniseDocumentOperation,
} from './operations.gen.js';
import { Done, found, IdParams, ok } from './shapes.js';

const decided = 'DECISIONS.md#5-k-docs';
const used = 'CONSUMERS.md#4-k-docs-and-the-others';

const fileRoute = (
  path: string,
  disposition: 'attachment' | 'inline',
  { section, summary, operationId, link }: { section: string; summary: string; operationId: string; link?: LinkName },
): Route =>
  route({
    method: 'get',
    path,
    operationId,
    ...(link && { link }),
    section,
    summary,
    credential: 'required',
    params: IdParams,
    operation: KdocsDocumentFileOperation,
    toVariables: ({ params }) => params,
    produces: fileTypes,
    reply: ({ documentFile }) => {
      const { key, name, mimeType, contentHash } = found(documentFile, 'Document');
      return { file: { key, name, mimeType, disposition, etag: contentHash } };
    },
  });

const previewRoute = (path: string, section: string, operationId: string, link?: LinkName): Route =>
  route({
    method: 'get',
    path,
    operationId,
    ...(link && { link }),
    section,
    summary: 'Aperçu de la première page',
    credential: 'required',
    params: IdParams,
    operation: KdocsDocumentPreviewOperation,
    toVariables: ({ params }) => params,
    produces: ['image/png'],
    reply: ({ documentPreview }) => {
      const { key, name, mimeType, contentHash } = found(documentPreview, 'Document');
      return { file: { key, name, mimeType, disposition: 'inline', etag: `${contentHash}-preview` } };
    },
  });

export const documentFileRoutes = [
  fileRoute('/documents/:id/download', 'attachment', {
    operationId: 'downloadDocument',
    link: 'documentFile',
    section: decided,
    summary: 'Télécharger le fichier',
  }),
  fileRoute('/documents/:id/view', 'inline', {
    operationId: 'openDocumentFile',
    link: 'documentView',
    section: used,
    summary: 'Afficher le fichier dans la page',
  }),
  previewRoute('/documents/:id/preview', decided, 'previewDocument', 'documentPreview'),
  previewRoute('/documents/:id/thumbnail', used, 'previewDocumentThumbnail'),
  route({
    method: 'get',
    path: '/documents/:id/pages/:page',
    operationId: 'previewDocumentPage',
    link: 'documentPage',
    section: used,
    summary: "Image d'une page, à lire à l'écran",
    credential: 'required',
    params: IdParams.extend({ page: pathNumber('Numéro de la page, à partir de 1') }),
    operation: KdocsDocumentPageOperation,
    // A text that is no number is 404, like a number that no page has.
    toVariables: ({ params: { id, page } }) => ({ id, page: /^\d{1,5}$/.test(page) ? Number(page) : 0 }),
    produces: ['image/png'],
    reply: ({ documentPreview }, { params }) => {
      const { key, name, mimeType, contentHash } = found(documentPreview, 'Document');
      return { file: { key, name, mimeType, disposition: 'inline', etag: `${contentHash}-${params.page}` } };
    },
  }),
  route({
    method: 'post',
    path: '/documents/:id/ocr',
    operationId: 'beginRecognition',
    section: used,
    summary: "Reconnaître (à nouveau) le texte d'une image ou d'un scan, après la réponse",
    credential: 'required',
    params: IdParams,
    body: z.object({}),
    operation: KdocsRecogniseDocumentOperation,
    toVariables: ({ params }) => ({ input: params }),
    status: 202,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Reconnaissance du texte demandée' }),
  }),
];
