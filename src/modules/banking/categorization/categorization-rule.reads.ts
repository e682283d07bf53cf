import { column, type ListedReadModel, ownRows } from '../../../kernel/read-model.js';
import { CategorizationRule } from './categorization-rule.entity.js';

export const categorizationRuleReads: ListedReadModel<CategorizationRule> = {
  entity: CategorizationRule,
  visibleTo: (viewer) => ownRows(viewer, 'owner_id'),
  list: {
    defaultOrder: 'POSITION_ASC',
    largestPage: 1000,
    orders: { POSITION: column('position', 'int'), ID: column('id', 'int') },
    filters: {},
  },
};
