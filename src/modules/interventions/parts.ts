import type { Transaction } from '../../db/sql-client.js';
import { holds, raw, type Sql, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { refuseBeyond } from '../../kernel/bounds.js';
import type { CommandContext } from '../../kernel/command.js';
import type { Viewer } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { visibleInterventions } from './intervention.policy.js';

/** What belongs to an intervention, in a table of its own. */
export interface Part {
  table: 'checklist_items' | 'work_entries' | 'used_parts' | 'inspections';
  /** Its type in the graph. */
  subject: string;
  /** How the intervention calls them: what its event names. */
  field: string;
  /** Of one intervention. */
  most: number;
}

/** The intervention of a part, which nobody else changes. */
export interface Parent {
  interventionId: string;
  clientId: string;
  technicianUserId: number | null;
  version: number;
}

const parentColumns = raw(`t.id as "interventionId", t.client_id as "clientId",
  t.technician_user_id as "technicianUserId", t.version`);

/** Locks an intervention to which `added` parts are added. Throws NOT_FOUND, CONFLICT when there would be too many. */
export async function lockParent(
  tx: Transaction,
  viewer: Viewer,
  id: string,
  { part, added = 1 }: { part: Part; added?: number },
): Promise<Parent> {
  const parent = isUuid(id)
    ? await tx.first<Parent>(sql`
        select ${parentColumns} from interventions t
         where t.id = ${id}::uuid and ${holds(visibleInterventions(viewer), 't')} for no key update`)
    : undefined;
  if (!parent) throw notFound('Intervention');
  const rows = sql`select 1 from ${raw(part.table)} where intervention_id = ${parent.interventionId}::uuid`;
  await refuseBeyond(tx, part.subject, part.most - added + 1, rows);
  return parent;
}

/** A part with its intervention, both locked. `columns` are of the part, `p`. Throws NOT_FOUND. */
export async function lockPart<R extends object>(
  tx: Transaction,
  viewer: Viewer,
  { part: { table, subject }, id, columns }: { part: Part; id: string; columns: Sql },
): Promise<R & Parent & { id: string }> {
  const row = isUuid(id)
    ? await tx.first<R & Parent & { id: string }>(sql`
        select p.id, ${columns}, ${parentColumns}
          from ${raw(table)} p join interventions t on t.id = p.intervention_id
         where p.id = ${id}::uuid and ${holds(visibleInterventions(viewer), 't')} for no key update`)
    : undefined;
  if (!row) throw notFound(subject);
  return row;
}

/** Removes a part that is locked. */
export async function removePart(
  tx: Transaction,
  ctx: CommandContext,
  { part, row }: { part: Part; row: Parent & { id: string } },
): Promise<string> {
  await tx.send(sql`delete from ${raw(part.table)} where id = ${row.id}::uuid`);
  await notePart(tx, ctx, part, row);
  return row.id;
}

/** Parts have no share in the version of their intervention: who adds one hinders nobody who changes another. */
export const notePart = (
  tx: Transaction,
  ctx: CommandContext,
  { field }: Pick<Part, 'field'>,
  { interventionId, clientId, technicianUserId, version }: Parent,
): Promise<void> =>
  emit(tx, ctx, 'intervention.updated', ['Intervention', interventionId], {
    version,
    fields: [field],
    clientId,
    technicianUserId,
  });
