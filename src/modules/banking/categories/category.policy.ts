import { noRow, type Predicate } from '../../../kernel/read-model.js';
import { isReader, type Viewer } from '../../../kernel/viewer.js';

/**
 * The global ones, one's own, and those of people with whom one shares an account, since its transactions may carry
 * them.
 */
export function visibleCategories(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  return (alias, bind) => {
    const me = `${bind(userId)}::int`;
    return `${alias}.owner_id is null or ${alias}.owner_id = ${me} or ${alias}.owner_id = any (array(
      select a.owner_id from account_shares s join bank_accounts a on a.id = s.account_id where s.user_id = ${me}
      union select s.user_id from account_shares s join bank_accounts a on a.id = s.account_id where a.owner_id = ${me}
      union select o.user_id from account_shares s join account_shares o on o.account_id = s.account_id
             where s.user_id = ${me}))`;
  };
}

/** Undefined when the viewer may change or delete the category, otherwise the reason. */
export function whyNotChange(viewer: Viewer, { ownerId }: { ownerId: number | null }): string | undefined {
  if (ownerId === null) return 'A global category can be neither changed nor deleted';
  return ownerId === viewer.userId ? undefined : 'Only its owner changes a category';
}
