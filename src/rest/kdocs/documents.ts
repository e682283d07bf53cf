import { z } from 'zod';
import { route } from '../engine/route.js';
import { bulkActionRoute } from './bulk-action.js';
import { documentFileRoutes } from './document-files.js';
import { DetailOut, detailOut, documentOrders, DocumentOut, documentOut } from './document-shapes.js';
import { SheetOut, sheetOut } from './document-sheet.js';
import {
  type DocumentOrder,
  KdocsBulkEditDocumentsOperation,
  KdocsIngestDocumentOperation,
  KdocsListDocumentsOperation,
  KdocsListTrashOperation,
  KdocsPurgeDocumentOperation,
  KdocsReadDocumentOperation,
  KdocsRestoreDocumentOperation,
  KdocsTrashDocumentOperation,
  KdocsUpdateDocumentOperation,
} from './operations.gen.js';
import {
  Done,
  Id,
  IdParams,
  Moment,
  momentOf,
  ok,
  PageQuery,
  pageVariables,
  paginationOf,
  success,
  successPage,
  TextId,
} from './shapes.js';
import { uploadRoute } from './upload.js';

const TrashedOut = DocumentOut.extend({ deleted_at: Moment }).meta({ id: 'KdocsTrashedDocument' });

const changeable = {
  document_type_id: Id.nullish(),
  correspondent_id: Id.nullish(),
  document_date: z.iso.date().nullish(),
  amount: z.number().nullish(),
  currency: z.string().min(1).nullish(),
  asn: z.int().min(1).max(2_147_483_647).nullish(),
  tags: z.array(Id).max(100).optional(),
};

const changesIn = (body: z.output<z.ZodObject<typeof changeable>>) => ({
  typeId: body.document_type_id,
  correspondentId: body.correspondent_id,
  documentDate: body.document_date,
  amount: body.amount,
  currency: body.currency,
  asn: body.asn,
  tagIds: body.tags,
});

const fields = {
  typeId: 'document_type_id',
  correspondentId: 'correspondent_id',
  documentDate: 'document_date',
  filePath: 'file_path',
  tagIds: 'tags',
};

