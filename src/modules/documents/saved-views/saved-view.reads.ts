import { column, type ListedReadModel } from '../../../kernel/read-model.js';
import { SavedView } from './saved-view.entity.js';
import { visibleSavedViews } from './saved-view.policy.js';

export const savedViewReads: ListedReadModel<SavedView> = {
  entity: SavedView,
  visibleTo: visibleSavedViews,
  list: {
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text') },
    filters: {},
  },
};
