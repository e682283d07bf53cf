import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { wordPairs } from '../engine/word-pairs.js';
import {
  type SmartleakproExecutionFragment,
  SmartleakproListWebhookExecutionsOperation,
  SmartleakproReplayWebhookExecutionOperation,
  SmartleakproReplayWebhookOperation,
} from './operations.gen.js';
import { found, IdParams, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';

const section = 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts';

/** DECISIONS.md, section 9. */
const status = wordPairs({ en_attente: 'PENDING', succes: 'DELIVERED', echec: 'FAILED' });

const Headers = z.record(z.string(), z.string());
const Execution = z
  .object({
    id: z.string(),
    type_evenement: z.string().meta({ example: 'intervention_created' }),
    ressource_id: z.string().nullable(),
    donnees_evenement: z.record(z.string(), z.unknown()),
    statut: status.Word,
    numero_tentative: z.int(),
    code_reponse_http: z.int().nullable(),
    temps_reponse_ms: z.int().nullable(),
    message_erreur: z.string().nullable(),
    date_debut: Moment,
    date_fin: Moment.nullable(),
    requete: z
      .object({ url: z.string(), entetes: Headers, corps: z.string() })
      .nullable()
      .meta({ description: 'De la dernière tentative ; signatures et en-têtes ajoutés sont masqués' }),
    reponse: z
      .object({ entetes: Headers, corps: z.string() })
      .nullable()
      .meta({ description: 'Le début de la dernière réponse' }),
  })
  .meta({ id: 'ExecutionWebhook' });

type Sent = Partial<Record<'type' | 'resource_id', string>> & { data?: Record<string, unknown> };

const executionOut = (execution: SmartleakproExecutionFragment): z.input<typeof Execution> => {
  const sent = (execution.body === '' ? {} : JSON.parse(execution.body)) as Sent;
  return {
    id: execution.id,
    type_evenement: sent.type ?? execution.eventName,
    ressource_id: sent.resource_id ?? null,
    donnees_evenement: sent.data ?? {},
    statut: status.toWord(execution.status),
    numero_tentative: execution.attempts,
    code_reponse_http: execution.responseStatus ?? null,
    temps_reponse_ms: execution.responseMs ?? null,
    message_erreur: execution.error ?? null,
    date_debut: execution.firstAttemptAt ?? execution.createdAt,
    date_fin: execution.finishedAt ?? null,
    requete: execution.requestUrl
      ? { url: execution.requestUrl, entetes: headersOut(execution.requestHeaders), corps: execution.body }
      : null,
    reponse:
      execution.responseStatus == null
        ? null
        : { entetes: headersOut(execution.responseHeaders), corps: execution.responseBody ?? '' },
  };
};

const headersOut = (headers: readonly { name: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name, value]));

export const webhookExecutionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/webhooks/:id/executions',
    section,
    summary: "Exécutions d'un webhook, la plus récente en premier",
    credential: 'required',
    params: IdParams,
    query: PageQuery.omit({ search: true }).extend({
      statut: status.Word.optional().meta({ description: 'Filtrer par statut' }),
    }),
    operation: SmartleakproListWebhookExecutionsOperation,
    toVariables: ({ params, query }) => ({
      id: params.id,
      ...sliceOf(query),
      filter: { status: status.toGraph(query.statut) },
    }),
    response: z.object({ executions: z.array(Execution), ...pageShape }),
    toResponse: ({ webhookEndpoints }, { query }) => {
      const { deliveries } = found(webhookEndpoints.nodes[0], 'WebhookEndpoint');
      return {
        executions: deliveries.nodes.map(executionOut),
        ...pageOf(query, deliveries.totalCount),
      };
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/executions/:executionId/replay',
    section,
    summary: 'Renvoyer une exécution : le même corps sous le même `webhook-id`',
    credential: 'required',
    params: IdParams.extend({ executionId: z.string().meta({ description: "Identifiant de l'exécution" }) }),
    operation: SmartleakproReplayWebhookExecutionOperation,
    toVariables: ({ params }) => ({ id: params.executionId, endpointId: params.id }),
    status: 202,
    response: Execution,
    toResponse: ({ replayWebhookDelivery: { webhookDelivery } }) => executionOut(webhookDelivery),
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/replay',
    section,
    summary: 'Renvoyer tous les événements depuis un moment, au plus 10 000',
    credential: 'required',
    params: IdParams,
    body: z.object({ since: z.iso.datetime({ offset: true }) }),
    operation: SmartleakproReplayWebhookOperation,
    toVariables: ({ params, body }) => ({ id: params.id, since: body.since }),
    status: 202,
    response: z.object({ job_id: z.guid(), count: z.int().meta({ description: "Nombre d'événements renvoyés" }) }),
    toResponse: ({ replayWebhookEvents: { webhookReplay } }) => ({
      job_id: webhookReplay.id,
      count: webhookReplay.total,
    }),
    examples: { body: { since: '2026-02-03T10:00:00Z' } },
  }),
];
