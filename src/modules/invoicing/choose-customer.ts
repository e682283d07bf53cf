import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { can, type Viewer } from '../../kernel/viewer.js';
import { forbidden, type FieldProblem } from '../../lib/errors.js';
import { isRowId } from '../../lib/row-id.js';
import { heldClient } from '../clients/lock-client.js';

/**
 * The number of the person who is billed. Throws FORBIDDEN for someone else without `invoices:write`, before the
 * directory is looked at: the answer tells nobody which ids exist. Adds a problem when there is no such active person.
 */
export async function chooseCustomer(
  tx: SqlRunner,
  viewer: Viewer,
  customerId: string,
  problems: FieldProblem[],
): Promise<number | undefined> {
  const isSelf = isRowId(customerId) && Number(customerId) === viewer.userId;
  if (!isSelf && !can(viewer, 'invoices:write')) {
    throw forbidden('Only a role that bills for all may invoice someone else', 'invoice.for_others');
  }
  const customer = isRowId(customerId)
    ? await tx.first<{ id: number }>(
        sql`select id from users where id = ${customerId}::int and is_active and erased_at is null`,
      )
    : undefined;
  if (!customer) problems.push({ path: ['customerId'], code: 'unknown_reference', message: 'is no active person' });
  return customer?.id;
}

/**
 * The client that an invoice names as its buyer. Throws FORBIDDEN without `invoices:write`; adds a problem when the
 * viewer sees no such client.
 */
export async function chooseClient(
  tx: SqlRunner,
  viewer: Viewer,
  clientId: string,
  problems: FieldProblem[],
): Promise<string | undefined> {
  if (!can(viewer, 'invoices:write'))
    throw forbidden('Only a role that bills for all may invoice a client', 'invoice.for_others');
  const client = await heldClient(tx, viewer, clientId);
  if (client === undefined) problems.push({ path: ['clientId'], code: 'unknown_reference', message: 'is no client' });
  return client;
}
