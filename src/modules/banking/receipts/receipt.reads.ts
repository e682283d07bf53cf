import { noRow, type Predicate, type ReadModel, rowsOfParent } from '../../../kernel/read-model.js';
import { isReader, type Viewer } from '../../../kernel/viewer.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { Receipt } from './receipt.entity.js';

/** With the transaction, unless the document lies in the trash: it comes back with it. */
export function visibleReceipts(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  const ofTransaction = rowsOfParent('transactions', 'transaction_id', visibleInAccounts(viewer));
  return (alias, bind) => `${ofTransaction(alias, bind)} and exists (
    select 1 from documents filed where filed.id = ${alias}.document_id and filed.deleted_at is null)`;
}

export const receiptReads: ReadModel<Receipt> = { entity: Receipt, visibleTo: visibleReceipts };
