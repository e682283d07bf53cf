import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  BudgetCreateWebhookOperation,
  BudgetDeleteWebhookOperation,
  BudgetListWebhookDeliveriesOperation,
  BudgetListWebhooksOperation,
  BudgetReadWebhookOperation,
  BudgetReplayWebhookDeliveryOperation,
  BudgetRotateWebhookSecretOperation,
  BudgetTestWebhookOperation,
  BudgetUpdateWebhookOperation,
  type BudgetWebhookDeliveryFragment,
  type BudgetWebhookFragment,
} from './operations.gen.js';
import {
  beyondContract,
  found,
  IdParams,
  listed,
  listOf,
  Moment,
  neighbours,
  pageOfList,
  PageQuery,
  patchAndPut,
  sliceOf,
} from './shapes.js';

const Event = z.string().trim().min(1).max(200);
const frame = {
  id: z.int(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  is_active: z.boolean(),
  disabled_reason: z
    .enum(['gone', 'failing'])
    .nullable()
    .meta({ description: 'Pourquoi le serveur a désactivé le webhook : 410, ou cinq jours sans succès' }),
  failing_since: Moment.nullable(),
  delivered_count: z.int(),
  failed_count: z.int(),
  last_attempt_at: Moment.nullable(),
  created_at: Moment,
  updated_at: Moment,
};
const Webhook = z.object(frame).meta({ id: 'BudgetWebhook' });
const secretShown = z
  .string()
  .nullable()
  .meta({ description: "Montré cette seule fois ; null si le client l'a donné", example: 'whsec_...' });
const WebhookWithSecret = z.object({ ...frame, secret: secretShown }).meta({ id: 'BudgetWebhookWithSecret' });

const webhookOut = (webhook: BudgetWebhookFragment): z.input<typeof Webhook> => ({
  id: Number(webhook.id),
  name: webhook.name,
  url: webhook.url,
  events: webhook.events,
  is_active: webhook.isActive,
  disabled_reason: fromEnum(webhook.disabledReason) ?? null,
  failing_since: webhook.failingSince ?? null,
  delivered_count: webhook.deliveredCount,
  failed_count: webhook.failedCount,
  last_attempt_at: webhook.lastAttemptAt ?? null,
  created_at: webhook.createdAt,
  updated_at: webhook.updatedAt,
});

/** The body of every webhook; what it says is what `/ws` says of the event. */
const Payload = z
  .object({
    id: z.string().meta({ description: "Celui de l'en-tête `webhook-id` : le même à chaque tentative" }),
    type: z.string().meta({ example: 'transaction.created' }),
    timestamp: Moment,
    data: z
      .looseObject({
        subject: z.object({ type: z.string(), id: z.string() }).optional(),
        actorId: z.int().nullable().optional(),
      })
      .nullable()
      .meta({ description: "Ce que dit l'événement, l'objet concerné (`subject`) et son auteur (`actorId`)" }),
  })
  .meta({
    id: 'BudgetWebhookPayload',
    example: {
      id: 'evt_1042',
      type: 'transaction.created',
      timestamp: '2026-02-03T10:00:00Z',
      data: { bankAccountId: 1, ownerId: 1, subject: { type: 'Transaction', id: '1' }, actorId: 1 },
    },
  });

const statuses = ['pending', 'delivered', 'failed'] as const;
const Delivery = z
  .object({
    id: z.int(),
    event_id: z.string(),
    event: z.string(),
    kind: z.enum(['event', 'replay', 'test']),
    status: z.enum(statuses),
    attempts: z.int(),
    next_attempt_at: Moment.nullable(),
    response_status: z.int().nullable(),
    response_ms: z.int().nullable(),
    response_body: z.string().nullable().meta({ description: 'Le début de la réponse' }),
    error: z.string().nullable(),
    payload: Payload.nullable(),
    created_at: Moment,
    finished_at: Moment.nullable(),
  })
  .meta({ id: 'BudgetWebhookDelivery' });

const deliveryOut = (delivery: BudgetWebhookDeliveryFragment): z.input<typeof Delivery> => ({
  id: Number(delivery.id),
  event_id: delivery.messageId,
  event: delivery.eventName,
  kind: fromEnum(delivery.kind),
  status: fromEnum(delivery.status),
  attempts: delivery.attempts,
  next_attempt_at: delivery.nextAttemptAt ?? null,
  response_status: delivery.responseStatus ?? null,
  response_ms: delivery.responseMs ?? null,
  response_body: delivery.responseBody ?? null,
  error: delivery.error ?? null,
  payload: delivery.body === '' ? null : (JSON.parse(delivery.body) as z.input<typeof Payload>),
  created_at: delivery.createdAt,
  finished_at: delivery.finishedAt ?? null,
});

const settings = z.object({
  name: z.string().trim().min(1).max(100),
  url: z.string().trim().min(1).max(2000),
  events: z
    .array(Event)
    .min(1)
    .max(100)
    .meta({
      description: 'Noms exacts, `transaction.*` ou `*`',
      example: ['transaction.created', 'recurrence.posted'],
    }),
  secret: z
    .string()
    .min(16)
    .max(200)
    .nullish()
    .meta({ description: '16 à 200 caractères, ou `whsec_` suivi de base64 ; sinon le serveur en choisit un' }),
  is_active: z.boolean().optional().meta({ description: 'Par défaut `true`' }),
});

const inputOf = ({ name, url, events, secret, is_active }: z.output<ReturnType<typeof settings.partial>>) => ({
  name,
  url,
  events,
  secret,
  isActive: is_active,
});
const fields = { isActive: 'is_active', 'events.*': 'events' };

const example = {
  id: 1,
  name: 'Tableur',
  url: 'https://example.com/hook',
  events: ['transaction.created'],
  is_active: true,
  disabled_reason: null,
  failing_since: null,
  delivered_count: 0,
  failed_count: 0,
  last_attempt_at: null,
  created_at: '2026-02-03T10:00:00Z',
  updated_at: '2026-02-03T10:00:00Z',
};

/** DECISIONS.md, section 9: what is sent, and how it is proved, stands in the description of the tag. */
export const webhookRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/webhooks',
    section: beyondContract,
    summary: 'Lister ses webhooks',
    credential: 'required',
    operation: BudgetListWebhooksOperation,
    toVariables: () => ({}),
    response: listOf(Webhook),
    toResponse: ({ webhookEndpoints: { nodes } }) => listed(nodes.map(webhookOut)),
    examples: { response: { count: 1, results: [example] } },
  }),
  route({
    method: 'post',
    path: '/webhooks',
    section: beyondContract,
    summary: "Créer un webhook. L'adresse n'est pas appelée avant le premier événement",
    credential: 'required',
    body: settings,
    operation: BudgetCreateWebhookOperation,
    toVariables: ({ body }) => ({ input: { ...inputOf(body), name: body.name, url: body.url, events: body.events } }),
    fields,
    status: 201,
    response: WebhookWithSecret,
    toResponse: ({ createWebhookEndpoint: { webhookEndpoint, secret } }) => ({
      ...webhookOut(webhookEndpoint),
      secret: secret ?? null,
    }),
    examples: {
      body: { name: 'Tableur', url: 'https://example.com/hook', events: ['transaction.created'] },
      response: { ...example, secret: 'whsec_...' },
    },
  }),
  route({
    method: 'get',
    path: '/webhooks/:id',
    section: beyondContract,
    summary: 'Lire un webhook',
    credential: 'required',
    params: IdParams,
    operation: BudgetReadWebhookOperation,
    toVariables: ({ params }) => params,
    response: Webhook,
    toResponse: ({ webhookEndpoints: { nodes } }) => webhookOut(found(nodes[0], 'WebhookEndpoint')),
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/webhooks/:id',
      section: beyondContract,
      summary: 'Modifier les champs donnés. Un nouveau `secret` remplace le précédent, encore valable 24 h',
      credential: 'required',
      params: IdParams,
      body: settings.partial(),
      operation: BudgetUpdateWebhookOperation,
      toVariables: ({ params, body }) => ({ input: { id: params.id, ...inputOf(body) } }),
      fields,
      response: Webhook,
      toResponse: ({ updateWebhookEndpoint: { webhookEndpoint } }) => webhookOut(webhookEndpoint),
      examples: { body: { is_active: false } },
    }),
    'replaceWebhook',
  ),
  route({
    method: 'delete',
    path: '/webhooks/:id',
    section: beyondContract,
    summary: 'Supprimer un webhook et ses livraisons',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteWebhookOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/rotate-secret',
    section: beyondContract,
    summary: 'Remplacer le secret ; le précédent reste valable 24 h dans `webhook-signature`',
    credential: 'required',
    params: IdParams,
    operation: BudgetRotateWebhookSecretOperation,
    toVariables: ({ params }) => params,
    response: WebhookWithSecret,
    toResponse: ({ rotateWebhookSecret: { webhookEndpoint, secret } }) => ({
      ...webhookOut(webhookEndpoint),
      secret: secret ?? null,
    }),
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/test',
    section: beyondContract,
    summary: 'Envoyer un événement `webhook.test` ; la livraison est mise en file',
    credential: 'required',
    params: IdParams,
    operation: BudgetTestWebhookOperation,
    toVariables: ({ params }) => params,
    response: Delivery,
    toResponse: ({ testWebhookEndpoint: { webhookDelivery } }) => deliveryOut(webhookDelivery),
  }),
  route({
    method: 'get',
    path: '/webhooks/:id/deliveries',
    section: beyondContract,
    summary: "Lister les livraisons d'un webhook, les plus récentes d'abord",
    credential: 'required',
    params: IdParams,
    query: PageQuery.extend({
      status: z.enum(statuses).optional(),
      event: Event.optional().meta({ description: "Nom exact de l'événement" }),
    }),
    operation: BudgetListWebhookDeliveriesOperation,
    toVariables: ({ params, query }) => ({
      id: params.id,
      ...sliceOf(query),
      filter: {
        status: toEnum(query.status),
        eventName: query.event,
      },
    }),
    response: pageOfList(Delivery),
    toResponse: ({ webhookEndpoints }, { query, request }) => {
      const { nodes, totalCount } = found(webhookEndpoints.nodes[0], 'WebhookEndpoint').deliveries;
      return { count: totalCount, ...neighbours(query, totalCount, request), results: nodes.map(deliveryOut) };
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/deliveries/:deliveryId/replay',
    section: beyondContract,
    summary: 'Renvoyer une livraison : le même corps sous le même `webhook-id`',
    credential: 'required',
    params: IdParams.extend({ deliveryId: pathNumber('Numéro de la livraison') }),
    operation: BudgetReplayWebhookDeliveryOperation,
    toVariables: ({ params }) => ({ id: params.deliveryId, endpointId: params.id }),
    status: 202,
    response: Delivery,
    toResponse: ({ replayWebhookDelivery: { webhookDelivery } }) => deliveryOut(webhookDelivery),
  }),
];
