import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeIdOf } from '../../src/lib/node-id.js';
import { settled } from '../support/events.js';
import { apiToken, fieldworkRights, keyRights } from './people.js';
import { type Theatre, openTheatre } from './play.js';
import type { Stage } from './row.js';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre?.server.stop());

type Id = number | string;

/** The id of the row that a condition finds. */
const rowOf =
  (table: string, condition: string) =>
  async ({ server }: Stage, value: Id): Promise<Id> => {
    const [row] = await server.sql(`select id::text as id from ${table} where ${condition}`, [value]);
    return row.id;
  };

/** Makes an object that concerns the right person alone, or those who may read all of its kind. */
const own: Record<string, (stage: Stage) => Promise<Id>> = {
  Document: async ({ make, right }) => (await make.document(right)).id,
  DocumentVersion: async (stage) =>
    rowOf('document_versions', 'document_id = ?')(stage, (await stage.make.versioned(stage.right)).id),
  DocumentHistoryEntry: async (stage) =>
    rowOf('document_history', 'document_id = ? limit 1')(stage, (await stage.make.document(stage.right)).id),
  DocumentFieldValue: async (stage) =>
    rowOf('document_field_values', 'document_id = ?')(stage, (await stage.make.fieldValue(stage.right)).id),
  DocumentNote: async ({ make, right }) => (await make.note(right)).id,
  ShareLink: async ({ make, right }) => (await make.shareLink(right)).id,
  SavedView: async ({ make, right }) => (await make.savedView(right)).id,
  Ingest: async ({ make, right }) => (await make.ingest(right)).id,
  Approval: async ({ make, right }) => (await make.submitted(right)).id,
  ApprovalStep: async (stage) =>
    rowOf('approval_history', 'approval_id = ?')(stage, (await stage.make.submitted(stage.right)).id),
  ApprovalDelegation: async ({ make, right }) => (await make.delegation(right)).id,
  Invoice: async ({ make, right }) => (await make.invoice(right)).id,
  InvoiceLine: async (stage) =>
    rowOf('invoice_lines', 'invoice_id = ?')(stage, (await stage.make.invoice(stage.right)).id),
  InvoiceReminder: async ({ make, right }) => (await make.reminder(right)).id,
  Payment: async ({ make, right }) => (await make.payment(right)).id,
  PaymentAllocation: async (stage) =>
    rowOf('payment_allocations', 'payment_id = ?')(stage, (await stage.make.payment(stage.right)).id),
  BankImport: async ({ make, right }) => (await make.bankImport(right)).id,
  BankImportRow: async (stage) =>
    rowOf('import_rows', 'import_id = ?')(stage, (await stage.make.bankImport(stage.right)).id),
  WebhookEndpoint: async ({ make, right }) => (await make.webhook(right)).id,
  WebhookDelivery: async ({ make, right }) => (await make.webhook(right)).deliveryId,
  WebhookReplay: async ({ make, right }) => (await make.webhook(right)).replayId,
  CalendarFeed: async ({ make, right }) => (await make.calendarFeed(right)).id,
  Notification: async ({ make, right }) => (await make.notification(right)).id,
  User: async ({ right }) => right.id,
  RoleAssignment: (stage) => rowOf('role_assignments', 'user_id = ? limit 1')(stage, stage.right.id),
  Role: async ({ make, right }) => (await make.role({ holder: right })).id,
  Permission: async (stage) => {
    await stage.make.role({ permission: 'events:read', holder: stage.right });
    return rowOf('permissions', 'name = ?')(stage, 'events:read');
  },
  Integration: async ({ server, make, right }) => {
    await make.role({ permission: 'integrations:read', holder: right });
    return (await make.integration(server.admin)).id;
  },
  Alert: async ({ make, right }) => {
    await make.role({ permission: 'monitoring:read', holder: right });
    return (await make.alert()).id;
  },
  Plugin: async ({ make, right }) => {
    await make.role({ permission: 'plugins:read', holder: right });
    return (await make.plugin()).id;
  },
  ServerProcess: async ({ make, right, server }) => {
    await make.role({ permission: 'monitoring:read', holder: right });
    return server.services.presence.id;
  },
  Task: async ({ make, right }) => {
    await make.role({ permission: 'tasks:read', holder: right });
    return (await make.task()).id;
  },
  TaskRun: async ({ make, right }) => {
    await make.role({ permission: 'tasks:read', holder: right });
    return (await make.taskRun()).id;
  },
  Session: async ({ make, right }) => (await make.session(right)).id,
  KnownDevice: async ({ make, right }) => (await make.device(right)).id,
  ApiToken: async ({ make, right }) => (await make.apiToken(right)).id,
  ApiKey: async ({ make, right }) => (await make.apiKey(right)).id,
  Passkey: async ({ make, right }) => (await make.passkey(right)).id,
  RecurrenceRule: async ({ make, right }) => (await make.recurrenceRule(right)).id,
  BankAccount: async ({ make, right }) => (await make.bankAccount(right)).id,
  AccountShare: async ({ make, right }) => (await make.accountShare(right, await make.person())).id,
  Budget: async ({ make, right }) => (await make.budget(right)).id,
  CategorizationRule: async ({ make, right }) => (await make.categorizationRule(right)).id,
  Category: async ({ make, right }) => (await make.category(right)).id,
  Transaction: async ({ make, right }) => (await make.transaction(right)).id,
  TransactionSplit: async (stage) =>
    rowOf('transaction_splits', 'transaction_id = ?')(stage, (await stage.make.splitTransaction(stage.right)).id),
  Reconciliation: async ({ make, right }) => (await make.reconciliation(right)).id,
  SupplierInvoice: async ({ make, right }) => (await make.supplierInvoice(right)).id,
  Receipt: async ({ make, right }) => (await make.receipt(right)).id,
  Transfer: async ({ make, right }) => (await make.transfer(right)).id,
  Client: async ({ make, right }) => (await make.client(right)).id,
  Intervention: async ({ make, right }) => (await make.intervention(right)).id,
  InterventionStatusChange: async ({ server, make, right }) =>
    (
      await server.sql(
        `insert into intervention_status_changes (intervention_id, to_status) values (?, 'planned') returning id`,
        [(await make.intervention(right)).id],
      )
    )[0].id,
  InterventionTechnician: async ({ server, make, right }) =>
    (
      await server.sql(
        `insert into intervention_technicians (intervention_id, position, name) values (?, 1, 'A') returning id`,
        [(await make.intervention(right)).id],
      )
    )[0].id,
  ChecklistItem: async ({ make, right }) => (await make.checklistItem(right)).id,
  WorkEntry: async ({ make, right }) => (await make.workEntry(right)).id,
  UsedPart: async ({ make, right }) => (await make.usedPart(right)).id,
  MaintenanceContract: async ({ make, right }) => (await make.maintenanceContract(right)).id,
  Inspection: async ({ make, right }) => (await make.inspection(right)).id,
  Appointment: async ({ make, right }) => (await make.appointment(right)).id,
  Medium: async ({ make, right }) => (await make.medium(right)).id,
  Report: async ({ make, right }) => (await make.report(right)).id,
  ReportTemplate: async ({ make, right }) => (await make.reportTemplate(right)).id,
  AuditEvent: async (stage) => {
    await stage.server.sql(`insert into events (type, subject_type, subject_id) values ('user.login', 'User', ?)`, [
      String(stage.right.id),
    ]);
    await settled(stage.server.app);
    return rowOf('audit_events', 'account_id = ? order by id desc limit 1')(stage, stage.right.id);
  },
};

