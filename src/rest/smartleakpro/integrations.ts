import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { wordPairs } from '../engine/word-pairs.js';
import {
  SmartleakproCreateIntegrationOperation,
  SmartleakproDeleteIntegrationOperation,
  type SmartleakproIntegrationFragment,
  SmartleakproListIntegrationsOperation,
  SmartleakproListIntegrationTypesOperation,
  SmartleakproReadIntegrationOperation,
  SmartleakproReadIntegrationStatusOperation,
  SmartleakproSyncIntegrationOperation,
  SmartleakproUpdateIntegrationOperation,
} from './operations.gen.js';
import { found, IdParams, line, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';

const section = 'smartleakpro.md#intégrations';

const kind = wordPairs({
  zapier: 'ZAPIER',
  n8n: 'N8N',
  custom: 'CUSTOM',
  salesforce: 'SALESFORCE',
  hubspot: 'HUBSPOT',
  mailchimp: 'MAILCHIMP',
  mqtt: 'MQTT',
});
const status = wordPairs({ active: 'ACTIVE', inactive: 'INACTIVE', non_disponible: 'UNAVAILABLE' });
const fieldType = wordPairs({
  url: 'URL',
  string: 'TEXT',
  password: 'SECRET',
  number: 'NUMBER',
  array: 'LIST',
  object: 'HEADERS',
});

const Configuration = z
  .record(z.string(), z.unknown())
  .meta({ description: 'Chiffrée ; les secrets sont montrés par `***`, et gardés quand ils reviennent ainsi' });

const Integration = z
  .object({
    id: z.uuid(),
    nom: z.string(),
    description: z.string(),
    type_integration: kind.Word,
    configuration: Configuration,
    statut: status.Word.meta({ description: '`non_disponible` : gardée, sans connexion à ce service' }),
    derniere_synchronisation: Moment.nullable(),
    nombre_synchronisations: z.int(),
    utilisateur_id: z.uuid().nullable(),
    date_creation: Moment,
    date_modification: Moment,
  })
  .meta({ id: 'Integration' });

const integrationOut = (integration: SmartleakproIntegrationFragment): z.input<typeof Integration> => ({
  id: integration.id,
  nom: integration.name,
  description: integration.description,
  type_integration: kind.toWord(integration.kind),
  configuration: integration.configuration as Record<string, unknown>,
  statut: status.toWord(integration.status),
  derniere_synchronisation: integration.lastSyncAt,
  nombre_synchronisations: integration.syncCount,
  utilisateur_id: integration.owner?.uuid ?? null,
  date_creation: integration.createdAt,
  date_modification: integration.updatedAt,
});

/** What people read of a kind, and of the keys of its configuration. */
const kindWords: Readonly<Record<string, { name: string; description: string }>> = {
  zapier: { name: 'Zapier', description: 'Envoie les événements à un Zap' },
  n8n: { name: 'n8n', description: 'Envoie les événements à un workflow n8n' },
  custom: { name: 'Personnalisée', description: 'Envoie les événements à votre propre service' },
  salesforce: { name: 'Salesforce', description: 'Clients et interventions dans Salesforce (pas encore disponible)' },
  hubspot: { name: 'HubSpot', description: 'Clients et interventions dans HubSpot (pas encore disponible)' },
  mailchimp: { name: 'Mailchimp', description: 'Clients dans une audience Mailchimp (pas encore disponible)' },
  mqtt: { name: 'MQTT', description: 'Événements sur un courtier MQTT (pas encore disponible)' },
};
const fieldWords: Readonly<Record<string, string>> = {
  webhook_url: 'Adresse qui reçoit les événements',
  api_key: 'Clé envoyée dans l’en-tête X-API-Key',
  auth_type: '`api_key` (par défaut), ou `bearer` : la clé est envoyée dans l’en-tête Authorization',
  headers: 'Autres en-têtes à envoyer',
  secret: 'Clé de la signature HMAC',
  evenements: 'Événements à envoyer ; tous par défaut',
  instance_url: "Adresse de l'instance",
  client_id: "Identifiant de l'application",
  client_secret: "Secret de l'application",
  username: "Nom d'utilisateur",
  password: 'Mot de passe',
  portal_id: 'Identifiant du portail',
  list_id: "Identifiant de l'audience",
  broker_url: 'Adresse du courtier',
  port: 'Port',
  topic: 'Sujet',
};

const fields = { kind: 'type_integration', name: 'nom', isActive: 'statut' };
const documented = {
  nom: 'string',
  description: 'string',
  type_integration: 'zapier',
  configuration: { webhook_url: 'https://hooks.zapier.com/test', api_key: 'string' },
};
const example = {
  id: '0b3f7a52-6b0e-4c52-9a3f-5d2d5e1f9c10',
  ...documented,
  configuration: { webhook_url: 'https://hooks.zapier.com/test', api_key: '***' },
  statut: 'active',
  derniere_synchronisation: null,
  nombre_synchronisations: 0,
  utilisateur_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  date_creation: '2026-02-03T10:00:00Z',
  date_modification: '2026-02-03T10:00:00Z',
};
const description = z.string().trim().max(1_000).nullish();

export const integrationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/integrations',
    section,
    summary: 'Liste des intégrations',
    credential: 'required',
    query: PageQuery.extend({ type_integration: kind.Word.optional(), statut: status.Word.optional() }),
    operation: SmartleakproListIntegrationsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        kind: kind.toGraph(query.type_integration),
        status: status.toGraph(query.statut),
        search: query.search,
      },
    }),
    response: z.object({ integrations: z.array(Integration), ...pageShape }),
    toResponse: ({ integrations: { nodes, totalCount } }, { query }) => ({
      integrations: nodes.map(integrationOut),
      ...pageOf(query, totalCount),
    }),
    examples: { response: { integrations: [example], total: 1, page: 1, size: 10, pages: 1 } },
  }),
  route({
    method: 'get',
    path: '/integrations/types/available',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: "Types d'intégration, et la configuration de chacun",
    credential: 'required',
    operation: SmartleakproListIntegrationTypesOperation,
    toVariables: () => ({}),
    response: z.array(
      z
        .object({
          type: kind.Word,
          name: z.string(),
          description: z.string(),
          disponible: z.boolean().meta({ description: 'Faux : gardée, sans connexion à ce service' }),
          configuration_fields: z.array(
            z.object({ name: z.string(), type: fieldType.Word, required: z.boolean(), description: z.string() }),
          ),
          supported_events: z.array(z.string()),
        })
        .meta({ id: 'TypeIntegration' }),
    ),
    toResponse: ({ integrationKinds }) =>
      integrationKinds.map((info) => {
        const type = kind.toWord(info.kind);
        return {
          type,
          name: kindWords[type]?.name ?? type,
          description: kindWords[type]?.description ?? '',
          disponible: info.isAvailable,
          configuration_fields: info.configurationFields.map((field) => ({
            name: field.name,
            type: fieldType.toWord(field.type),
            required: field.isRequired,
            description: fieldWords[field.name] ?? '',
          })),
          supported_events: info.supportedEvents,
        };
      }),
  }),
  route({
    method: 'post',
    path: '/integrations',
    section,
    summary: "Créer une intégration. Son adresse n'est pas appelée avant le premier événement",
    credential: 'required',
    body: z.object({ nom: line(100), description, type_integration: kind.Word, configuration: Configuration }),
    operation: SmartleakproCreateIntegrationOperation,
    toVariables: ({ body }) => ({
      input: {
        name: body.nom,
        description: body.description,
        kind: kind.toGraph(body.type_integration),
        configuration: body.configuration,
      },
    }),
    fields,
    status: 201,
    response: Integration,
    toResponse: ({ createIntegration }) => integrationOut(createIntegration.integration),
    examples: { body: documented, response: example },
  }),
  route({
    method: 'get',
    path: '/integrations/:id',
    section,
    summary: 'Récupérer une intégration par ID',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReadIntegrationOperation,
    toVariables: ({ params }) => params,
    response: Integration,
    toResponse: ({ integration }) => integrationOut(found(integration, 'Integration')),
    examples: { response: example },
  }),
  route({
    method: 'put',
    path: '/integrations/:id',
    section,
    summary: 'Mettre à jour une intégration : les champs donnés. `statut` la désactive et la réactive',
    credential: 'required',
    params: IdParams,
    body: z.object({
      nom: line(100).optional(),
      description,
      configuration: Configuration.nullish(),
      statut: status.Word.optional(),
    }),
    operation: SmartleakproUpdateIntegrationOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        name: body.nom,
        description: body.description,
        configuration: body.configuration,
        // What comes back as it was answered says nothing.
        isActive: body.statut === 'non_disponible' ? undefined : body.statut && body.statut === 'active',
      },
    }),
    fields,
    response: Integration,
    toResponse: ({ updateIntegration }) => integrationOut(updateIntegration.integration),
    examples: { body: { statut: 'inactive' } },
  }),
  route({
    method: 'delete',
    path: '/integrations/:id',
    section,
    summary: 'Supprimer une intégration, et ce qui attend de lui être envoyé',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteIntegrationOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/integrations/:id/sync',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: "Envoyer un événement d'essai ; 409 pour un type qui n'est pas disponible",
    credential: 'required',
    params: IdParams,
    operation: SmartleakproSyncIntegrationOperation,
    toVariables: ({ params }) => params,
    response: Integration.extend({ message: z.string() }),
    toResponse: ({ syncIntegration }) => ({
      ...integrationOut(syncIntegration.integration),
      message: 'Synchronisation lancée avec succès',
    }),
  }),
  route({
    method: 'get',
    path: '/integrations/:id/status',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'État d’une intégration et de ses envois',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReadIntegrationStatusOperation,
    toVariables: ({ params }) => params,
    response: z
      .object({
        id: z.uuid(),
        nom: z.string(),
        type_integration: kind.Word,
        statut: status.Word,
        message: z.string(),
        derniere_synchronisation: Moment.nullable(),
        nombre_synchronisations: z.int(),
        envois: z
          .object({
            reussis: z.int(),
            echoues: z.int(),
            en_attente: z.int(),
            dernier_envoi: Moment.nullable(),
            en_echec_depuis: Moment.nullable(),
            dernier_code_http: z.int().nullable(),
            derniere_erreur: z.string().nullable(),
          })
          .nullable()
          .meta({ description: "null pour un type qui n'est pas disponible" }),
      })
      .meta({ id: 'EtatIntegration' }),
    toResponse: ({ integration }) => {
      const { health, ...of } = found(integration, 'Integration');
      return {
        id: of.id,
        nom: of.name,
        type_integration: kind.toWord(of.kind),
        statut: status.toWord(of.status),
        message: messageOf(of.status, health),
        derniere_synchronisation: of.lastSyncAt,
        nombre_synchronisations: of.syncCount,
        envois: health && {
          reussis: health.deliveredCount,
          echoues: health.failedCount,
          en_attente: health.pendingCount,
          dernier_envoi: health.lastAttemptAt,
          en_echec_depuis: health.failingSince,
          dernier_code_http: health.lastHttpStatus,
          derniere_erreur: health.lastError,
        },
      };
    },
  }),
];

interface Health {
  disabledReason: 'GONE' | 'FAILING' | null;
  failingSince: string | null;
}

function messageOf(state: 'ACTIVE' | 'INACTIVE' | 'UNAVAILABLE', health: Health | null): string {
  if (state === 'UNAVAILABLE') return "Ce type d'intégration n'est pas encore disponible";
  if (health?.disabledReason === 'GONE') return "Désactivée : l'adresse a répondu 410, elle n'existe plus";
  if (health?.disabledReason === 'FAILING') return 'Désactivée : rien ne lui est parvenu depuis cinq jours';
  if (state === 'INACTIVE') return 'Désactivée';
  return health?.failingSince ? 'Active, mais les derniers envois ont échoué' : 'Active';
}
