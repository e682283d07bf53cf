import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { DocumentVersion } from './document-version.entity.js';

export const documentVersionReads: ReadModel<DocumentVersion> = {
  entity: DocumentVersion,
  visibleTo: visibleWithDocument,
};
