import { makeIntervention } from '../../support/fieldwork.js';
import { unique } from '../objects.js';
import { change, type SubscriptionRow } from '../row.js';

const followers = {
  none: 'closed',
  broken: 'closed',
  expired: 'closed',
  revoked: 'closed',
  readOnly: 'ok',
  program: 'ok',
  other: 'silent',
  right: 'ok',
  admin: 'ok',
} as const;

export const subscriptionRows: Record<string, SubscriptionRow> = {
  documentEvents: {
    document: 'subscription ($after: Position) { documentEvents(after: $after) { documentId document { title } } }',
    happen: async ({ make }, owner) => (await make.document(owner)).title,
    expect: followers,
  },
  ingestEvents: {
    document: 'subscription ($after: Position) { ingestEvents(after: $after) { ingestId ingest { name } } }',
    happen: async ({ make }, owner) => (await make.ingest(owner)).name,
    expect: followers,
  },
  invoiceEvents: {
    document:
      'subscription ($after: Position) { invoiceEvents(after: $after) { invoiceId invoice { lines { description } } } }',
    happen: async ({ make }, owner) => (await make.invoice(owner)).description,
    expect: followers,
  },
  auditEvents: {
    who: ['events:read'],
    document:
      'subscription ($after: Position) { auditEvents(after: $after) { subjectType subjectId auditEvent { name data } } }',
    happen: async ({ make }) => (await make.task()).name,
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  transactionEvents: {
    document:
      'subscription ($after: Position) { transactionEvents(after: $after) { accountId transaction { description } } }',
    happen: async ({ make }, owner) => (await make.transaction(owner)).description,
    expect: { ...followers, admin: 'silent' },
  },
  importEvents: {
    document: 'subscription ($after: Position) { importEvents(after: $after) { accountId bankImport { fileName } } }',
    happen: async ({ make }, owner) => (await make.bankImport(owner)).fileName,
    expect: { ...followers, admin: 'silent' },
  },
  alertEvents: {
    who: ['monitoring:read'],
    document: 'subscription ($after: Position) { alertEvents(after: $after) { alertId alert { subjectName } } }',
    happen: async ({ make }) => (await make.alert()).subject,
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  taskEvents: {
    who: ['tasks:read'],
    document: 'subscription ($after: Position) { taskEvents(after: $after) { taskId task { name } } }',
    happen: async ({ make }) => (await make.task()).name,
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  pluginEvents: {
    who: ['plugins:read'],
    document: 'subscription ($after: Position) { pluginEvents(after: $after) { pluginId plugin { name } } }',
    happen: async ({ make }) => (await make.plugin()).name,
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  interventionEvents: {
    // All of them: who may read one may read every one.
    who: 'technicien',
    document:
      'subscription ($after: Position) { interventionEvents(after: $after) { clientId intervention { description } } }',
    happen: async ({ server, make, right }, owner) => {
      const { clientId, description } = await make.intervention(owner);
      await makeIntervention(server, right, { clientId, description });
      return description;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  appointmentEvents: {
    who: 'technicien',
    document: 'subscription ($after: Position) { appointmentEvents(after: $after) { type appointment { notes } } }',
    happen: async ({ make, server }, owner) => {
      const { id: clientId } = await make.client(owner);
      const notes = unique('appointment');
      const times = { startsAt: '2199-01-01T09:00:00Z', endsAt: '2199-01-01T10:00:00Z' };
      await server.graphql(
        change('createAppointment', 'CreateAppointmentInput', 'appointment { id }'),
        { input: { clientId, notes, ...times } },
        owner.token,
      );
      return notes;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  notifications: {
    document:
      'subscription ($after: Position) { notifications(after: $after) { notificationId notification { message title } } }',
    happen: async ({ make }, owner) => (await make.notification(owner)).title,
    expect: { ...followers, admin: 'silent' },
  },
  reportEvents: {
    who: ['reports:read', 'reports:write'],
    document: 'subscription ($after: Position) { reportEvents(after: $after) { reportId report { title } } }',
    happen: async ({ make, server, admin }, owner) => {
      const { id, title } = await make.report(owner);
      const changed = `${title} changed`;
      const query = 'mutation ($input: UpdateReportInput!) { updateReport(input: $input) { report { id } } }';
      await server.graphql(query, { input: { id, title: changed } }, admin.token);
      return changed;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
};
