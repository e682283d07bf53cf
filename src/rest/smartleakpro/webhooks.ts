import { z } from 'zod';
import { Refusal } from '../engine/problem.js';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproCreateWebhookOperation,
  SmartleakproDeleteWebhookOperation,
  SmartleakproListWebhooksOperation,
  SmartleakproPauseWebhookOperation,
  SmartleakproReadWebhookOperation,
  SmartleakproResumeWebhookOperation,
  SmartleakproRotateWebhookSecretOperation,
  SmartleakproTestWebhookOperation,
  SmartleakproTriggerWebhooksOperation,
  SmartleakproUpdateWebhookOperation,
} from './operations.gen.js';
import { found, IdParams, line, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';
import {
  address,
  fields,
  settings,
  settingsIn,
  shape,
  status,
  Type,
  types,
  Webhook,
  webhookOut,
} from './webhook-shapes.js';
import { eventsOfType, webhookTypes } from './webhook-types.js';

const section = 'smartleakpro.md#webhooks';
const beyondContract = 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts';

/** What a `statut` changes. */
const stateOf = { active: [true, false], inactive: [false, undefined], suspendu: [true, true] } as const;

const testEvent = {
  type: z.string().max(100).optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  resource_id: z.string().max(100).optional(),
};
const eventIn = ({ type, timestamp, data, resource_id }: z.output<z.ZodObject<typeof testEvent>>) => ({
  eventName: type,
  timestamp,
  data,
  resourceId: resource_id,
});
const testFields = { 'event.eventName': 'type', 'event.data': 'data', 'event.resourceId': 'resource_id' };
const Message = z.object({ message: z.string() });

/** What is sent, and how it is proved, stands in the description of the tag. */
export const webhookRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/webhooks',
    section,
    summary: 'Liste de ses webhooks',
    credential: 'required',
    query: PageQuery.extend({
      type_webhook: Type.optional().meta({ description: 'Filtrer par type' }),
      statut: status.Word.optional().meta({ description: 'Filtrer par statut' }),
    }),
    operation: SmartleakproListWebhooksOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        formats: ['DOCUMENTED' as const],
        search: query.search,
        status: status.toGraph(query.statut),
        eventName: query.type_webhook && (eventsOfType(query.type_webhook)[0] ?? query.type_webhook),
      },
    }),
    response: z.object({ webhooks: z.array(Webhook), ...pageShape }),
    toResponse: ({ webhookEndpoints: { nodes, totalCount } }, { query }) => ({
      webhooks: nodes.map(webhookOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/webhooks',
    section,
    summary: "Créer un webhook. L'adresse n'est pas appelée avant le premier événement",
    credential: 'required',
    body: settings.extend({ nom: line(100), url: address, type_webhook: Type }),
    operation: SmartleakproCreateWebhookOperation,
    toVariables: ({ body }) => ({
      input: {
        ...settingsIn(body),
        name: body.nom,
        url: body.url,
        events: eventsOfType(body.type_webhook),
        format: 'DOCUMENTED' as const,
      },
    }),
    fields,
    status: 201,
    response: z
      .object({
        ...shape,
        secret: z
          .string()
          .nullable()
          .meta({ description: "Montré cette seule fois ; null si le client l'a donné", example: 'whsec_...' }),
      })
      .meta({ id: 'WebhookAvecSecret' }),
    toResponse: ({ createWebhookEndpoint: { webhookEndpoint, secret } }) => ({
      ...webhookOut(webhookEndpoint),
      secret: secret ?? null,
    }),
    examples: {
      body: {
        nom: 'string',
        description: 'string',
        url: 'https://webhook.site/test',
        type_webhook: 'intervention_created',
        secret: 'string',
        conditions: [{ field: 'data.statut', operator: 'equals', value: 'en_cours' }],
      },
    },
  }),
  route({
    method: 'get',
    path: '/webhooks/types/available',
    operationId: 'listWebhookTypes',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Types d'événements",
    credential: 'required',
    response: z.array(z.object({ type: Type, name: z.string(), description: z.string() })),
    answer: () => ({
      json: types.map((type) => ({ type, name: webhookTypes[type], description: webhookTypes[type] })),
    }),
  }),
  route({
    method: 'post',
    path: '/webhooks/trigger/:event_type',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Envoyer un événement d'essai à tous les webhooks de ce type (administrateurs)",
    credential: 'required',
    permission: 'events:write',
    params: z.object({ event_type: z.string().meta({ description: "Type d'événement" }) }),
    body: z.object(testEvent),
    operation: SmartleakproTriggerWebhooksOperation,
    toVariables: ({ params, body }) => ({ input: { eventName: params.event_type, event: eventIn(body) } }),
    fields: { ...testFields, eventName: 'event_type' },
    response: z.object({ message: z.string(), count: z.int() }),
    toResponse: ({ triggerWebhooks: { count } }) => ({ message: 'Événement envoyé aux webhooks', count }),
  }),
  route({
    method: 'get',
    path: '/webhooks/:id',
    section,
    summary: 'Récupérer un webhook par ID',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReadWebhookOperation,
    toVariables: ({ params }) => params,
    response: Webhook,
    toResponse: ({ webhookEndpoints: { nodes } }) => webhookOut(found(nodes[0], 'WebhookEndpoint')),
  }),
  route({
    method: 'put',
    path: '/webhooks/:id',
    section,
    summary: 'Mettre à jour un webhook : les champs donnés. Un nouveau `secret` remplace le précédent',
    credential: 'required',
    params: IdParams,
    body: settings.extend({
      nom: line(100).optional(),
      url: address.optional(),
      type_webhook: Type.optional(),
      statut: status.Word.optional().meta({ description: '`active` réactive aussi ce que le serveur a désactivé' }),
    }),
    operation: SmartleakproUpdateWebhookOperation,
    toVariables: ({ params, body }) => {
      const [isActive, isPaused] = body.statut ? stateOf[body.statut] : [];
      return {
        input: {
          id: params.id,
          ...settingsIn(body),
          name: body.nom,
          url: body.url,
          ...(body.type_webhook && { events: eventsOfType(body.type_webhook) }),
          isActive,
          isPaused,
        },
      };
    },
    fields,
    response: Webhook,
    toResponse: ({ updateWebhookEndpoint }) => webhookOut(updateWebhookEndpoint.webhookEndpoint),
  }),
  route({
    method: 'delete',
    path: '/webhooks/:id',
    section,
    summary: 'Supprimer un webhook et ses exécutions',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteWebhookOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/test',
    section,
    summary: "Tester un webhook : l'événement donné, ou un événement d'essai, est mis en file",
    credential: 'required',
    params: IdParams,
    body: z.object({
      ...testEvent,
      payload: z
        .string()
        .optional()
        .meta({ description: 'Avec `signature` : rien n’est envoyé, la signature est vérifiée' }),
      signature: z.string().max(200).optional(),
    }),
    check: ({ body }) =>
      (['payload', 'signature'] as const).flatMap((name, index) =>
        body[name] === undefined && body[index === 0 ? 'signature' : 'payload'] !== undefined
          ? [{ name, code: 'required' as const, message: 'Ce champ est obligatoire' }]
          : [],
      ),
    operation: SmartleakproTestWebhookOperation,
    toVariables: ({ params, body }) => ({
      id: params.id,
      verifies: body.signature !== undefined,
      payload: body.payload ?? '',
      signature: body.signature ?? '',
      event: eventIn(body),
    }),
    fields: testFields,
    response: Message,
    toResponse: ({ verifyWebhookSignature }) => {
      if (verifyWebhookSignature?.isValid === false)
        throw new Refusal('UNAUTHENTICATED', 'The signature is wrong', { reason: 'bad_signature' });
      return { message: verifyWebhookSignature ? 'Signature valide' : 'Test webhook envoyé avec succès' };
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/pause',
    section: beyondContract,
    summary: 'Suspendre un webhook : ses événements attendent',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproPauseWebhookOperation,
    toVariables: ({ params }) => params,
    response: Webhook,
    toResponse: ({ pauseWebhookEndpoint }) => webhookOut(pauseWebhookEndpoint.webhookEndpoint),
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/resume',
    section: beyondContract,
    summary: "Reprendre un webhook suspendu : ce qui attend part, dans l'ordre",
    credential: 'required',
    params: IdParams,
    operation: SmartleakproResumeWebhookOperation,
    toVariables: ({ params }) => params,
    response: Webhook,
    toResponse: ({ resumeWebhookEndpoint }) => webhookOut(resumeWebhookEndpoint.webhookEndpoint),
  }),
  route({
    method: 'post',
    path: '/webhooks/:id/rotate-secret',
    section: beyondContract,
    summary: 'Remplacer le secret ; le précédent reste valable 24 h dans `webhook-signature`',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproRotateWebhookSecretOperation,
    toVariables: ({ params }) => params,
    response: z.object({ secret: z.string().meta({ example: 'whsec_...' }) }),
    toResponse: ({ rotateWebhookSecret: { secret } }) => ({ secret: secret ?? '' }),
  }),
];
