import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, inPerson, input, text } from '../row.js';

const read = { who: ['appointments:read'], expect: cells.grantedRead } as const;
const write = {
  who: ['appointments:write', 'appointments:read', 'clients:read'],
  otherWho: 'lecteur',
  expect: cells.grantedWrite,
} as const;
const slot = { startsAt: '2199-01-01T09:00:00Z', endsAt: '2199-01-01T10:00:00Z' };

export const planningQueryRows: Record<string, GraphqlRow> = {
  appointment: {
    ...read,
    document: byId('appointment', 'notes'),
    variables: ({ right, make }) => make.appointment(right),
    shows: text('notes'),
  },
  appointments: {
    ...read,
    document: 'query ($clientId: ID) { appointments(filter: { clientId: $clientId }) { nodes { notes } } }',
    variables: ({ right, make }) => make.appointment(right),
    shows: text('notes'),
  },
  appointmentStatistics: { ...read, document: '{ appointmentStatistics { total byTechnician { technician } } }' },
  slotCheck: {
    ...read,
    document:
      'query ($startsAt: DateTime!, $endsAt: DateTime!) { slotCheck(startsAt: $startsAt, endsAt: $endsAt) { isFree } }',
    variables: () => slot,
  },
  calendar: {
    ...read,
    document: '{ calendar(start: "2026-02-03T00:00:00Z", end: "2026-02-04T00:00:00Z") { notes } }',
    variables: ({ right, make }) => make.appointment(right),
    shows: text('notes'),
  },
  // Without the secret of a feed.
  calendarFile: { ...read, document: '{ calendarFile { content } }' },
  calendarFeeds: {
    document: '{ calendarFeeds(first: 100) { nodes { technician } } }',
    variables: ({ right, make }) => make.calendarFeed(right),
    shows: text('technician'),
    without: ['other', 'admin'],
    expect: inPerson(cells.anyRead),
  },
  customerVisit: {
    document: 'query ($token: String!) { customerVisit(token: $token) { clientName calendarFile { name } } }',
    variables: ({ right, make }) => make.linkedAppointment(right),
    shows: text('clientName'),
    expect: cells.open,
  },
};

export const planningMutationRows: Record<string, GraphqlRow> = {
  createAppointment: {
    ...write,
    document: change('createAppointment', 'CreateAppointmentInput', 'appointment { id }'),
    variables: input(async ({ right, make }) => ({ clientId: (await make.client(right)).id, ...slot })),
  },
  updateAppointment: {
    ...write,
    document: change('updateAppointment', 'UpdateAppointmentInput', 'appointment { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.appointment(right)).id, notes: unique('note') })),
  },
  deleteAppointment: {
    ...write,
    document: change('deleteAppointment', 'DeleteAppointmentInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.appointment(right)).id })),
  },
  createCustomerLink: {
    ...write,
    document: change('createCustomerLink', 'CreateCustomerLinkInput', 'expiresAt'),
    variables: input(async ({ right, make }) => ({ appointmentId: (await make.linkedAppointment(right)).id })),
  },
  answerCustomerVisit: {
    document: change('answerCustomerVisit', 'AnswerCustomerVisitInput', 'customerVisit { isConfirmed }'),
    variables: input(async ({ right, make }) => ({
      token: (await make.linkedAppointment(right)).token,
      answer: 'CONFIRM',
    })),
    expect: cells.open,
  },
  createCalendarFeed: {
    who: ['appointments:read'],
    document: change('createCalendarFeed', 'CreateCalendarFeedInput', 'calendarFeed { id }'),
    variables: input(() => ({ technician: unique('technicien') })),
    expect: inPerson(cells.grantedWrite),
  },
  deleteCalendarFeed: {
    document: change('deleteCalendarFeed', 'DeleteCalendarFeedInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.calendarFeed(right)).id })),
    expect: { ...inPerson(cells.ownWrite), admin: 'NOT_FOUND' },
  },
};
