import type { SubscriptionRow } from '../row.js';

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
  notifications: {
    document:
      'subscription ($after: Position) { notifications(after: $after) { notificationId notification { message title } } }',
    happen: async ({ make }, owner) => (await make.notification(owner)).title,
    expect: { ...followers, admin: 'silent' },
  },
};
