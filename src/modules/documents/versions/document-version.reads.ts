import type { ReadModel } from '../../../kernel/read-model.js';
import { DocumentVersion } from './document-version.entity.js';
import { visibleWithDocument } from '../files/document.policy.js';

export const documentVersionReads: ReadModel = { entity: DocumentVersion, visibleTo: visibleWithDocument };
