import { z } from 'zod';
import { untilMoment } from '../engine/read-values.js';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproChangeInterventionStatusOperation,
  SmartleakproCreateInterventionOperation,
  SmartleakproDeleteInterventionOperation,
  type SmartleakproInterventionFragment,
  SmartleakproListInterventionsOperation,
  SmartleakproReadInterventionOperation,
  SmartleakproSummarizeInterventionsOperation,
  SmartleakproUpdateInterventionOperation,
} from './operations.gen.js';
import { found, IdParams, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';
import { interventionKind, interventionPriority, interventionStatus } from './words.js';

const section = 'smartleakpro.md#interventions';

const shape = {
  id: z.guid(),
  client_id: z.guid(),
  date_intervention: Moment,
  type_intervention: interventionKind.Word,
  statut: interventionStatus.Word,
  lieu: z.string().nullable(),
  description: z.string().nullable(),
  technicien_assigné: z.string().nullable(),
  priorite: interventionPriority.Word,
  duree_estimee: z.int().nullable().meta({ description: 'En minutes' }),
  latitude: z.string().nullable(),
  longitude: z.string().nullable(),
  date_debut: Moment.nullable(),
  date_fin: Moment.nullable(),
  date_creation: Moment,
  date_modification: Moment,
  version: z.int().meta({ description: 'Augmente à chaque modification : à renvoyer avec un PUT' }),
  client: z
    .object({ id: z.guid(), nom: z.string(), email: z.string().nullable(), telephone: z.string().nullable() })
    .nullable()
    .meta({ description: 'null sans le droit de lire les clients' }),
};
const Intervention = z.object(shape).meta({ id: 'Intervention' });

const textOf = (degrees: number | null | undefined): string | null => (degrees == null ? null : String(degrees));

export const interventionOut = (found: SmartleakproInterventionFragment): z.input<typeof Intervention> => ({
  id: found.id,
  client_id: found.clientId,
  date_intervention: found.scheduledAt,
  type_intervention: interventionKind.toWord(found.kind),
  statut: interventionStatus.toWord(found.status),
  lieu: found.location ?? null,
  description: found.description ?? null,
  technicien_assigné: found.technician ?? null,
  priorite: interventionPriority.toWord(found.priority),
  duree_estimee: found.estimatedMinutes ?? null,
  latitude: textOf(found.latitude),
  longitude: textOf(found.longitude),
  date_debut: found.startedAt ?? null,
  date_fin: found.finishedAt ?? null,
  date_creation: found.createdAt,
  date_modification: found.updatedAt,
  version: found.version,
  client: found.client
    ? {
        id: found.client.id,
        nom: found.client.name,
        email: found.client.email ?? null,
        telephone: found.client.phone ?? null,
      }
    : null,
});

const moment = z.iso.datetime({ offset: true });
const facts = z.object({
  lieu: z.string().max(500).nullish(),
  description: z.string().max(10_000).nullish(),
  technicien_assigné: z
    .string()
    .max(255)
    .nullish()
    .meta({ description: "UUID ou nom d'utilisateur d'une personne, ou texte libre" }),
  technicien_assigne: z.string().max(255).nullish().meta({ description: 'Comme `technicien_assigné`' }),
  priorite: interventionPriority.Word.nullish().meta({ description: 'Par défaut `normale`' }),
  duree_estimee: z.int().min(1).max(100_000).nullish().meta({ description: 'En minutes' }),
  latitude: z.number().min(-90).max(90).nullish().meta({ description: 'Nombre ou texte', example: 48.856614 }),
  longitude: z.number().min(-180).max(180).nullish().meta({ description: 'Nombre ou texte', example: 2.352222 }),
  date_debut: moment.nullish().meta({ description: 'Début du travail, noté au passage à `en_cours`' }),
  date_fin: moment.nullish().meta({ description: 'Fin du travail, notée quand il se termine' }),
});
const factsIn = (body: z.output<typeof facts>) => ({
  location: body.lieu,
  description: body.description,
  technician: firstGiven(body.technicien_assigné, body.technicien_assigne),
  priority: interventionPriority.toGraph(body.priorite),
  estimatedMinutes: body.duree_estimee,
  latitude: body.latitude,
  longitude: body.longitude,
  startedAt: body.date_debut,
  finishedAt: body.date_fin,
});
const fields = {
  clientId: 'client_id',
  scheduledAt: 'date_intervention',
  kind: 'type_intervention',
  status: 'statut',
  priority: 'priorite',
  location: 'lieu',
  technician: 'technicien_assigné',
  estimatedMinutes: 'duree_estimee',
  startedAt: 'date_debut',
  finishedAt: 'date_fin',
};

const documented = {
  date_intervention: '2026-02-03T10:00:00Z',
  type_intervention: 'inspection',
  statut: 'planifie',
  lieu: 'string',
  description: 'string',
  technicien_assigné: 'string',
};

const readRoute = route({
  method: 'get',
  path: '/interventions/:id',
  section: 'DECISIONS.md#2-smartleakpro-api',
  summary: 'Récupérer une intervention par ID',
  credential: 'required',
  params: IdParams,
  operation: SmartleakproReadInterventionOperation,
  toVariables: ({ params }) => params,
  response: Intervention,
  toResponse: ({ intervention }) => interventionOut(found(intervention, 'Intervention')),
});

export const interventionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/interventions',
    section,
    summary: 'Liste des interventions, la plus récente en premier',
    credential: 'required',
    query: PageQuery.extend({
      client_id: z.guid().optional().meta({ description: 'Filtrer par client' }),
      statut: interventionStatus.Word.optional().meta({ description: 'Filtrer par statut' }),
      type_intervention: interventionKind.Word.optional().meta({ description: 'Filtrer par type' }),
      priorite: interventionPriority.Word.optional().meta({ description: 'Filtrer par priorité' }),
      technicien: z.string().trim().max(255).optional().meta({ description: 'Dont le technicien contient ce texte' }),
      date_debut: moment.optional().meta({ description: 'Date de début' }),
      date_fin: untilMoment().optional().meta({ description: 'Date de fin, ce jour compris' }),
    }),
    operation: SmartleakproListInterventionsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        search: query.search,
        clientId: query.client_id,
        status: interventionStatus.toGraph(query.statut),
        kind: interventionKind.toGraph(query.type_intervention),
        priority: interventionPriority.toGraph(query.priorite),
        technician: query.technicien,
        scheduledAfter: query.date_debut,
        scheduledBefore: query.date_fin,
      },
    }),
    response: z.object({ interventions: z.array(Intervention), ...pageShape }),
    toResponse: ({ interventions: { nodes, totalCount } }, { query }) => ({
      interventions: nodes.map(interventionOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/interventions',
    section,
    summary: 'Créer une intervention : elle est planifiée',
    credential: 'required',
    body: facts.extend({
      id: z.guid().nullish().meta({ description: "UUID choisi par l'appelant : envoyé deux fois, une seule création" }),
      client_id: z.guid(),
      date_intervention: moment,
      type_intervention: interventionKind.Word,
      statut: interventionStatus.Word.nullish().meta({ description: 'Sans effet : toujours `planifie` au début' }),
    }),
    operation: SmartleakproCreateInterventionOperation,
    toVariables: ({ body }) => ({
      input: {
        id: body.id,
        clientId: body.client_id,
        scheduledAt: body.date_intervention,
        kind: interventionKind.toGraph(body.type_intervention),
        ...factsIn(body),
      },
    }),
    fields,
    status: 201,
    response: Intervention,
    toResponse: ({ createIntervention }) => interventionOut(createIntervention.intervention),
    examples: { body: { client_id: '3f0e5b2a-d1a4-4d1c-9a55-0f6a1c1f8a11', ...documented } },
  }),
  route({
    method: 'get',
    path: '/interventions/stats/summary',
    operationId: 'readInterventionStatistics',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Nombre d'interventions, par statut et par type",
    credential: 'required',
    operation: SmartleakproSummarizeInterventionsOperation,
    toVariables: () => ({}),
    response: z
      .object({
        par_statut: z.record(z.string(), z.int()),
        par_type: z.record(z.string(), z.int()),
        cette_semaine: z.int().meta({ description: 'Créées ces sept derniers jours' }),
        total: z.int(),
      })
      .meta({ id: 'ResumeInterventions' }),
    toResponse: ({ interventionStatistics: { total, thisWeek, byStatus, byKind } }) => ({
      par_statut: countsOf(byStatus.map(({ status, count }) => [interventionStatus.toWord(status), count])),
      par_type: countsOf(byKind.map(({ kind, count }) => [interventionKind.toWord(kind), count])),
      cette_semaine: thisWeek,
      total,
    }),
    examples: {
      response: {
        par_statut: { planifie: 12, en_cours: 3, valide: 8, archive: 27 },
        par_type: { inspection: 20, detection: 15, reparation: 10, maintenance: 4, autre: 1 },
        cette_semaine: 6,
        total: 50,
      },
    },
  }),
  readRoute,
  route({
    method: 'put',
    path: '/interventions/:id',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Mettre à jour une intervention : les champs donnés',
    credential: 'required',
    params: IdParams,
    body: facts.extend({
      date_intervention: moment.optional(),
      type_intervention: interventionKind.Word.optional(),
      statut: interventionStatus.Word.optional().meta({ description: 'Selon les mêmes règles que `change-status`' }),
      version: z.int().min(1).nullish().meta({ description: 'Celle qui a été lue : 409 si elle a changé depuis' }),
    }),
    operation: SmartleakproUpdateInterventionOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        version: body.version,
        scheduledAt: body.date_intervention,
        kind: interventionKind.toGraph(body.type_intervention),
        status: interventionStatus.toGraph(body.statut),
        ...factsIn(body),
      },
    }),
    fields,
    current: readRoute,
    response: Intervention,
    toResponse: ({ updateIntervention }) => interventionOut(updateIntervention.intervention),
  }),
  route({
    method: 'delete',
    path: '/interventions/:id',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Supprimer une intervention, avec ses rendez-vous, médias et rapports',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteInterventionOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/interventions/:id/change-status',
    section,
    summary: "Changer le statut d'une intervention",
    credential: 'required',
    params: IdParams,
    body: z.object({
      nouveau_statut: interventionStatus.Word,
      commentaire: z.string().max(2000).nullish(),
      date_debut: moment.nullish().meta({ description: 'Par défaut celle qui est notée, sinon maintenant' }),
      date_fin: moment.nullish().meta({ description: 'Par défaut celle qui est notée, sinon maintenant' }),
    }),
    operation: SmartleakproChangeInterventionStatusOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        status: interventionStatus.toGraph(body.nouveau_statut),
        comment: body.commentaire,
        startedAt: body.date_debut,
        finishedAt: body.date_fin,
      },
    }),
    fields: { ...fields, status: 'nouveau_statut', comment: 'commentaire' },
    response: z.object({ ...shape, message: z.string() }).meta({ id: 'InterventionChangee' }),
    toResponse: ({ changeInterventionStatus }) => ({
      ...interventionOut(changeInterventionStatus.intervention),
      message: 'Statut changé avec succès',
    }),
    examples: { body: { nouveau_statut: 'en_cours', commentaire: 'string' } },
  }),
];

const firstGiven = <T>(one: T | undefined, other: T | undefined): T | undefined => (one === undefined ? other : one);

function countsOf<W extends string>(counts: readonly (readonly [W, number])[]): Record<W, number> {
  return Object.fromEntries(counts) as Record<W, number>;
}

type Standing = SmartleakproInterventionFragment['status'];

/** DECISIONS.md, section 2; both as the graph has them. */
export const wordsOfTransition = (details: Readonly<Record<string, unknown>>): string => {
  const [from, to] = [details['from'], details['to']].map((status) => interventionStatus.toWord(status as Standing));
  return `Transition invalide de ${from} vers ${to}`;
};
