import { nodeIdOf } from '../../../src/lib/node-id.js';
import { makeIntervention } from '../../support/fieldwork.js';
import { unique } from '../objects.js';
import { change, type Stage, type SubscriptionRow } from '../row.js';

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

/** The update that tells of a thing which was made without an event. */
async function update({ server }: Stage, { token }: Stage['right'], type: string, input: object): Promise<void> {
  const selection = `${type.charAt(0).toLowerCase()}${type.slice(1)} { id }`;
  const { errors } = await server.graphql(change(`update${type}`, `Update${type}Input`, selection), { input }, token);
  if (errors) throw new Error(JSON.stringify(errors));
}

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
  filingEvents: {
    document: 'subscription ($after: Position) { filingEvents(after: $after) { subjectId subjectNodeId } }',
    // How documents are filed is common knowledge; of somebody else's view nobody hears.
    happen: async (stage, owner) => {
      const { id } = await stage.make.savedView(owner);
      await update(stage, owner, 'SavedView', { id, name: unique('view') });
      return nodeIdOf('SavedView', id);
    },
    expect: { ...followers, admin: 'silent' },
  },
  viewerEvents: {
    document: 'subscription ($after: Position) { viewerEvents(after: $after) { name subjectId } }',
    // An administrator, who reads the whole log elsewhere, hears here of themselves only.
    happen: async (stage, owner) => {
      await update(stage, owner, 'User', { id: String(owner.id), city: unique('Ville') });
      return `"user.updated","subjectId":"${owner.id}"`;
    },
    expect: { ...followers, admin: 'silent' },
  },
  reportTemplateEvents: {
    who: 'manager',
    document: `subscription ($after: Position) {
      reportTemplateEvents(after: $after) { reportTemplateId reportTemplate { name } } }`,
    happen: async (stage) => {
      const name = unique('Modèle');
      await update(stage, stage.admin, 'ReportTemplate', {
        id: (await stage.make.reportTemplate(stage.admin)).id,
        name,
      });
      return name;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  clientEvents: {
    who: ['clients:read', 'clients:write'],
    document: 'subscription ($after: Position) { clientEvents(after: $after) { fields client { name } } }',
    happen: async (stage, owner) => {
      const { id, name } = await stage.make.client(owner);
      await update(stage, stage.admin, 'Client', { id, notes: 'changed' });
      return name;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  mediumEvents: {
    who: 'technicien',
    document:
      'subscription ($after: Position) { mediumEvents(after: $after) { interventionId medium { description } } }',
    happen: async (stage, owner) => {
      const { id, description } = await stage.make.medium(owner);
      await update(stage, stage.admin, 'Medium', { id, device: 'changed' });
      return description;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
  },
  maintenanceContractEvents: {
    who: 'technicien',
    document:
      'subscription ($after: Position) { maintenanceContractEvents(after: $after) { clientId maintenanceContract { title } } }',
    happen: async (stage, owner) => {
      const { id, title } = await stage.make.maintenanceContract(owner);
      await update(stage, stage.admin, 'MaintenanceContract', { id, location: 'changed' });
      return title;
    },
    expect: { ...followers, other: 'FORBIDDEN' },
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
