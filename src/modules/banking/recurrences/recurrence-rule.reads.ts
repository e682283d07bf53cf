import { column, equals, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';

export const recurrenceRuleReads: ListedReadModel<RecurrenceRule> = {
  entity: RecurrenceRule,
  visibleTo: visibleInAccounts,
  list: {
    defaultOrder: 'ID_ASC',
    largestPage: 1000,
    orders: { ID: column('id', 'int') },
    filters: {
      accountId: equals('account_id', 'int'),
      isStopped: (value: boolean, a) => `${a}.stopped_at is ${value ? 'not ' : ''}null`,
    },
    always: ({ isStopped }, a) => (isStopped === undefined ? `${a}.stopped_at is null` : 'true'),
  },
};
