import { z } from 'zod';
import { untilMoment } from '../engine/read-values.js';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproDownloadCalendarOperation,
  SmartleakproReadCalendarOperation,
  SmartleakproCreateCalendarFeedOperation,
  SmartleakproDeleteCalendarFeedOperation,
  SmartleakproListCalendarFeedsOperation,
  type SmartleakproCalendarEventFragment,
  type SmartleakproCalendarFeedFragment,
} from './operations.gen.js';
import { beyondSection, planningSection as section } from './planning-shapes.js';
import { IdParams, Moment } from './shapes.js';
import { appointmentStatus, interventionKind, interventionStatus } from './words.js';

const Colour = z.string().meta({ example: '#007bff' });

const Event = z
  .object({
    id: z.guid().meta({ description: "Du rendez-vous, ou de l'intervention qui n'en a pas" }),
    title: z.string().meta({ example: 'Dupont - detection' }),
    start: Moment,
    end: Moment,
    color: Colour,
    client: z.string(),
    intervention_id: z.guid().nullable(),
    backgroundColor: Colour,
    borderColor: Colour,
    textColor: Colour,
    extendedProps: z.object({
      statut: z.enum([...appointmentStatus.Word.options, ...interventionStatus.Word.options]),
      client: z.string(),
      intervention: interventionKind.Word.nullable(),
      technicien: z.string().nullable(),
      notes: z.string().nullable(),
      rappel_avant: z.int().nullable(),
      client_id: z.guid(),
      intervention_id: z.guid().nullable(),
    }),
  })
  .meta({ id: 'EvenementCalendrier' });

type Status = z.input<typeof Event>['extendedProps']['statut'];

/** DECISIONS.md, section 2; work that is under way is as good as confirmed. */
const colours: Record<Status, string> = {
  planifie: '#6c757d',
  confirme: '#007bff',
  annule: '#dc3545',
  termine: '#28a745',
  en_cours: '#007bff',
  valide: '#28a745',
  archive: '#6c757d',
};

function eventOut(event: SmartleakproCalendarEventFragment): z.input<typeof Event> {
  const client = event.clientName ?? '';
  const kind = interventionKind.toWord(event.kind) ?? null;
  const status: Status =
    appointmentStatus.toWord(event.appointmentStatus) ??
    interventionStatus.toWord(event.interventionStatus) ??
    'planifie';
  const color = event.color ?? colours[status];
  const interventionId = event.interventionId ?? null;
  return {
    id: String(event.appointmentId ?? event.interventionId),
    title: [client, kind ?? 'RDV'].filter(Boolean).join(' - '),
    start: event.startsAt,
    end: event.endsAt,
    color,
    client,
    intervention_id: interventionId,
    backgroundColor: color,
    borderColor: color,
    textColor: '#ffffff',
    extendedProps: {
      statut: status,
      client,
      intervention: kind,
      technicien: event.technician ?? null,
      notes: event.notes ?? null,
      rappel_avant: event.reminderHours ?? null,
      client_id: event.clientId,
      intervention_id: interventionId,
    },
  };
}

const Feed = z
  .object({
    id: z.guid(),
    url: z.string().nullable().meta({ description: 'Secrète ; nulle quand le serveur ne peut plus la lire' }),
    technicien: z.string().nullable().meta({ description: 'Nul : tout le monde' }),
  })
  .meta({ id: 'FluxCalendrier' });

const feedOut = ({ id, url, technician }: SmartleakproCalendarFeedFragment): z.input<typeof Feed> => ({
  id,
  url: url ?? null,
  technicien: technician ?? null,
});

const technicien = z.string().trim().max(255).optional();

/** smartleakpro.md, « GET /planning/calendar », and the calendar for programs that know iCalendar. */
export const calendarRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/planning/calendar',
    section,
    summary: 'Événements du calendrier : rendez-vous, et interventions qui n’en ont pas',
    credential: 'required',
    query: z.object({
      start: z.iso.datetime({ offset: true }).optional().meta({ description: 'Absente : il y a 90 jours' }),
      end: untilMoment().optional().meta({ description: 'Un jour compte en entier ; absente : dans un an' }),
      technicien: technicien.meta({ description: "Partie du nom, ou UUID d'une personne" }),
    }),
    operation: SmartleakproReadCalendarOperation,
    toVariables: ({ query: { start, end, technicien: technician } }) => ({ start, end, technician }),
    fields: { technician: 'technicien' },
    response: z.array(Event),
    toResponse: ({ calendar }) => calendar.map(eventOut),
  }),
  route({
    method: 'get',
    path: '/planning/calendar.ics',
    link: 'calendarFeed',
    section: 'DECISIONS.md#2-smartleakpro-api',
    summary: 'Le calendrier au format iCalendar, par token ou par le secret d’un flux',
    credential: 'optional',
    query: z.object({
      secret: z.string().max(200).optional().meta({ description: "Le secret d'un flux, dans son adresse" }),
      technicien: technicien.meta({ description: "UUID ou nom d'utilisateur d'une personne, ou texte libre" }),
    }),
    operation: SmartleakproDownloadCalendarOperation,
    toVariables: ({ query: { secret, technicien: technician } }) => ({ secret, technician }),
    produces: ['text/calendar'],
    reply: ({ calendarFile: { name, content } }) => ({
      headers: {
        'Content-Type': 'text/calendar; charset=utf-8',
        'Content-Disposition': `inline; filename="${name}"`,
        'Cache-Control': 'private, no-cache',
      },
      text: content,
    }),
  }),
  route({
    method: 'get',
    path: '/planning/calendar/feeds',
    section: beyondSection,
    summary: 'Ses flux de calendrier',
    credential: 'required',
    operation: SmartleakproListCalendarFeedsOperation,
    toVariables: () => ({}),
    response: z.array(Feed),
    toResponse: ({ calendarFeeds: { nodes } }) => nodes.map(feedOut),
  }),
  route({
    method: 'post',
    path: '/planning/calendar/feeds',
    section: beyondSection,
    summary: 'Créer un flux de calendrier : une adresse secrète, à suivre par un agenda',
    credential: 'required',
    body: z.object({
      technicien: z.string().max(255).nullish().meta({ description: 'De qui ; absent : tout le monde' }),
    }),
    operation: SmartleakproCreateCalendarFeedOperation,
    toVariables: ({ body }) => ({ input: { technician: body.technicien } }),
    fields: { technician: 'technicien' },
    status: 201,
    response: Feed,
    toResponse: ({ createCalendarFeed: { calendarFeed } }) => feedOut(calendarFeed),
  }),
  route({
    method: 'delete',
    path: '/planning/calendar/feeds/:id',
    section: beyondSection,
    summary: 'Supprimer un flux : son adresse répond alors 404',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteCalendarFeedOperation,
    toVariables: ({ params }) => params,
  }),
];
