import { z } from 'zod';
import { route } from '../engine/route.js';
import {
  KdocsCreateDocumentTypeOperation,
  KdocsDeleteDocumentTypeOperation,
  type KdocsDocumentTypeFragment,
  KdocsListDocumentTypesOperation,
  KdocsReadDocumentTypeOperation,
  KdocsUpdateDocumentTypeOperation,
} from './operations.gen.js';
import {
  Done,
  found,
  IdParams,
  Moment,
  momentOf,
  ok,
  pageOfWhole,
  pageVariables,
  paginationOf,
  success,
  successPage,
  WholeQuery,
} from './shapes.js';

const TypeOut = z
  .object({ id: z.int(), code: z.string(), label: z.string(), created_at: Moment, updated_at: Moment })
  .meta({ id: 'KdocsDocumentType' });

const typeOut = ({ id, code, label, createdAt, updatedAt }: KdocsDocumentTypeFragment): z.input<typeof TypeOut> => ({
  id: Number(id),
  code,
  label,
  created_at: momentOf(createdAt),
  updated_at: momentOf(updatedAt),
});

const section = 'DECISIONS.md#5-k-docs';

export const documentTypeRoutes = [
  route({
    method: 'get',
    path: '/document-types',
    section,
    summary: 'Liste des types de document',
    credential: 'required',
    query: WholeQuery.omit({ search: true }),
    operation: KdocsListDocumentTypesOperation,
    toVariables: ({ query }) => pageVariables(pageOfWhole(query)),
    response: successPage(TypeOut),
    toResponse: ({ documentTypes: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map(typeOut),
      pagination: paginationOf(pageOfWhole(query), totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/document-types/:id',
    section,
    summary: "Détails d'un type de document",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadDocumentTypeOperation,
    toVariables: ({ params }) => params,
    response: success(TypeOut),
    toResponse: ({ documentType }) => ({ ...ok, data: typeOut(found(documentType, 'DocumentType')) }),
  }),
  route({
    method: 'post',
    path: '/document-types',
    section,
    summary: 'Créer un type de document',
    credential: 'required',
    body: z.object({ code: z.string(), label: z.string() }),
    operation: KdocsCreateDocumentTypeOperation,
    toVariables: ({ body }) => ({ input: body }),
    status: 201,
    response: success(TypeOut),
    toResponse: ({ createDocumentType: { documentType } }) => ({
      ...ok,
      data: typeOut(documentType),
      message: 'Type de document créé avec succès',
    }),
    examples: { body: { code: 'DEVIS', label: 'Devis' } },
  }),
  route({
    method: 'put',
    path: '/document-types/:id',
    section,
    summary: 'Mettre à jour un type de document',
    credential: 'required',
    params: IdParams,
    body: z.object({ code: z.string().optional(), label: z.string().optional() }),
    operation: KdocsUpdateDocumentTypeOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.id, code: body.code, label: body.label } }),
    response: success(TypeOut),
    toResponse: ({ updateDocumentType: { documentType } }) => ({
      ...ok,
      data: typeOut(documentType),
      message: 'Type de document mis à jour avec succès',
    }),
  }),
  route({
    method: 'delete',
    path: '/document-types/:id',
    section,
    summary: 'Supprimer un type de document',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteDocumentTypeOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Type de document supprimé avec succès' }),
  }),
];