const nodeTypes = [...readFileSync('schema/schema.graphql', 'utf8').matchAll(/^type (\w+) implements Node /gm)].map(
  ([, name]) => name as string,
);

/** What is not in `own` is seen by everybody who is signed in, and made by its name. */
const makerOf = (type: string): ((stage: Stage) => Promise<Id>) =>
  own[type] ??
  (async ({ make }) => {
    const makers = make as unknown as Record<string, (() => Promise<{ id: Id }>) | undefined>;
    const maker = makers[`${type.charAt(0).toLowerCase()}${type.slice(1)}`];
    if (!maker) throw new Error(`Nothing here makes a ${type}: add it to \`own\`, or to the objects of the matrix`);
    return (await maker()).id;
  });

/** Credentials that no program may read. */
const inPerson = ['ApiToken', 'ApiKey', 'Passkey'];

test.each(nodeTypes)(
  '%s: by its node id everybody gets what they may see, and null like for one that there is not',
  async (type) => {
    const { server, people, make } = theatre;
    const stage: Stage = {
      ...(await people.fresh({ who: [...keyRights, 'documents:own', ...fieldworkRights] })),
      server,
      make,
    };
    const nodeId = nodeIdOf(type, await makerOf(type)(stage));
    const ask = async (token: string | undefined): Promise<unknown> => {
      const { data, errors } = await server.graphql(
        'query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename nodeId } nodes(nodeIds: [$nodeId]) { nodeId } }',
        { nodeId },
        token,
      );
      if (errors) return errors.map(({ extensions }: any) => extensions.code);
      return [data.node, data.nodes];
    };
    const seen = [{ __typename: type, nodeId }, [{ nodeId }]];
    const unseen = [null, [null]];
    expect(await ask(stage.right.token)).toEqual(seen);
    expect(await ask(stage.other.token)).toEqual(type in own ? unseen : seen);
    const program = await apiToken(server, stage.right, { scopes: '{read,write}' });
    expect(await ask(program)).toEqual(inPerson.includes(type) ? unseen : seen);
    const writer = await apiToken(server, stage.right, { scopes: '{write}' });
    expect(await ask(writer)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(await ask(undefined)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  },
);
