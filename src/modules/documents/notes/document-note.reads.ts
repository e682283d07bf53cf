import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleWithDocument } from '../files/document.policy.js';
import { DocumentNote } from './document-note.entity.js';

export const documentNoteReads: ReadModel<DocumentNote> = { entity: DocumentNote, visibleTo: visibleWithDocument };
