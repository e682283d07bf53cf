import { z } from 'zod';
import { untilMoment } from '../engine/read-values.js';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproGetAppointmentStatisticsOperation,
  SmartleakproTestSlotOperation,
  SmartleakproCreateAppointmentOperation,
  SmartleakproCreateCustomerLinkOperation,
  SmartleakproDeleteAppointmentOperation,
  SmartleakproListAppointmentsOperation,
  SmartleakproReadAppointmentOperation,
  SmartleakproUpdateAppointmentOperation,
} from './operations.gen.js';
import {
  beyondSection,
  ChangedRendezVous,
  detailsOf,
  fields,
  NewRendezVous,
  planningSection as section,
  RendezVous,
  rendezVousOut,
} from './planning-shapes.js';
import { found, IdParams, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';
import { appointmentStatus, interventionKind } from './words.js';

const moment = z.iso.datetime({ offset: true });

const readRoute = route({
  method: 'get',
  path: '/planning/:id',
  section,
  summary: 'Récupérer un rendez-vous par ID',
  credential: 'required',
  params: IdParams,
  operation: SmartleakproReadAppointmentOperation,
  toVariables: ({ params }) => params,
  response: RendezVous,
  toResponse: ({ appointment }) => rendezVousOut(found(appointment, 'Appointment')),
});

/** smartleakpro.md, « Planning »: appointments. What calendars read is in `calendar.ts`. */
export const planningRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/planning',
    section,
    summary: 'Liste des rendez-vous',
    credential: 'required',
    query: PageQuery.omit({ search: true }).extend({
      client_id: z.guid().optional(),
      statut: appointmentStatus.Word.optional(),
      date_debut: moment.optional().meta({ description: 'Qui commencent à cette date ou plus tard' }),
      date_fin: untilMoment().optional().meta({ description: 'Qui commencent avant ; un jour compte en entier' }),
      technicien: z.string().trim().max(255).optional().meta({ description: 'Partie du nom du responsable' }),
    }),
    operation: SmartleakproListAppointmentsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        clientId: query.client_id,
        status: appointmentStatus.toGraph(query.statut),
        startsAfter: query.date_debut,
        startsBefore: query.date_fin,
        technician: query.technicien,
      },
    }),
    response: z.object({ rendez_vous: z.array(RendezVous), ...pageShape }),
    toResponse: ({ appointments: { nodes, totalCount } }, { query }) => ({
      rendez_vous: nodes.map(rendezVousOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/planning',
    section,
    summary: 'Créer un rendez-vous',
    credential: 'required',
    body: NewRendezVous,
    operation: SmartleakproCreateAppointmentOperation,
    toVariables: ({ body }) => ({
      input: {
        id: body.id,
        clientId: body.client_id,
        startsAt: body.date_heure_debut,
        endsAt: body.date_heure_fin,
        ...detailsOf(body),
      },
    }),
    fields,
    status: 201,
    response: RendezVous,
    toResponse: ({ createAppointment: { appointment } }) => rendezVousOut(appointment),
    examples: {
      body: {
        client_id: '6f1c9f5e-52a4-4c1c-9f10-5b6f0c3a7d01',
        date_heure_debut: '2026-03-30T07:00:00Z',
        date_heure_fin: '2026-03-30T08:30:00Z',
        utilisateur_responsable: 'k.benali',
        notes: "Fuite sous l'évier",
        couleur: '#007bff',
        rappel_avant: 24,
      },
    },
  }),
  readRoute,
  route({
    method: 'put',
    path: '/planning/:id',
    section,
    summary: 'Mettre à jour un rendez-vous : les champs donnés',
    credential: 'required',
    params: IdParams,
    body: ChangedRendezVous,
    operation: SmartleakproUpdateAppointmentOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        version: body.version,
        startsAt: body.date_heure_debut,
        endsAt: body.date_heure_fin,
        ...detailsOf(body),
      },
    }),
    fields,
    current: readRoute,
    response: RendezVous,
    toResponse: ({ updateAppointment: { appointment } }) => rendezVousOut(appointment),
    examples: { body: { date_heure_debut: '2026-03-30T09:00:00.000Z', date_heure_fin: '2026-03-30T10:30:00.000Z' } },
  }),
  route({
    method: 'delete',
    path: '/planning/:id',
    section,
    summary: 'Supprimer un rendez-vous planifié ou annulé',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteAppointmentOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/planning/:id/customer-link',
    section: beyondSection,
    summary: 'Lien par lequel le client confirme le rendez-vous ou demande un autre horaire ; montré ici seulement',
    credential: 'required',
    params: IdParams,
    body: z.object({
      expires_at: moment.nullish().meta({ description: 'Absent : le lien finit avec le rendez-vous, même déplacé' }),
    }),
    operation: SmartleakproCreateCustomerLinkOperation,
    toVariables: ({ params, body }) => ({ input: { appointmentId: params.id, expiresAt: body.expires_at } }),
    fields: { expiresAt: 'expires_at' },
    status: 201,
    response: z.object({ url: z.string(), expires_at: Moment }),
    toResponse: ({ createCustomerLink: { url, expiresAt } }) => ({ url, expires_at: expiresAt }),
  }),
  route({
    method: 'post',
    path: '/planning/validate-creneau',
    section,
    summary: 'Un créneau est-il libre ?',
    credential: 'required',
    body: z.object({
      date_debut: moment,
      date_fin: moment,
      technicien: z.string().max(255).nullish(),
      client_id: z.guid().nullish(),
      rdv_id_exclu: z.guid().nullish().meta({ description: 'Rendez-vous qui serait déplacé' }),
    }),
    operation: SmartleakproTestSlotOperation,
    toVariables: ({ body }) => ({
      startsAt: body.date_debut,
      endsAt: body.date_fin,
      technician: body.technicien,
      clientId: body.client_id,
      exceptId: body.rdv_id_exclu,
    }),
    fields: {
      startsAt: 'date_debut',
      endsAt: 'date_fin',
      technician: 'technicien',
      clientId: 'client_id',
      exceptId: 'rdv_id_exclu',
    },
    response: z.object({ valid: z.boolean(), message: z.string() }),
    toResponse: ({ slotCheck: { isFree, conflictCount } }) => ({
      valid: isFree,
      message: isFree ? 'Créneau disponible' : overlapSentence(conflictCount),
    }),
    // Always 200 for what is a slot, also for one that ends before it begins.
    onProblem: ({ reason }) =>
      reason === 'appointment.ends_before_start'
        ? { status: 200, json: { valid: false, message: backwardsSentence } }
        : undefined,
  }),
  route({
    method: 'get',
    path: '/planning/stats/planning',
    section,
    summary: 'Chiffres du planning',
    credential: 'required',
    operation: SmartleakproGetAppointmentStatisticsOperation,
    toVariables: () => ({}),
    response: z.object({
      total_rdv: z.int(),
      rdv_aujourd_hui: z.int(),
      rdv_cette_semaine: z.int().meta({ description: 'Depuis lundi' }),
      rdv_en_retard: z.int().meta({ description: 'Passés et encore planifiés ou confirmés' }),
      par_statut: z.record(z.string(), z.int()),
      par_technicien: z.record(z.string(), z.int()),
    }),
    toResponse: ({ appointmentStatistics: { total, today, thisWeek, late, byStatus, byTechnician } }) => ({
      total_rdv: total,
      rdv_aujourd_hui: today,
      rdv_cette_semaine: thisWeek,
      rdv_en_retard: late,
      par_statut: byWord(byStatus.map(({ status, count }) => [appointmentStatus.toWord(status), count])),
      par_technicien: byWord(byTechnician.map(({ technician, count }) => [technician ?? unassigned, count])),
    }),
  }),
  route({
    method: 'get',
    path: '/planning/stats/summary',
    operationId: 'getPlanningSummary',
    section,
    summary: 'Résumé du planning',
    credential: 'required',
    operation: SmartleakproGetAppointmentStatisticsOperation,
    toVariables: () => ({}),
    response: z.object({
      par_statut: z.record(z.string(), z.int()),
      par_type: z.record(z.string(), z.int()).meta({ description: '`rdv` : sans intervention' }),
      cette_semaine: z.int(),
      total: z.int(),
    }),
    toResponse: ({ appointmentStatistics: { total, thisWeek, byStatus, byKind } }) => ({
      par_statut: byWord(byStatus.map(({ status, count }) => [appointmentStatus.toWord(status), count])),
      par_type: byWord(byKind.map(({ kind, count }) => [kind ? interventionKind.toWord(kind) : 'rdv', count])),
      cette_semaine: thisWeek,
      total,
    }),
  }),
];

const unassigned = 'Non assigné';

export const overlapSentence = (count: unknown): string => `Conflit détecté avec ${count} rendez-vous existant(s)`;
export const backwardsSentence = 'La date de fin doit être postérieure à la date de début';

/** Counts by name. Names are people's own words: `__proto__` is one like any other. */
function byWord(counts: readonly (readonly [string, number])[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
  return Object.fromEntries(sums);
}
