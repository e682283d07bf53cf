import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { route } from '../engine/route.js';
import {
  type KdocsCorrespondentFragment,
  KdocsCreateCorrespondentOperation,
  KdocsDeleteCorrespondentOperation,
  KdocsListCorrespondentsOperation,
  KdocsReadCorrespondentOperation,
  KdocsSearchCorrespondentsOperation,
  KdocsUpdateCorrespondentOperation,
} from './operations.gen.js';
import {
  Done,
  found,
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

const CorrespondentOut = z
  .object({
    id: z.int(),
    name: z.string(),
    match: z.string(),
    matching_algorithm: z.enum(matchingAlgorithms),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'KdocsCorrespondent' });

const correspondentOut = (correspondent: KdocsCorrespondentFragment): z.input<typeof CorrespondentOut> => ({
  id: Number(correspondent.id),
  name: correspondent.name,
  match: correspondent.match,
  matching_algorithm: fromEnum(correspondent.matchingAlgorithm),
  created_at: momentOf(correspondent.createdAt),
  updated_at: momentOf(correspondent.updatedAt),
});

const rule = { match: z.string().nullish(), matching_algorithm: z.enum(matchingAlgorithms).nullish() };
const fields = { matchingAlgorithm: 'matching_algorithm' };

export const correspondentRoutes = [
  route({
    method: 'get',
    path: '/correspondents',
    section: 'kdocs.md#liste-des-correspondants',
    summary: 'Liste des correspondants',
    credential: 'required',
    query: WholeQuery,
    operation: KdocsListCorrespondentsOperation,
    toVariables: ({ query }) => ({
      ...pageVariables(pageOfWhole(query)),
      filter: query.search ? { search: query.search } : {},
    }),
    response: successPage(CorrespondentOut),
    toResponse: ({ correspondents: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map(correspondentOut),
      pagination: paginationOf(pageOfWhole(query), totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/correspondents/search',
    section: 'CONSUMERS.md#4-k-docs-and-the-others',
    summary: 'Les vingt premiers correspondants dont le nom contient un texte',
    credential: 'required',
    query: z.object({ q: z.string().max(200).default('').meta({ description: 'Partie du nom' }) }),
    operation: KdocsSearchCorrespondentsOperation,
    toVariables: ({ query }) => ({ filter: query.q ? { search: query.q } : {} }),
    response: z.object({ success: z.literal(true), results: z.array(z.object({ id: z.int(), name: z.string() })) }),
    toResponse: ({ correspondents: { nodes } }) => ({
      ...ok,
      results: nodes.map(({ id, name }) => ({ id: Number(id), name })),
    }),
  }),
  route({
    method: 'get',
    path: '/correspondents/:id',
    section: 'kdocs.md#détails-dun-correspondant',
    summary: "Détails d'un correspondant",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadCorrespondentOperation,
    toVariables: ({ params }) => params,
    response: success(CorrespondentOut),
    toResponse: ({ correspondent }) => ({ ...ok, data: correspondentOut(found(correspondent, 'Correspondent')) }),
  }),
  route({
    method: 'post',
    path: '/correspondents',
    section: 'kdocs.md#créer-un-correspondant',
    summary: 'Créer un correspondant',
    credential: 'required',
    body: z.object({ name: labelName, ...rule }),
    operation: KdocsCreateCorrespondentOperation,
    toVariables: ({ body }) => ({
      input: { name: body.name, match: body.match, matchingAlgorithm: toEnum(body.matching_algorithm) },
    }),
    fields,
    status: 201,
    response: success(CorrespondentOut),
    toResponse: ({ createCorrespondent: { correspondent } }) => ({
      ...ok,
      data: correspondentOut(correspondent),
      message: 'Correspondant créé avec succès',
    }),
    examples: { body: { name: 'Correspondent Name', match: 'pattern', matching_algorithm: 'auto' } },
  }),
  route({
    method: 'put',
    path: '/correspondents/:id',
    section: 'kdocs.md#mettre-à-jour-un-correspondant',
    summary: 'Mettre à jour un correspondant',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: labelName.optional(), ...rule }),
    operation: KdocsUpdateCorrespondentOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        name: body.name,
        match: body.match,
        matchingAlgorithm: toEnum(body.matching_algorithm),
      },
    }),
    fields,
    response: success(CorrespondentOut),
    toResponse: ({ updateCorrespondent: { correspondent } }) => ({
      ...ok,
      data: correspondentOut(correspondent),
      message: 'Correspondant mis à jour avec succès',
    }),
  }),
  route({
    method: 'delete',
    path: '/correspondents/:id',
    section: 'kdocs.md#supprimer-un-correspondant',
    summary: 'Supprimer un correspondant',
    credential: 'required',
    params: IdParams,
    operation: KdocsDeleteCorrespondentOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Correspondant supprimé avec succès' }),
  }),
];
