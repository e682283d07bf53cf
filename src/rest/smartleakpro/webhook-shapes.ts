import { z } from 'zod';
import { toEnum } from '../engine/enum-words.js';
import { wordPairs } from '../engine/word-pairs.js';
import type { SmartleakproWebhookFragment } from './operations.gen.js';
import { Moment } from './shapes.js';
import { typeOfEvents, type WebhookType, webhookTypes } from './webhook-types.js';

export const types = Object.keys(webhookTypes) as [WebhookType, ...WebhookType[]];
export const Type = z.enum(types);
export const status = wordPairs({ active: 'ACTIVE', inactive: 'INACTIVE', suspendu: 'PAUSED' });
const operators = [
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'greater_than',
  'less_than',
  'in',
  'exists',
  'starts_with',
] as const;

/** What stands for the value of a header, and keeps it when it comes back. */
const mask = '***';
const usualAttempts = 8;

const Condition = z.object({
  field: z.string().max(200).meta({ description: "Chemin depuis la racine de l'événement", example: 'data.statut' }),
  operator: z.enum(operators),
  value: z.unknown().optional().meta({ example: 'en_cours' }),
});
export const shape = {
  id: z.guid(),
  nom: z.string(),
  description: z.string(),
  url: z.string(),
  type_webhook: z.string().meta({ example: 'intervention_created' }),
  statut: status.Word.meta({ description: '`suspendu` : les événements attendent' }),
  conditions: z.array(Condition),
  headers_customises: z.record(z.string(), z.string()).meta({ description: 'Les valeurs ne sont jamais montrées' }),
  ressources_filtrees: z.array(z.string()),
  nombre_tentatives_max: z.int(),
  delai_entre_tentatives: z
    .int()
    .nullable()
    .meta({ description: 'En secondes ; null : 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h' }),
  timeout: z.int().meta({ description: 'En secondes' }),
  utilisateur_id: z.guid().nullable(),
  derniere_execution: Moment.nullable(),
  nombre_executions_total: z.int(),
  nombre_executions_reussies: z.int(),
  nombre_executions_echec: z.int(),
  date_creation: Moment,
  date_modification: Moment,
};
export const Webhook = z.object(shape).meta({ id: 'Webhook' });

export const webhookOut = (webhook: SmartleakproWebhookFragment): z.input<typeof Webhook> => ({
  id: webhook.uuid,
  nom: webhook.name,
  description: webhook.description,
  url: webhook.url,
  type_webhook: typeOfEvents(webhook.events),
  statut: status.toWord(webhook.status),
  conditions: webhook.conditions.map(({ field, operator, value }) => ({
    field,
    operator: operator.toLowerCase() as (typeof operators)[number],
    value,
  })),
  headers_customises: Object.fromEntries(webhook.headerNames.map((name) => [name, mask])),
  ressources_filtrees: webhook.resourceIds,
  nombre_tentatives_max: webhook.maxAttempts ?? usualAttempts,
  delai_entre_tentatives: webhook.retryDelaySeconds ?? null,
  timeout: webhook.timeoutSeconds,
  utilisateur_id: webhook.owner?.uuid ?? null,
  derniere_execution: webhook.lastAttemptAt ?? null,
  nombre_executions_total: webhook.deliveredCount + webhook.failedCount,
  nombre_executions_reussies: webhook.deliveredCount,
  nombre_executions_echec: webhook.failedCount,
  date_creation: webhook.createdAt,
  date_modification: webhook.updatedAt,
});

export const settings = z.object({
  description: z.string().trim().max(1000).nullish(),
  secret: z
    .string()
    .min(6)
    .max(200)
    .nullish()
    .meta({ description: '6 à 200 caractères, ou `whsec_` suivi de base64 ; sinon le serveur en choisit un' }),
  conditions: z.array(Condition).max(20).nullish().meta({ description: 'Toutes doivent être vraies' }),
  headers_customises: z
    .record(z.string(), z.string())
    .nullish()
    .meta({ description: `\`${mask}\` garde la valeur d'un en-tête` }),
  ressources_filtrees: z.array(z.string()).max(200).nullish().meta({ description: 'Identifiants ; vide : toutes' }),
  nombre_tentatives_max: z.int().min(1).max(20).nullish().meta({ description: 'Par défaut 8' }),
  delai_entre_tentatives: z
    .int()
    .min(1)
    .max(86_400)
    .nullish()
    .meta({ description: "En secondes, le même à chaque fois. Par défaut l'échelle de 5 s à 10 h" }),
  timeout: z.int().min(1).max(30).nullish().meta({ description: 'En secondes, par défaut 10' }),
});
export const settingsIn = (body: z.output<typeof settings>) => ({
  description: body.description === null ? '' : body.description,
  secret: body.secret,
  conditions: body.conditions?.map(({ field, operator, value }) => ({ field, operator: toEnum(operator), value })),
  headers:
    body.headers_customises &&
    Object.entries(body.headers_customises).map(([name, value]) => ({ name, value: value === mask ? null : value })),
  resourceIds: body.ressources_filtrees,
  maxAttempts: body.nombre_tentatives_max,
  retryDelaySeconds: body.delai_entre_tentatives,
  timeoutSeconds: body.timeout,
});
export const fields = {
  name: 'nom',
  events: 'type_webhook',
  'events.*': 'type_webhook',
  headers: 'headers_customises',
  resourceIds: 'ressources_filtrees',
  maxAttempts: 'nombre_tentatives_max',
  retryDelaySeconds: 'delai_entre_tentatives',
  timeoutSeconds: 'timeout',
};
export const address = z.string().trim().min(1).max(2000);
