import { column, contains, equalsOrNone, type ListedReadModel, ownRows } from '../../../kernel/read-model.js';
import { Budget } from './budget.entity.js';

export const mostBudgets = 500;

export const budgetReads: ListedReadModel<Budget> = {
  entity: Budget,
  visibleTo: (viewer) => ownRows(viewer, 'owner_id'),
  list: {
    defaultOrder: 'ID_ASC',
    largestPage: mostBudgets,
    // A person has few: who wants them in another order sorts what they got.
    orders: { ID: column('id', 'int') },
    filters: { categoryId: equalsOrNone('category_id', 'int'), search: contains((a) => `${a}.name`) },
  },
};
