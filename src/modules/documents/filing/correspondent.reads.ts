import { wholeList } from '../../../kernel/connection.js';
import { column, contains, type ListedReadModel } from '../../../kernel/read-model.js';
import { Correspondent } from './correspondent.entity.js';
import { visibleToSignedIn } from './filing.policy.js';

export const correspondentReads: ListedReadModel<Correspondent> = {
  entity: Correspondent,
  visibleTo: visibleToSignedIn,
  isShared: true,
  list: {
    largestPage: wholeList,
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: { search: contains((a) => `${a}.name`) },
  },
};
