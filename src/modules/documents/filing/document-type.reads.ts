import { wholeList } from '../../../kernel/connection.js';
import { column, equals, type ListedReadModel } from '../../../kernel/read-model.js';
import { DocumentType } from './document-type.entity.js';
import { visibleToSignedIn } from './filing.policy.js';

export const documentTypeReads: ListedReadModel<DocumentType> = {
  entity: DocumentType,
  visibleTo: visibleToSignedIn,
  isShared: true,
  list: {
    largestPage: wholeList,
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), CODE: column('code', 'text'), LABEL: column('label', 'text') },
    filters: { code: equals('code', 'text') },
  },
};
