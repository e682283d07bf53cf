import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { open, grantedRead, grantedWrite, anyRead, ownWrite, inPerson } = restCells({ forbidden: 403 });
const api = '/api/planning';
const slot = { date_heure_debut: '2199-01-01T09:00:00Z', date_heure_fin: '2199-01-01T10:00:00Z' };
const read = { who: ['appointments:read'], expect: grantedRead() } as const;
const writer = { who: ['appointments:write', 'appointments:read', 'clients:read'], otherWho: 'lecteur' } as const;

export const smartleakproPlanningRows: Record<string, RestRow> = {
  'GET /api/planning': {
    ...read,
    request: async ({ right, make }) => {
      const { clientId, notes } = await make.appointment(right);
      return { path: `${api}?client_id=${clientId}`, shows: notes };
    },
  },
  'GET /api/planning/:id': {
    ...read,
    request: async ({ right, make }) => {
      const { id, notes } = await make.appointment(right);
      return { path: `${api}/${id}`, shows: notes };
    },
  },
  'POST /api/planning': {
    ...writer,
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({ path: api, json: { client_id: (await make.client(right)).id, ...slot } }),
  },
  'PUT /api/planning/:id': {
    ...writer,
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.appointment(right)).id}`,
      json: { notes: unique('note') },
    }),
  },
  'DELETE /api/planning/:id': {
    ...writer,
    expect: grantedWrite(204),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.appointment(right)).id}` }),
  },
  'POST /api/planning/:id/customer-link': {
    ...writer,
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.linkedAppointment(right)).id}/customer-link`,
      json: {},
    }),
  },
  // It asks, and changes nothing.
  'POST /api/planning/validate-creneau': {
    ...read,
    changes: false,
    request: () => ({
      path: `${api}/validate-creneau`,
      json: { date_debut: slot.date_heure_debut, date_fin: slot.date_heure_fin },
    }),
  },
  'GET /api/planning/stats/planning': { ...read, request: () => ({ path: `${api}/stats/planning` }) },
  'GET /api/planning/stats/summary': { ...read, request: () => ({ path: `${api}/stats/summary` }) },
  'GET /api/planning/calendar': {
    ...read,
    request: async ({ right, make }) => {
      const { notes } = await make.appointment(right);
      return { path: `${api}/calendar?start=2026-02-03&end=2026-02-03`, shows: notes };
    },
  },
  // Without the secret of a feed.
  'GET /api/planning/calendar.ics': { ...read, request: () => ({ path: `${api}/calendar.ics` }) },
  'GET /api/planning/calendar/feeds': {
    without: ['other', 'admin'],
    expect: inPerson(anyRead()),
    request: async ({ right, make }) => {
      const { technician } = await make.calendarFeed(right);
      return { path: `${api}/calendar/feeds`, shows: technician };
    },
  },
  'POST /api/planning/calendar/feeds': {
    who: ['appointments:read'],
    expect: inPerson(grantedWrite(201)),
    request: () => ({ path: `${api}/calendar/feeds`, json: { technicien: unique('technicien') } }),
  },
  'DELETE /api/planning/calendar/feeds/:id': {
    expect: { ...inPerson(ownWrite(204)), admin: 404 },
    request: async ({ right, make }) => ({ path: `${api}/calendar/feeds/${(await make.calendarFeed(right)).id}` }),
  },
  'GET /rdv/:token': {
    expect: open(),
    request: async ({ right, make }) => {
      const { token, clientName } = await make.linkedAppointment(right);
      return { path: `/rdv/${token}`, shows: clientName };
    },
  },
  'POST /rdv/:token': {
    expect: open(303),
    request: async ({ right, make }) => ({
      path: `/rdv/${(await make.linkedAppointment(right)).token}`,
      form: { reponse: 'confirmer' },
    }),
  },
};
