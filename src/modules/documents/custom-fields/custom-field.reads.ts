import { wholeList } from '../../../kernel/connection.js';
import { column, equalsOrNone, type ListedReadModel, type ReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { visibleToSignedIn } from '../filing/filing.policy.js';
import { CustomField } from './custom-field.entity.js';
import { DocumentFieldValue } from './document-field-value.entity.js';

export const customFieldReads: ListedReadModel<CustomField> = {
  entity: CustomField,
  visibleTo: visibleToSignedIn,
  isShared: true,
  list: {
    largestPage: wholeList,
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text') },
    filters: { documentTypeId: equalsOrNone('document_type_id', 'int') },
  },
};

export const documentFieldValueReads: ReadModel<DocumentFieldValue> = {
  entity: DocumentFieldValue,
  visibleTo: visibleWithDocument,
};
