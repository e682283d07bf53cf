import { column, contains, type ListedReadModel } from '../../../kernel/read-model.js';
import { Category } from './category.entity.js';
import { visibleCategories } from './category.policy.js';

export const categoryReads: ListedReadModel<Category> = {
  entity: Category,
  visibleTo: visibleCategories,
  list: {
    defaultOrder: 'ID_ASC',
    largestPage: 1000,
    orders: { ID: column('id', 'int'), NAME: column('name', 'text') },
    filters: {
      type: (value: string, a, bind) => `${a}.type = ${bind(value)}`,
      isCustom: (value: boolean, a, bind) => `${a}.is_custom = ${bind(value)}::boolean`,
      search: contains((a) => `${a}.name`),
    },
  },
};
