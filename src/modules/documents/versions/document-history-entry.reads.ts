import { column, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { DocumentHistoryEntry } from './document-history-entry.entity.js';

export const documentHistoryEntryReads: ListedReadModel<DocumentHistoryEntry> = {
  entity: DocumentHistoryEntry,
  visibleTo: visibleWithDocument,
  list: { defaultOrder: 'ID_DESC', orders: { ID: column('id', 'bigint') }, filters: {} },
};
