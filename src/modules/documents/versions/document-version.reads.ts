import { wholeList } from '../../../kernel/connection.js';
import { column, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { DocumentVersion } from './document-version.entity.js';

export const documentVersionReads: ListedReadModel<DocumentVersion> = {
  entity: DocumentVersion,
  visibleTo: visibleWithDocument,
  list: {
    defaultOrder: 'NUMBER_DESC',
    orders: { NUMBER: column('number', 'int') },
    filters: {},
    largestPage: wholeList,
  },
};
