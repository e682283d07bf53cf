import { z } from 'zod';
import { route } from '../engine/route.js';
import {
  type DocumentFilter,
  KdocsCreateSavedViewOperation,
  KdocsDeleteSavedViewOperation,
  KdocsListSavedSearchesOperation,
  type KdocsListSavedSearchesQuery,
} from './operations.gen.js';
import { Done, Id, IdParams, labelName, ok } from './shapes.js';

/** The filters by the names that the page of K-Docs has for them, or by those of the list of documents. */
const Filters = z
  .object({
    type: Id.nullish(),
    correspondent: Id.nullish(),
    tag: Id.nullish(),
    document_type_id: Id.nullish(),
    correspondent_id: Id.nullish(),
    tag_id: Id.nullish(),
  })
  .meta({ id: 'KdocsSearchFilters' });

const filterOf = (query: string | null | undefined, filters: z.output<typeof Filters>): DocumentFilter => {
  const typeId = filters.type ?? filters.document_type_id;
  const correspondentId = filters.correspondent ?? filters.correspondent_id;
  const tagId = filters.tag ?? filters.tag_id;
  return {
    ...(query && { search: query }),
    ...(typeId && { typeId }),
    ...(correspondentId && { correspondentId }),
    ...(tagId && { tagId }),
  };
};

const SearchOut = z
  .object({
    id: z.int(),
    name: z.string(),
    query: z.string(),
    filters: z.object({ type: z.int().optional(), correspondent: z.int().optional(), tag: z.int().optional() }),
  })
  .meta({ id: 'KdocsSavedSearch' });

type View = KdocsListSavedSearchesQuery['savedViews']['nodes'][number];

function searchOut({ id, name, filter }: View): z.input<typeof SearchOut> {
  const { search, typeId, correspondentId, tagId } = filter;
  return {
    id: Number(id),
    name,
    query: search ?? '',
    filters: {
      ...(typeId != null && { type: Number(typeId) }),
      ...(correspondentId != null && { correspondent: Number(correspondentId) }),
      ...(tagId != null && { tag: Number(tagId) }),
    },
  };
}

const section = 'CONSUMERS.md#4-k-docs-and-the-others';

/** Saved views, by the name and in the form that the page of K-Docs has for them. */
export const savedSearchRoutes = [
  route({
    method: 'get',
    path: '/saved-searches',
    section,
    summary: 'Ses recherches enregistrées et celles partagées avec tous',
    credential: 'required',
    operation: KdocsListSavedSearchesOperation,
    toVariables: () => ({}),
    response: z.object({ success: z.literal(true), searches: z.array(SearchOut) }),
    toResponse: ({ savedViews: { nodes } }) => ({ ...ok, searches: nodes.map(searchOut) }),
  }),
  route({
    method: 'post',
    path: '/saved-searches',
    operationId: 'createSavedSearch',
    section,
    summary: 'Enregistrer une recherche',
    credential: 'required',
    body: z.object({ name: labelName, query: z.string().max(500).nullish(), filters: Filters.nullish() }),
    operation: KdocsCreateSavedViewOperation,
    toVariables: ({ body }) => ({ input: { name: body.name, filter: filterOf(body.query, body.filters ?? {}) } }),
    fields: {
      'filter.search': 'query',
      'filter.typeId': 'filters.type',
      'filter.correspondentId': 'filters.correspondent',
      'filter.tagId': 'filters.tag',
    },
    status: 201,
    response: z.object({ success: z.literal(true), id: z.int(), message: z.string() }),
    toResponse: ({ createSavedView: { savedView } }) => ({
      ...ok,
      id: Number(savedView.id),
      message: 'Recherche enregistrée avec succès',
    }),
    examples: { body: { name: 'Factures EDF', query: 'edf', filters: { type: 1 } } },
  }),
  route({
    method: 'delete',
    path: '/saved-searches/:id',
    operationId: 'deleteSavedSearch',
    section,
    summary: 'Supprimer une recherche enregistrée',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteSavedViewOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Recherche supprimée avec succès' }),
  }),
];
