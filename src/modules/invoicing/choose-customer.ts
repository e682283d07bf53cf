import type { SqlEntityManager } from '@mikro-orm/sql';
import { can, type Viewer } from '../../kernel/viewer.js';
import { forbidden, type FieldProblem } from '../../lib/errors.js';
import { isRowId } from '../../lib/row-id.js';
import { User } from '../identity/people/user.entity.js';

/**
 * Who is billed. Throws FORBIDDEN for someone else without `invoices:write`, before the directory is looked at: the
 * answer tells nobody which ids exist. Adds a problem when there is no such active person.
 */
export async function chooseCustomer(
  em: SqlEntityManager,
  viewer: Viewer,
  customerId: string,
  problems: FieldProblem[],
): Promise<User | undefined> {
  const isSelf = isRowId(customerId) && Number(customerId) === viewer.userId;
  if (!isSelf && !can(viewer, 'invoices:write')) {
    throw forbidden('Only a role that bills for all may invoice someone else', 'invoice_for_others');
  }
  const customer = isRowId(customerId)
    ? await em.findOne(User, { id: Number(customerId), isActive: true, erasedAt: null })
    : null;
  if (!customer) problems.push({ path: ['customerId'], code: 'unknown_reference', message: 'is no active person' });
  return customer ?? undefined;
}
