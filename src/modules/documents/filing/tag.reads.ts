import { wholeList } from '../../../kernel/connection.js';
import { column, contains, equalsOrNone, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleToSignedIn } from './filing.policy.js';
import { Tag } from './tag.entity.js';

export const tagReads: ListedReadModel<Tag> = {
  entity: Tag,
  visibleTo: visibleToSignedIn,
  isShared: true,
  list: {
    largestPage: wholeList,
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: { search: contains((a) => `${a}.name`), parentId: equalsOrNone('parent_id', 'int') },
  },
};
