import { column, equals, type Filter, type ListedReadModel } from '../../../kernel/read-model.js';
import { Alert } from './alert.entity.js';
import { visibleAlerts } from './alert.policy.js';

const isUp: Filter<boolean> = (value, alias) => `${alias}.ended_at is ${value ? '' : 'not '}null`;

export const alertReads: ListedReadModel<Alert> = {
  entity: Alert,
  visibleTo: visibleAlerts,
  list: {
    defaultOrder: 'RAISED_AT_DESC',
    orders: { RAISED_AT: column('raised_at', 'timestamptz') },
    filters: { kind: equals('kind', 'text'), isUp },
  },
};
