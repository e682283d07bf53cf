import { type EntityProperty, MikroORM, ReferenceKind } from '@mikro-orm/postgresql';
import { expect, test } from 'vitest';
import { entitiesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';

/** Columns that no export shows, though another column of their table is shown. A new one needs a reason as good. */
const notShown: Readonly<Record<string, readonly string[]>> = {
  // Secrets, which are kept only as hashes, what an erasure sets, and what counts changes.
  users: ['erased_at', 'password_hash', 'version'],
  sessions: ['token_hash'],
  known_devices: ['token_hash'],
  api_tokens: ['token_hash'],
  api_keys: ['key_hash', 'updated_at'],
  role_assignments: ['updated_at'],
  // The text is in the file, which the export holds; the rest follows from the file, or counts changes.
  documents: ['content', 'filename', 'page_count', 'revision', 'text_status', 'version'],
  document_versions: ['page_count'],
  // How far the server is, or was.
  ingests: ['content_hash', 'done', 'process', 'size_bytes', 'started_at', 'step'],
  // What the firm's rules asked for and how it went on, which is the document's and not the person's.
  approvals: ['amount', 'currency', 'deadline', 'decided_role', 'level', 'rule_id'],
  approval_history: ['from_status', 'level', 'role', 'to_status'],
  approval_delegations: ['created_at', 'revoked_at'],
  // Shown by another column: the number's beginning, and whether there is a moment of reading; or counts edits.
  invoices: ['series', 'version'],
  notifications: ['is_read'],
  // Shown by what they say: whether there is an owner, parts, a reconciliation.
  categories: ['is_custom'],
  // How the document came to be linked.
  receipts: ['is_document_owned'],
  transactions: ['is_reconciled', 'is_split'],
  // How a run of the server's went is not about whoever asked for it.
  task_runs: ['attempt', 'due_at', 'error', 'failures', 'is_late', 'lease', 'leased_until', 'log'],
  // The firm's work at its clients': the export names what the person did, not what it was about.
  appointments: [
    'blocked_until',
    'cancelled_at',
    'client_id',
    'color',
    'confirmed_by_client_at',
    'created_at',
    'created_by_id',
    'deleted_at',
    'intervention_id',
    'move_request',
    'move_requested_at',
    'notes',
    'reminder_hours',
    'sequence',
    'updated_at',
    'version',
  ],
  work_entries: ['created_at', 'created_by_id'],
  interventions: [
    'client_id',
    'contract_day',
    'contract_id',
    'created_at',
    'created_by_id',
    'deleted_at',
    'description',
    'estimated_minutes',
    'finished_at',
    'follows_id',
    'latitude',
    'location',
    'longitude',
    'priority',
    'signatory_name',
    'signature_key',
    'signed_at',
    'started_at',
    'updated_at',
    'version',
  ],
  media: [
    'altitude',
    'annotations',
    'capture_mode',
    'content_hash',
    'content_key',
    'deleted_at',
    'device',
    'duration_seconds',
    'exif',
    'file_size',
    'gps_accuracy',
    'height',
    'inspection_id',
    'intervention_id',
    'kind',
    'latitude',
    'longitude',
    'mime_type',
    'page_count',
    'status',
    'tags',
    'taken_at',
    'thumbnail_key',
    'updated_at',
    'version',
    'width',
  ],
  reports: [
    'content',
    'content_key',
    'deleted_at',
    'description',
    'document_id',
    'error',
    'file_size',
    'filename',
    'format',
    'generated_at',
    'generation_id',
    'intervention_id',
    'kind',
    'mime_type',
    'progress',
    'requested_by_id',
    'template',
    'updated_at',
    'validated_at',
    'validated_by_id',
    'version',
    'with_media',
    'with_places',
  ],
};

/** The parts of all exports, as one text. */
const sql = modules
  .flatMap(({ personalData }) => Object.values(personalData?.exports ?? {}).map((part) => part.sql))
  .join('\n');

const isColumn = ({ kind, owner, persist }: EntityProperty): boolean =>
  persist !== false &&
  (kind === ReferenceKind.SCALAR || kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner));

/** How the exports call the tables that they read: `documents` as `d`. */
function aliasesOf(table: string): string[] {
  return [...sql.matchAll(new RegExp(`\\b(?:from|join) ${table} (\\w+)`, 'g'))].map(([, alias]) => alias as string);
}

test('every column of a table that names a person is shown in their export, or is left out for a reason', async () => {
  const orm = await MikroORM.init({ entities: entitiesOf(modules), dbName: 'unused' });
  const found: Record<string, string[]> = {};
  for (const { tableName, props } of orm.getMetadata().getAll().values()) {
    const aliases = aliasesOf(tableName);
    const columnsOnly = props.filter(isColumn);
    const namesPerson = columnsOnly.some(({ targetMeta }) => targetMeta?.tableName === 'users');
    if (!aliases.length || !(namesPerson || tableName === 'users')) continue;
    const columns = columnsOnly.flatMap(({ fieldNames = [] }) => fieldNames);
    const missing = [...new Set(columns)].filter(
      (column) => !aliases.some((alias) => new RegExp(`\\b${alias}\\.${column}\\b`).test(sql)),
    );
    if (missing.length) found[tableName] = missing.toSorted();
  }
  expect(found).toEqual(notShown);
});
