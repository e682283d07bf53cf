import {
  type Bind,
  column,
  containing,
  equals,
  type ListedReadModel,
  type ReadModel,
  rowsOfParent,
  slow,
} from '../../../kernel/read-model.js';
import { isRowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { TransactionSplit } from './transaction-split.entity.js';
import { Transaction } from './transaction.entity.js';

/** Of the category as a whole or in a part; null: without one. */
const ofCategory = Object.assign(
  (value: string | null, a: string, bind: Bind): string => {
    if (value === null)
      return `(not ${a}.is_split and ${a}.category_id is null or ${a}.is_split and exists (
        select 1 from transaction_splits p where p.transaction_id = ${a}.id and p.category_id is null))`;
    if (!isRowId(value)) return 'false';
    const id = `${bind(value)}::int`;
    return `(${a}.category_id = ${id} or ${a}.is_split and exists (
      select 1 from transaction_splits p where p.transaction_id = ${a}.id and p.category_id = ${id}))`;
  },
  { acceptsNull: true as const },
);

export const transactionReads: ListedReadModel<Transaction> = {
  entity: Transaction,
  visibleTo: visibleInAccounts,
  list: {
    defaultOrder: 'TRANSACTION_DATE_DESC',
    largestPage: 1000,
    orders: {
      TRANSACTION_DATE: column('transaction_date', 'date'),
      AMOUNT: column('amount', 'numeric'),
      ID: column('id', 'int'),
    },
    filters: {
      accountId: equals('account_id', 'int'),
      categoryId: ofCategory,
      startDate: (value: string, a, bind) => `${a}.transaction_date >= ${bind(value)}::date`,
      endDate: (value: string, a, bind) => `${a}.transaction_date <= ${bind(value)}::date`,
      amountMin: (value: string, a, bind) => `${a}.amount >= ${bind(value)}::numeric`,
      amountMax: (value: string, a, bind) => `${a}.amount <= ${bind(value)}::numeric`,
      isRecurring: (value: boolean, a) => `${a}.recurrence_rule_id is ${value ? 'not ' : ''}null`,
      recurrenceRuleId: equals('recurrence_rule_id', 'int'),
      isTransfer: (value: boolean, a) => `${a}.transfer_id is ${value ? 'not ' : ''}null`,
      isReconciled: (value: boolean, a) => (value ? `${a}.is_reconciled` : `not ${a}.is_reconciled`),
      label: (value: string, a, bind) => `${a}.labels @> array[${bind(value)}]::text[]`,
      search: slow((value: string, a: string, bind: Bind) =>
        // Of signs alone, such as `%` or `&`, nothing is left once they are folded.
        /[\p{L}\p{N}]/u.test(value)
          ? `${a}.folded_description like '%' || search_fold(${bind(value)}) || '%'`
          : `${a}.description like ${bind(containing(value))}`,
      ),
    },
  },
};

export const transactionSplitReads: ReadModel<TransactionSplit> = {
  entity: TransactionSplit,
  visibleTo: (viewer) => rowsOfParent('transactions', 'transaction_id', visibleInAccounts(viewer)),
};
