import { randomUUID } from 'node:crypto';
import type { Transaction } from '../db/sql-client.js';
import { raw, type Sql, sql } from '../db/sql.js';
import { badField, conflict } from '../lib/errors.js';
import { isUuid } from '../lib/uuid.js';

/** Tables whose rows may come with an id of the client's own making. */
export type ClientKeyedTable =
  | 'clients'
  | 'interventions'
  | 'appointments'
  | 'maintenance_contracts'
  | 'checklist_items'
  | 'inspections'
  | 'media'
  | 'reports'
  | 'used_parts'
  | 'work_entries';

/** Those whose rows are deleted at once, without a trash. */
const withoutTrash: readonly ClientKeyedTable[] = ['checklist_items', 'inspections', 'used_parts', 'work_entries'];

export interface InsertOnceOptions {
  table: ClientKeyedTable;
  /** Its type in the graph. */
  subject: string;
  /** A UUID from whoever was offline; absent or null: one is made. */
  id: string | null | undefined;
  /** Whose the row is to be; undefined: the server's. */
  userId: number | undefined;
  /** `insert … on conflict (id) do nothing returning id`, with the id that it is given. */
  insert: (id: string) => Sql;
}

/**
 * Inserts a row unless the same person made it before under the same id, so that a create that is sent again changes
 * nothing. Returns the id, in lower case, and whether the row is new. Throws BAD_USER_INPUT for what is no UUID,
 * CONFLICT with the reason `id_taken` when the id is another row's.
 */
export async function insertOnce(
  tx: Transaction,
  { table, subject, id: given, userId, insert }: InsertOnceOptions,
): Promise<{ id: string; isNew: boolean }> {
  if (given == null) {
    const id = randomUUID();
    await tx.all(insert(id));
    return { id, isNew: true };
  }
  if (!isUuid(given)) throw badField('id', 'invalid_format', 'must be a UUID');
  const id = given.toLowerCase();
  const [made] = await tx.all<{ id: string }>(insert(id));
  if (made) return { id, isNew: true };
  const own = await isMadeBefore(tx, { table, id, userId });
  if (!own) throw conflict('The id is taken by something else', { subject, reason: 'id_taken' });
  return { id, isNew: false };
}

/** Whether the same person made the row before under this id: `insertOnce` would find it. */
export async function isMadeBefore(
  tx: Transaction,
  { table, id, userId }: Pick<InsertOnceOptions, 'table' | 'id' | 'userId'>,
): Promise<boolean> {
  if (!isUuid(id)) return false;
  const notTrashed = withoutTrash.includes(table) ? 'true' : 'deleted_at is null';
  const maker = table === 'media' ? 'uploaded_by_id' : 'created_by_id';
  const row = await tx.first(sql`
    select 1 from ${raw(table)}
     where id = ${id}::uuid and ${raw(maker)} = ${userId ?? null}::int and ${raw(notTrashed)}`);
  return row !== undefined;
}