export const documentRoutes = [
  route({
    method: 'get',
    path: '/documents',
    section: 'kdocs.md#liste-des-documents',
    summary: 'Liste des documents',
    credential: 'required',
    query: PageQuery.extend({
      search: z.string().max(500).optional().meta({ description: 'Recherche textuelle' }),
      document_type_id: TextId.optional().meta({ description: 'Filtrer par type de document' }),
      correspondent_id: TextId.optional().meta({ description: 'Filtrer par correspondant' }),
      tag_id: TextId.optional().meta({ description: 'Filtrer par tag' }),
      order_by: z.enum(documentOrders).default('created_at').meta({ description: 'Champ de tri' }),
      order: z.enum(['ASC', 'DESC', 'asc', 'desc']).default('DESC').meta({ description: 'Ordre' }),
    }),
    mayBeUnavailable: true,
    operation: KdocsListDocumentsOperation,
    toVariables: ({ query }) => ({
      ...pageVariables(query),
      orderBy: `${query.order_by}_${query.order}`.toUpperCase() as DocumentOrder,
      filter: {
        ...(query.search?.trim() && { search: query.search }),
        ...(query.document_type_id && { typeId: query.document_type_id }),
        ...(query.correspondent_id && { correspondentId: query.correspondent_id }),
        ...(query.tag_id && { tagId: query.tag_id }),
      },
    }),
    response: successPage(DocumentOut),
    // As of a search: programs that read the documented keys find no other.
    reply: ({ documents: { nodes, totalCount, isEstimated } }, { query }) => ({
      ...(isEstimated && { headers: { 'X-Total-Estimated': 'true' } }),
      json: { ...ok, data: nodes.map(documentOut), pagination: paginationOf(query, totalCount) },
    }),
  }),
  route({
    method: 'get',
    path: '/documents/trash',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Documents dans la corbeille',
    credential: 'required',
    query: PageQuery,
    operation: KdocsListTrashOperation,
    toVariables: ({ query }) => pageVariables(query),
    response: successPage(TrashedOut),
    toResponse: ({ documents: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map((document) => ({ ...documentOut(document), deleted_at: momentOf(document.deletedAt ?? '') })),
      pagination: paginationOf(query, totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/documents/:id',
    section: 'kdocs.md#détails-dun-document',
    summary: "Détails d'un document",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadDocumentOperation,
    toVariables: ({ params }) => params,
    response: success(SheetOut),
    toResponse: (data) => ({ ...ok, data: sheetOut(data) }),
  }),
  route({
    method: 'post',
    path: '/documents',
    section: 'kdocs.md#créer-un-document',
    summary: "Créer un document à partir d'un fichier du dossier d'import",
    credential: 'required',
    body: z.object({
      filename: z.string().min(1).max(500),
      file_path: z.string().min(1).max(4096),
      title: z.string().nullish(),
      ...changeable,
    }),
    operation: KdocsIngestDocumentOperation,
    toVariables: ({ body }) => ({
      input: { filename: body.filename, filePath: body.file_path, title: body.title || undefined, ...changesIn(body) },
    }),
    fields,
    status: 201,
    response: success(DetailOut),
    toResponse: ({ ingestDocument: { document } }) => ({
      ...ok,
      data: detailOut(document),
      message: 'Document créé avec succès',
    }),
    examples: {
      body: {
        filename: 'document.pdf',
        file_path: '/path/to/file',
        title: 'Document Title',
        document_type_id: 1,
        correspondent_id: 1,
        document_date: '2026-01-21',
        amount: 100.5,
        currency: 'CHF',
      },
    },
  }),
  uploadRoute,
  bulkActionRoute,
  route({
    method: 'post',
    path: '/documents/bulk',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Modifier ou supprimer plusieurs documents',
    credential: 'required',
    body: z.object({
      ids: z.array(Id).min(1).max(500),
      add_tags: z.array(Id).max(100).optional(),
      remove_tags: z.array(Id).max(100).optional(),
      document_type_id: Id.nullable().optional(),
      correspondent_id: Id.nullable().optional(),
      delete: z.boolean().optional().meta({ description: 'Mettre à la corbeille' }),
    }),
    operation: KdocsBulkEditDocumentsOperation,
    toVariables: ({ body }) => ({
      input: {
        ids: body.ids,
        addTagIds: body.add_tags,
        removeTagIds: body.remove_tags,
        typeId: body.document_type_id,
        correspondentId: body.correspondent_id,
        trash: body.delete,
      },
    }),
    fields: { ...fields, addTagIds: 'add_tags', removeTagIds: 'remove_tags', trash: 'delete' },
    response: success(z.object({ updated: z.int(), refused: z.array(z.object({ id: z.int(), message: z.string() })) })),
    toResponse: ({ bulkEditDocuments: { changedCount, refused } }) => ({
      ...ok,
      data: {
        updated: changedCount,
        refused: refused.map(({ id, code }) => ({
          id: Number(id),
          message: code === 'NOT_FOUND' ? 'Document non trouvé' : 'Vous ne pouvez pas modifier ce document',
        })),
      },
      message: `${changedCount} document(s) modifié(s)`,
    }),
  }),
  route({
    method: 'put',
    path: '/documents/:id',
    section: 'kdocs.md#mettre-à-jour-un-document',
    summary: 'Mettre à jour un document',
    credential: 'required',
    params: IdParams,
    body: z.object({
      title: z.string().optional(),
      ...changeable,
      custom_field_values: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable())
        .optional()
        .meta({ description: 'Par numéro de champ ; une valeur vide ou null efface' }),
    }),
    operation: KdocsUpdateDocumentOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        title: body.title,
        ...changesIn(body),
        fields:
          body.custom_field_values &&
          Object.entries(body.custom_field_values).map(([fieldId, value]) => ({
            fieldId,
            value: value === '' ? null : value,
          })),
      },
    }),
    fields: { ...fields, fields: 'custom_field_values' },
    response: success(DetailOut),
    toResponse: ({ updateDocument: { document } }) => ({
      ...ok,
      data: detailOut(document),
      message: 'Document mis à jour avec succès',
    }),
    examples: { body: { title: 'New Title', document_type_id: 2, correspondent_id: 3, tags: [1, 2, 3] } },
  }),
  route({
    method: 'delete',
    path: '/documents/:id',
    section: 'kdocs.md#supprimer-un-document',
    summary: 'Supprimer un document (corbeille)',
    credential: 'required',
    params: IdParams,
    operation: KdocsTrashDocumentOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Document supprimé avec succès' }),
  }),
  route({
    method: 'post',
    path: '/documents/:id/restore',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Restaurer un document de la corbeille',
    credential: 'required',
    params: IdParams,
    operation: KdocsRestoreDocumentOperation,
    toVariables: ({ params }) => params,
    response: success(DetailOut),
    toResponse: ({ restoreDocument: { document } }) => ({
      ...ok,
      data: detailOut(document),
      message: 'Document restauré avec succès',
    }),
  }),
  route({
    method: 'delete',
    path: '/documents/:id/purge',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Supprimer définitivement un document de la corbeille',
    credential: 'required',
    params: IdParams,
    operation: KdocsPurgeDocumentOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Document supprimé définitivement' }),
  }),
  ...documentFileRoutes,
];
