import { z } from 'zod';
import { route } from '../engine/route.js';
import { KdocsDocumentHistoryOperation } from './operations.gen.js';
import {
  found,
  IdParams,
  Moment,
  momentOf,
  ok,
  PageQuery,
  pageVariables,
  paginationOf,
  successPage,
} from './shapes.js';

const EntryOut = z
  .object({
    id: z.int(),
    type: z.string().meta({ example: 'document.updated' }),
    occurred_at: Moment,
    user: z
      .string()
      .nullable()
      .meta({ description: 'Nom de la personne ; vide pour le serveur et les liens de partage' }),
    fields: z.array(z.string()).meta({ description: 'Noms des champs modifiés' }),
  })
  .meta({ id: 'KdocsHistoryEntry' });

export const historyRoutes = [
  route({
    method: 'get',
    path: '/documents/:id/history',
    operationId: 'listDocumentHistory',
    section: 'DECISIONS.md#5-k-docs',
    summary: "Historique d'un document, du plus récent au plus ancien",
    credential: 'required',
    params: IdParams,
    query: PageQuery,
    operation: KdocsDocumentHistoryOperation,
    toVariables: ({ params, query }) => ({ ...params, ...pageVariables(query) }),
    response: successPage(EntryOut),
    toResponse: ({ document }, { query }) => {
      const { nodes, totalCount } = found(document, 'Document').history;
      return {
        ...ok,
        data: nodes.map(({ id, type, occurredAt, actorName, fields }) => ({
          id: Number(id),
          type,
          occurred_at: momentOf(occurredAt),
          user: actorName ?? null,
          fields,
        })),
        pagination: paginationOf(query, totalCount),
      };
    },
  }),
];
