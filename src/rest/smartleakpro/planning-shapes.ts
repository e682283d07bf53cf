import { z } from 'zod';
import type { SmartleakproAppointmentFragment } from './operations.gen.js';
import { Moment, NewId, VersionSeen } from './shapes.js';
import { appointmentStatus, interventionKind } from './words.js';

export const planningSection = 'smartleakpro.md#planning';
export const beyondSection = 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts';

export const RendezVous = z
  .object({
    id: z.guid(),
    client_id: z.guid(),
    intervention_id: z.guid().nullable(),
    date_heure_debut: Moment,
    date_heure_fin: Moment,
    utilisateur_responsable: z
      .string()
      .nullable()
      .meta({ description: "Tel que donné : UUID ou nom d'utilisateur d'une personne, ou texte libre" }),
    notes: z.string().nullable(),
    couleur: z.string().nullable().meta({ example: '#007bff' }),
    rappel_avant: z.int().nullable().meta({ description: 'Heures avant le début' }),
    statut: appointmentStatus.Word,
    date_confirmation_client: Moment.nullable(),
    date_demande_deplacement: Moment.nullable(),
    demande_deplacement: z.string().nullable().meta({ description: 'Ce que le client demande, par son lien' }),
    version: z.int(),
    date_creation: Moment,
    date_modification: Moment,
    client: z
      .object({
        id: z.guid(),
        nom: z.string(),
        email: z.string().nullable(),
        telephone: z.string().nullable(),
      })
      .nullable(),
    intervention: z
      .object({ id: z.guid(), type_intervention: interventionKind.Word, description: z.string().nullable() })
      .nullable(),
  })
  .meta({ id: 'RendezVous' });

export const rendezVousOut = (appointment: SmartleakproAppointmentFragment): z.input<typeof RendezVous> => ({
  id: appointment.id,
  client_id: appointment.clientId,
  intervention_id: appointment.interventionId ?? null,
  date_heure_debut: appointment.startsAt,
  date_heure_fin: appointment.endsAt,
  utilisateur_responsable: appointment.technician ?? null,
  notes: appointment.notes ?? null,
  couleur: appointment.color ?? null,
  rappel_avant: appointment.reminderHours ?? null,
  statut: appointmentStatus.toWord(appointment.status),
  date_confirmation_client: appointment.confirmedByClientAt ?? null,
  date_demande_deplacement: appointment.moveRequestedAt ?? null,
  demande_deplacement: appointment.moveRequest ?? null,
  version: appointment.version,
  date_creation: appointment.createdAt,
  date_modification: appointment.updatedAt,
  client: appointment.client
    ? {
        id: appointment.client.id,
        nom: appointment.client.name,
        email: appointment.client.email ?? null,
        telephone: appointment.client.phone ?? null,
      }
    : null,
  intervention: appointment.intervention
    ? {
        id: appointment.intervention.id,
        type_intervention: interventionKind.toWord(appointment.intervention.kind),
        description: appointment.intervention.description ?? null,
      }
    : null,
});

const moment = z.iso.datetime({ offset: true });

/** What may be said of an appointment beside its times and its client. */
const details = {
  intervention_id: z.guid().nullish(),
  utilisateur_responsable: z.string().max(255).nullish(),
  notes: z.string().max(10_000).nullish(),
  couleur: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'Couleur #RRGGBB attendue')
    .nullish(),
  rappel_avant: z.int().min(0).max(8760).nullish(),
  statut: appointmentStatus.Word.nullish(),
};

export const NewRendezVous = z.object({
  id: NewId,
  client_id: z.guid(),
  date_heure_debut: moment,
  date_heure_fin: moment,
  ...details,
});

export const ChangedRendezVous = z.object({
  version: VersionSeen,
  date_heure_debut: moment.nullish(),
  date_heure_fin: moment.nullish(),
  ...details,
});

/** The graph's words for what is said in both. */
export const detailsOf = (body: z.output<typeof ChangedRendezVous>) => ({
  interventionId: body.intervention_id,
  technician: body.utilisateur_responsable,
  notes: body.notes,
  color: body.couleur,
  reminderHours: body.rappel_avant,
  status: appointmentStatus.toGraph(body.statut),
});

/** The dialect's names for the graph's fields of an appointment. */
export const fields = {
  clientId: 'client_id',
  interventionId: 'intervention_id',
  startsAt: 'date_heure_debut',
  endsAt: 'date_heure_fin',
  technician: 'utilisateur_responsable',
  color: 'couleur',
  reminderHours: 'rappel_avant',
  status: 'statut',
};
