import { z } from 'zod';
import { dayAfter } from '../../lib/occurrences.js';
import { startOfDay } from '../../lib/zoned-day.js';
import { type Route, route } from '../engine/route.js';
import { DocumentOut, documentOut } from './document-shapes.js';
import { KdocsQuickSearchOperation, KdocsSearchOperation, KdocsSuggestOperation } from './operations.gen.js';
import { ok, PageQuery, pageVariables, success, TextId } from './shapes.js';

const amount = z.coerce.number().min(-999_999_999_999).max(999_999_999_999).optional();

const Facet = z.array(z.object({ id: z.int(), name: z.string(), count: z.int() }));
const facetOut = (id: string, name: string, count: number): z.input<typeof Facet>[number] => ({
  id: Number(id),
  name,
  count,
});

export interface KdocsSearchOptions {
  /** IANA name of the zone in which the firm's days begin. */
  timeZone: string;
}

const searchRoute = (path: string, section: string, operationId: string, { timeZone }: KdocsSearchOptions): Route =>
  route({
    method: 'get',
    path,
    operationId,
    section,
    summary: 'Recherche avancée',
    credential: 'required',
    query: PageQuery.extend({
      q: z
        .string()
        .max(500)
        .optional()
        .meta({
          description:
            'Texte recherché : mots, "expression", `préfixe*`, ET/AND, OU/OR, NON/NOT/-, parenthèses ; ' +
            '`tag:`, `type:`, `from:`, `date:2026-01`, `after:`, `before:`, `asn:`, `amount:>100`, `amount:10..20`. ' +
            'Les accents ne comptent pas.',
        }),
      correspondent_id: TextId.optional().meta({ description: 'Filtrer par correspondant' }),
      document_type_id: TextId.optional().meta({ description: 'Filtrer par type de document' }),
      'tag_ids[]': z.array(TextId).max(100).optional().meta({ description: 'Documents qui portent tous ces tags' }),
      created_after: z.iso.date().optional().meta({ description: 'Ajoutés ce jour ou après' }),
      created_before: z.iso.date().optional().meta({ description: 'Ajoutés ce jour ou avant' }),
      amount_min: amount.meta({ description: 'Montant minimal' }),
      amount_max: amount.meta({ description: 'Montant maximal' }),
    }),
    mayBeUnavailable: true,
    operation: KdocsSearchOperation,
    toVariables: ({ query }) => ({
      ...pageVariables(query),
      q: query.q ?? null,
      filter: {
        correspondentId: query.correspondent_id,
        typeId: query.document_type_id,
        tagIds: query['tag_ids[]'],
        createdAfter: query.created_after && startOfDay(query.created_after, timeZone),
        createdBefore: query.created_before && startOfDay(dayAfter(query.created_before), timeZone),
        amountMin: query.amount_min,
        amountMax: query.amount_max,
      },
    }),
    fields: {
      'filter.correspondentId': 'correspondent_id',
      'filter.typeId': 'document_type_id',
      'filter.tagIds': 'tag_ids[]',
      'filter.createdAfter': 'created_after',
      'filter.createdBefore': 'created_before',
      'filter.amountMin': 'amount_min',
      'filter.amountMax': 'amount_max',
    },
    response: success(
      z.object({
        documents: z.array(DocumentOut),
        total: z.int().meta({
          description:
            'Au-delà de 10 000 documents une estimation à deux chiffres, comme les `count` : l’en-tête ' +
            '`X-Total-Estimated: true` le dit, et les pages montrent les plus récents.',
        }),
        search_time: z.number().meta({ description: 'Durée de la recherche, en secondes', example: 0.045 }),
        facets: z.object({ correspondents: Facet, document_types: Facet, tags: Facet }),
      }),
    ),
    // Programs that read the documented keys find no other.
    reply: ({ searchDocuments: { nodes, totalCount, isEstimated, seconds, facets } }) => ({
      ...(isEstimated && { headers: { 'X-Total-Estimated': 'true' } }),
      json: {
        ...ok,
        data: {
          documents: nodes.map(documentOut),
          total: totalCount,
          search_time: seconds,
          facets: {
            correspondents: facets.correspondents.map(({ correspondent: { id, name }, count }) =>
              facetOut(id, name, count),
            ),
            document_types: facets.types.map(({ type: { id, label }, count }) => facetOut(id, label, count)),
            tags: facets.tags.map(({ tag: { id, name }, count }) => facetOut(id, name, count)),
          },
        },
      },
    }),
  });

const used = 'CONSUMERS.md#4-k-docs-and-the-others';
const quickResults = 10;

export const searchRoutes = (options: KdocsSearchOptions) => [
  searchRoute('/search', 'kdocs.md#recherche-avancée', 'search', options),
  searchRoute('/documents/search', used, 'searchDocuments', options),
  route({
    method: 'get',
    path: '/search/quick',
    operationId: 'searchQuickly',
    section: used,
    summary: 'Recherche rapide, les dix premiers documents',
    credential: 'required',
    query: z.object({
      q: z.string().max(500).default('').meta({ description: 'Texte recherché, à partir de 2 caractères' }),
    }),
    mayBeUnavailable: true,
    operation: KdocsQuickSearchOperation,
    toVariables: ({ query: { q } }) => ({ q, first: q.trim().length < 2 ? 0 : quickResults }),
    response: z.object({
      results: z.array(
        DocumentOut.pick({
          id: true,
          title: true,
          original_filename: true,
          correspondent_name: true,
          document_date: true,
          amount: true,
        }),
      ),
    }),
    toResponse: ({ searchDocuments: { nodes } }) => ({
      results: nodes.map(({ id, title, originalFilename, correspondent, documentDate, amount }) => ({
        id: Number(id),
        title,
        original_filename: originalFilename,
        correspondent_name: correspondent?.name ?? null,
        document_date: documentDate ?? null,
        amount: amount ?? null,
      })),
    }),
  }),
  route({
    method: 'get',
    path: '/search/suggest',
    section: 'kdocs.md#suggestions-de-recherche',
    summary: 'Suggestions de recherche',
    credential: 'required',
    query: z.object({
      q: z
        .string()
        .max(500)
        .default('')
        .meta({ description: 'Début de la saisie ; aucune suggestion à moins de 2 caractères', example: 'fac' }),
      limit: z.coerce.number().int().min(1).max(50).default(10).meta({ description: 'Nombre de suggestions' }),
    }),
    operation: KdocsSuggestOperation,
    toVariables: ({ query: { q, limit } }) => ({ q, first: limit }),
    response: z.object({
      success: z.literal(true),
      suggestions: z.array(z.object({ text: z.string(), type: z.enum(['document', 'correspondent', 'tag']) })),
    }),
    toResponse: ({ searchSuggestions }) => ({
      ...ok,
      suggestions: searchSuggestions.map(({ text, type }) => ({
        text,
        type: type.toLowerCase() as 'document' | 'correspondent' | 'tag',
      })),
    }),
  }),
];
