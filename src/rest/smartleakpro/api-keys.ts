import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { type Route, route } from '../engine/route.js';
import {
  type SmartleakproApiKeyFragment,
  SmartleakproApiKeyUsageOperation,
  SmartleakproCreateApiKeyOperation,
  SmartleakproDeleteApiKeyOperation,
  SmartleakproListApiKeysOperation,
  SmartleakproReadApiKeyOperation,
  SmartleakproRegenerateApiKeyOperation,
  SmartleakproUpdateApiKeyOperation,
} from './operations.gen.js';
import { found, IdParams, line, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';

const section = 'smartleakpro.md#clés-api';

const Scope = z.enum(['read', 'write', 'admin', 'webhooks', 'integrations']);
type Scope = z.infer<typeof Scope>;
const Status = z.enum(['active', 'inactive', 'suspended', 'expired']);
type Status = z.infer<typeof Status>;
const Settable = Status.exclude(['expired']);

const shape = {
  id: z.uuid(),
  nom: z.string(),
  description: z.string(),
  prefixe: z.string().meta({ description: 'Premiers caractères de la clé', example: 'sk_Zk3xQ9a' }),
  scopes: z.array(Scope),
  limite_requetes_par_minute: z.int(),
  limite_requetes_par_jour: z.int(),
  limite_requetes_par_mois: z.int(),
  statut: Status,
  date_expiration: Moment.nullable(),
  date_creation: Moment,
  date_modification: Moment,
  derniere_utilisation: Moment.nullable(),
  requetes_total: z.number(),
  utilisateur_id: z.uuid(),
};
const ApiKey = z.object(shape).meta({ id: 'CleApi' });
const ApiKeyWithSecret = z
  .object({
    ...shape,
    cle_api: z.string().meta({ description: 'La clé entière, montrée cette seule fois', example: 'sk_...' }),
  })
  .meta({ id: 'CleApiEntiere' });

const keyOut = (key: SmartleakproApiKeyFragment): z.input<typeof ApiKey> => ({
  id: key.id,
  nom: key.name,
  description: key.description,
  prefixe: key.prefix,
  scopes: key.scopes.map(fromEnum),
  limite_requetes_par_minute: key.limitPerMinute,
  limite_requetes_par_jour: key.limitPerDay,
  limite_requetes_par_mois: key.limitPerMonth,
  statut: fromEnum(key.status),
  date_expiration: key.expiresAt ?? null,
  date_creation: key.createdAt,
  date_modification: key.updatedAt,
  derniere_utilisation: key.lastUsedAt ?? null,
  requetes_total: key.requestsTotal,
  utilisateur_id: key.user.uuid,
});

const settings = z.object({
  description: z.string().trim().max(1000).nullish(),
  scopes: z.array(Scope).min(1).max(20).optional().meta({ description: 'Par défaut `["read"]`' }),
  limite_requetes_par_minute: z.int().min(1).max(10_000).optional().meta({ description: 'Par défaut 100' }),
  limite_requetes_par_jour: z.int().min(1).max(1_000_000).optional().meta({ description: 'Par défaut 10 000' }),
  limite_requetes_par_mois: z.int().min(1).max(10_000_000).optional().meta({ description: 'Par défaut 300 000' }),
  date_expiration: z.iso.datetime({ offset: true }).nullish().meta({ description: "Dans l'avenir ; null : jamais" }),
});
const settingsIn = (body: z.output<typeof settings>) => ({
  description: body.description,
  scopes: body.scopes?.map(toEnum),
  limitPerMinute: body.limite_requetes_par_minute,
  limitPerDay: body.limite_requetes_par_jour,
  limitPerMonth: body.limite_requetes_par_mois,
  expiresAt: body.date_expiration,
});
const fields = {
  name: 'nom',
  limitPerMinute: 'limite_requetes_par_minute',
  limitPerDay: 'limite_requetes_par_jour',
  limitPerMonth: 'limite_requetes_par_mois',
  expiresAt: 'date_expiration',
  status: 'statut',
};
const name = line(100);

export const apiKeyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api-keys',
    section,
    summary: 'Liste des clés API : les siennes, ou toutes pour un administrateur',
    credential: 'required',
    query: PageQuery.extend({ statut: Status.optional().meta({ description: 'Filtrer par statut' }) }),
    operation: SmartleakproListApiKeysOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: { search: query.search, status: toEnum(query.statut) },
    }),
    response: z.object({ api_keys: z.array(ApiKey), ...pageShape }),
    toResponse: ({ apiKeys: { nodes, totalCount } }, { query }) => ({
      api_keys: nodes.map(keyOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/api-keys',
    section,
    summary: 'Créer une clé API',
    credential: 'required',
    body: settings.extend({ nom: name }),
    operation: SmartleakproCreateApiKeyOperation,
    toVariables: ({ body }) => ({ input: { name: body.nom, ...settingsIn(body) } }),
    fields,
    status: 201,
    response: ApiKeyWithSecret,
    toResponse: ({ createApiKey: { apiKey, secret } }) => ({ ...keyOut(apiKey), cle_api: secret }),
    examples: {
      body: {
        nom: 'string',
        description: 'string',
        scopes: ['read', 'write'],
        limite_requetes_par_minute: 100,
        limite_requetes_par_jour: 1000,
        limite_requetes_par_mois: 30000,
      },
    },
  }),
  route({
    method: 'get',
    path: '/api-keys/:id',
    section,
    summary: 'Récupérer une clé API par ID',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReadApiKeyOperation,
    toVariables: ({ params }) => params,
    response: ApiKey,
    toResponse: ({ apiKey }) => keyOut(found(apiKey, 'ApiKey')),
  }),
  route({
    method: 'put',
    path: '/api-keys/:id',
    section,
    summary: 'Mettre à jour une clé API : les champs donnés',
    credential: 'required',
    params: IdParams,
    body: settings.extend({
      nom: name.optional(),
      statut: Settable.optional().meta({ description: 'Seul un administrateur lève une suspension' }),
    }),
    operation: SmartleakproUpdateApiKeyOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        name: body.nom,
        ...settingsIn(body),
        ...(body.statut && { status: toEnum(body.statut) }),
      },
    }),
    fields,
    response: ApiKey,
    toResponse: ({ updateApiKey }) => keyOut(updateApiKey.apiKey),
  }),
  route({
    method: 'delete',
    path: '/api-keys/:id',
    section,
    summary: 'Supprimer une clé API',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteApiKeyOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/api-keys/:id/regenerate',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: "Remplacer le secret d'une clé API ; l'ancien est refusé aussitôt",
    credential: 'required',
    params: IdParams,
    operation: SmartleakproRegenerateApiKeyOperation,
    toVariables: ({ params }) => params,
    response: ApiKeyWithSecret,
    toResponse: ({ regenerateApiKey: { apiKey, secret } }) => ({ ...keyOut(apiKey), cle_api: secret }),
  }),
  route({
    method: 'get',
    path: '/api-keys/:id/usage',
    operationId: 'readApiKeyUsage',
    section: 'smartleakpro.md#métriques-disponibles',
    summary: "Utilisation d'une clé API, par jour",
    credential: 'required',
    params: IdParams,
    operation: SmartleakproApiKeyUsageOperation,
    toVariables: ({ params }) => params,
    response: z
      .object({
        id: z.uuid(),
        requetes_total: z.number(),
        refus_total: z.number().meta({ description: "Parmi elles, celles qu'une limite a refusées" }),
        derniere_utilisation: Moment.nullable(),
        jours: z
          .array(z.object({ date: z.iso.date(), requetes: z.number(), refus: z.number() }))
          .meta({ description: 'Les 90 derniers jours utilisés, du plus récent au plus ancien' }),
      })
      .meta({ id: 'UtilisationCleApi' }),
    toResponse: ({ apiKey }) => {
      const { id, requestsTotal, refusedTotal, lastUsedAt, days } = found(apiKey, 'ApiKey');
      return {
        id,
        requetes_total: requestsTotal,
        refus_total: refusedTotal,
        derniere_utilisation: lastUsedAt ?? null,
        jours: days.map(({ day, requests, refused }) => ({ date: day, requetes: requests, refus: refused })),
      };
    },
  }),
];
