import { column, equals, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { Reconciliation } from './reconciliation.entity.js';

export const reconciliationReads: ListedReadModel<Reconciliation> = {
  entity: Reconciliation,
  visibleTo: visibleInAccounts,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int'), STATEMENT_DATE: column('statement_date', 'date') },
    filters: { accountId: equals('account_id', 'int') },
  },
};
