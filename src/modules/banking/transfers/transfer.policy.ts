import { noRow, ownRows, type Predicate } from '../../../kernel/read-model.js';
import { isReader, type Viewer } from '../../../kernel/viewer.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';

/** Transfers with a leg in an account that the viewer may see; a leg in another one stays hidden. */
export function visibleTransfers(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  const owned = ownRows(viewer, 'owner_id');
  const leg = visibleInAccounts(viewer);
  // The legs as an array, read once: as a correlated `exists` an `or` would keep PostgreSQL from the indexes.
  const byLeg: Predicate = (alias, bind) => `${alias}.id = any (array(
    select leg.transfer_id from transactions leg where leg.transfer_id is not null and (${leg('leg', bind)})))`;
  return Object.assign<Predicate, Pick<Predicate, 'parts'>>(
    (alias, bind) => `${owned(alias, bind)} or ${byLeg(alias, bind)}`,
    { parts: [owned, (alias, bind) => `${byLeg(alias, bind)} and not (${owned(alias, bind)})`] },
  );
}
