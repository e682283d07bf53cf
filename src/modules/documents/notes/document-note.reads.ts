import { wholeList } from '../../../kernel/connection.js';
import { column, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { DocumentNote } from './document-note.entity.js';

export const documentNoteReads: ListedReadModel<DocumentNote> = {
  entity: DocumentNote,
  visibleTo: visibleWithDocument,
  list: { defaultOrder: 'ID_DESC', orders: { ID: column('id', 'int') }, filters: {}, largestPage: wholeList },
};
