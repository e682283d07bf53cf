import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { route } from '../engine/route.js';
import { DocumentOut, documentOut } from './document-shapes.js';
import {
  KdocsCreateTagOperation,
  KdocsDeleteTagOperation,
  KdocsDryRunTagOperation,
  KdocsListTagsOperation,
  KdocsReadTagOperation,
  type KdocsTagFragment,
  KdocsUpdateTagOperation,
} from './operations.gen.js';
import {
  Done,
  found,
  Id,
  IdParams,
  labelName,
  matchingAlgorithms,
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

const TagOut = z
  .object({
    id: z.int(),
    name: z.string(),
    color: z.string(),
    match: z.string(),
    matching_algorithm: z.enum(matchingAlgorithms),
    parent_id: z.int().nullable(),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'KdocsTag' });

const tagOut = (tag: KdocsTagFragment): z.input<typeof TagOut> => ({
  id: Number(tag.id),
  name: tag.name,
  color: tag.color,
  match: tag.match,
  matching_algorithm: fromEnum(tag.matchingAlgorithm),
  parent_id: tag.parent ? Number(tag.parent.id) : null,
  created_at: momentOf(tag.createdAt),
  updated_at: momentOf(tag.updatedAt),
});

const rule = { match: z.string().nullish(), matching_algorithm: z.enum(matchingAlgorithms).nullish() };
const look = {
  color: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/)
    .nullish(),
  parent_id: Id.nullish(),
};
const fields = { matchingAlgorithm: 'matching_algorithm', parentId: 'parent_id' };

export const tagRoutes = [
  route({
    method: 'get',
    path: '/tags',
    section: 'kdocs.md#liste-des-tags',
    summary: 'Liste des tags',
    credential: 'required',
    query: WholeQuery,
    operation: KdocsListTagsOperation,
    toVariables: ({ query }) => ({
      ...pageVariables(pageOfWhole(query)),
      filter: query.search ? { search: query.search } : {},
    }),
    response: successPage(TagOut),
    toResponse: ({ tags: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map(tagOut),
      pagination: paginationOf(pageOfWhole(query), totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/tags/:id',
    section: 'kdocs.md#détails-dun-tag',
    summary: "Détails d'un tag",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadTagOperation,
    toVariables: ({ params }) => params,
    response: success(TagOut),
    toResponse: ({ tag }) => ({ ...ok, data: tagOut(found(tag, 'Tag')) }),
  }),
  route({
    method: 'post',
    path: '/tags',
    section: 'kdocs.md#créer-un-tag',
    summary: 'Créer un tag',
    credential: 'required',
    body: z.object({ name: labelName, ...look, ...rule }),
    operation: KdocsCreateTagOperation,
    toVariables: ({ body }) => ({
      input: {
        name: body.name,
        color: body.color,
        match: body.match,
        matchingAlgorithm: toEnum(body.matching_algorithm),
        parentId: body.parent_id,
      },
    }),
    fields,
    status: 201,
    response: success(TagOut),
    toResponse: ({ createTag: { tag } }) => ({ ...ok, data: tagOut(tag), message: 'Tag créé avec succès' }),
    examples: {
      body: { name: 'Tag Name', color: '#ff0000', match: 'pattern', matching_algorithm: 'auto', parent_id: null },
    },
  }),
  route({
    method: 'put',
    path: '/tags/:id',
    section: 'kdocs.md#mettre-à-jour-un-tag',
    summary: 'Mettre à jour un tag',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: labelName.optional(), ...look, ...rule }),
    operation: KdocsUpdateTagOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        name: body.name,
        color: body.color,
        match: body.match,
        matchingAlgorithm: toEnum(body.matching_algorithm),
        parentId: body.parent_id,
      },
    }),
    fields,
    response: success(TagOut),
    toResponse: ({ updateTag: { tag } }) => ({ ...ok, data: tagOut(tag), message: 'Tag mis à jour avec succès' }),
  }),
  route({
    method: 'delete',
    path: '/tags/:id',
    section: 'kdocs.md#supprimer-un-tag',
    summary: 'Supprimer un tag',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteTagOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Tag supprimé avec succès' }),
  }),
  route({
    method: 'post',
    path: '/tags/:id/dry-run',
    section: 'DECISIONS.md#5-k-docs',
    summary: 'Essayer la règle du tag sur les derniers documents',
    credential: 'required',
    params: IdParams,
    body: z.object(rule),
    operation: KdocsDryRunTagOperation,
    toVariables: ({ params, body }) => ({
      id: params.id,
      match: body.match,
      matchingAlgorithm: toEnum(body.matching_algorithm),
    }),
    fields,
    response: success(z.object({ scanned: z.int(), matched: z.int(), documents: z.array(DocumentOut) })),
    toResponse: ({ tagDryRun: { scanned, documents } }) => ({
      ...ok,
      data: { scanned, matched: documents.length, documents: documents.map(documentOut) },
    }),
  }),
];
