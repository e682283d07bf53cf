import { z } from 'zod';
import { route } from '../engine/route.js';
import { documentOrders, DocumentOut, documentOut } from './document-shapes.js';
import {
  type DocumentFilter,
  type DocumentOrder,
  KdocsCreateSavedViewOperation,
  KdocsDeleteSavedViewOperation,
  KdocsListSavedViewsOperation,
  KdocsReadSavedViewOperation,
  KdocsSavedViewDocumentsOperation,
  type KdocsSavedViewFragment,
  KdocsUpdateSavedViewOperation,
} from './operations.gen.js';
import {
  Done,
  found,
  Id,
  IdParams,
  LabelQuery,
  labelName,
  Moment,
  momentOf,
  ok,
  PageQuery,
  pageVariables,
  paginationOf,
  success,
  successPage,
} from './shapes.js';

/** The filters of the list of documents. A view's other filters, set through the graph, apply without being shown. */
const Filter = z
  .object({
    search: z.string().max(500).optional(),
    document_type_id: Id.nullable().optional(),
    correspondent_id: Id.nullable().optional(),
    tag_id: Id.optional(),
    amount_min: z.number().optional(),
    amount_max: z.number().optional(),
  })
  .meta({ id: 'KdocsSavedViewFilter' });

const filterOf = (filter: z.output<typeof Filter>): DocumentFilter => ({
  search: filter.search,
  typeId: filter.document_type_id,
  correspondentId: filter.correspondent_id,
  tagId: filter.tag_id,
  amountMin: filter.amount_min,
  amountMax: filter.amount_max,
});

/** null asks for documents without the label; absent: any. */
const labelOut = (id: string | null, isWithout: boolean): number | null | undefined =>
  id === null ? (isWithout ? null : undefined) : Number(id);

function filterOut(filter: KdocsSavedViewFragment['filter']): z.input<typeof Filter> {
  const { search, tagId, amountMin, amountMax } = filter;
  const type = labelOut(filter.typeId, filter.isWithoutType);
  const correspondent = labelOut(filter.correspondentId, filter.isWithoutCorrespondent);
  return {
    ...(search !== null && { search }),
    ...(type !== undefined && { document_type_id: type }),
    ...(correspondent !== undefined && { correspondent_id: correspondent }),
    ...(tagId !== null && { tag_id: Number(tagId) }),
    ...(amountMin !== null && { amount_min: amountMin }),
    ...(amountMax !== null && { amount_max: amountMax }),
  };
}

const directions = ['ASC', 'DESC'] as const;

const ViewOut = z
  .object({
    id: z.int(),
    name: z.string(),
    filter: Filter,
    order_by: z.enum(documentOrders),
    order: z.enum(directions),
    shared: z.boolean(),
    owner_id: z.int().nullable(),
    owner: z.string().nullable(),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'KdocsSavedView' });

function viewOut(view: KdocsSavedViewFragment): z.input<typeof ViewOut> {
  const cut = view.orderBy.lastIndexOf('_');
  return {
    id: Number(view.id),
    name: view.name,
    filter: filterOut(view.filter),
    order_by: view.orderBy.slice(0, cut).toLowerCase() as (typeof documentOrders)[number],
    order: view.orderBy.slice(cut + 1) as (typeof directions)[number],
    shared: view.isShared,
    owner_id: view.owner ? Number(view.owner.id) : null,
    owner: view.owner?.username ?? null,
    created_at: momentOf(view.createdAt),
    updated_at: momentOf(view.updatedAt),
  };
}

const changeable = {
  filter: Filter.optional(),
  order_by: z.enum(documentOrders).optional(),
  order: z.enum(directions).optional(),
  shared: z.boolean().optional().meta({ description: 'Visible par tous' }),
};

function changesIn({ filter, order_by, order, shared }: z.output<z.ZodObject<typeof changeable>>) {
  const orderBy =
    order_by || order ? (`${order_by ?? 'created_at'}_${order ?? 'DESC'}`.toUpperCase() as DocumentOrder) : undefined;
  return { filter: filter && filterOf(filter), orderBy, isShared: shared };
}

const fields = {
  'filter.typeId': 'filter.document_type_id',
  'filter.correspondentId': 'filter.correspondent_id',
  'filter.tagId': 'filter.tag_id',
  'filter.amountMin': 'filter.amount_min',
  'filter.amountMax': 'filter.amount_max',
};
const section = 'DECISIONS.md#5-k-docs';

export const savedViewRoutes = [
  route({
    method: 'get',
    path: '/saved-views',
    section,
    summary: 'Ses vues enregistrées et celles partagées avec tous',
    credential: 'required',
    query: LabelQuery.omit({ search: true }),
    operation: KdocsListSavedViewsOperation,
    toVariables: ({ query }) => pageVariables(query),
    response: successPage(ViewOut),
    toResponse: ({ savedViews: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map(viewOut),
      pagination: paginationOf(query, totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/saved-views/:id',
    section,
    summary: "Détails d'une vue enregistrée",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadSavedViewOperation,
    toVariables: ({ params }) => params,
    response: success(ViewOut),
    toResponse: ({ savedView }) => ({ ...ok, data: viewOut(found(savedView, 'SavedView')) }),
  }),
  route({
    method: 'get',
    path: '/saved-views/:id/documents',
    operationId: 'listSavedViewDocuments',
    section,
    summary: "Documents d'une vue enregistrée",
    credential: 'required',
    params: IdParams,
    query: PageQuery,
    operation: KdocsSavedViewDocumentsOperation,
    toVariables: ({ params, query }) => ({ ...params, ...pageVariables(query) }),
    response: successPage(DocumentOut),
    toResponse: ({ savedView }, { query }) => {
      const { nodes, totalCount } = found(savedView, 'SavedView').documents;
      return { ...ok, data: nodes.map(documentOut), pagination: paginationOf(query, totalCount) };
    },
  }),
  route({
    method: 'post',
    path: '/saved-views',
    section,
    summary: 'Enregistrer une vue',
    credential: 'required',
    body: z.object({ name: labelName, ...changeable }),
    operation: KdocsCreateSavedViewOperation,
    toVariables: ({ body }) => ({ input: { name: body.name, ...changesIn(body) } }),
    fields,
    status: 201,
    response: success(ViewOut),
    toResponse: ({ createSavedView: { savedView } }) => ({
      ...ok,
      data: viewOut(savedView),
      message: 'Vue enregistrée avec succès',
    }),
    examples: {
      body: {
        name: 'Factures à payer',
        filter: { document_type_id: 1, amount_min: 100 },
        order_by: 'amount',
        order: 'DESC',
      },
    },
  }),
  route({
    method: 'put',
    path: '/saved-views/:id',
    section,
    summary: 'Mettre à jour une vue enregistrée',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: labelName.optional(), ...changeable }),
    operation: KdocsUpdateSavedViewOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.id, name: body.name, ...changesIn(body) } }),
    fields,
    response: success(ViewOut),
    toResponse: ({ updateSavedView: { savedView } }) => ({
      ...ok,
      data: viewOut(savedView),
      message: 'Vue mise à jour avec succès',
    }),
  }),
  route({
    method: 'delete',
    path: '/saved-views/:id',
    section,
    summary: 'Supprimer une vue enregistrée',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteSavedViewOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Vue supprimée avec succès' }),
  }),
];
