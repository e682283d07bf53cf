import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { can, type Viewer } from '../../kernel/viewer.js';
import { forbidden, type FieldProblem } from '../../lib/errors.js';
import { isRowId } from '../../lib/row-id.js';

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
