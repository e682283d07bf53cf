import type { Module } from '../../kernel/module.js';
import { CustomField } from './custom-fields/custom-field.entity.js';
import { customFieldReads, documentFieldValueReads } from './custom-fields/custom-field.reads.js';
import { CustomFieldResolver } from './custom-fields/custom-field.resolver.js';
import { DocumentFieldValue } from './custom-fields/document-field-value.entity.js';
import { fillDocumentsDemo } from './demo.js';
import { documentEvents } from './events.js';
import { DocumentEventResolver } from './files/document-event.resolver.js';
import { DocumentMutationsResolver } from './files/document-mutations.resolver.js';
import { Document } from './files/document.entity.js';
import { documentReads } from './files/document.reads.js';
import { DocumentResolver } from './files/document.resolver.js';
import { mayHearOfDocument } from './files/hear-document-event.js';
import { Correspondent } from './filing/correspondent.entity.js';
import { correspondentReads } from './filing/correspondent.reads.js';
import { CorrespondentResolver } from './filing/correspondent.resolver.js';
import { DocumentType } from './filing/document-type.entity.js';
import { documentTypeReads } from './filing/document-type.reads.js';
import { DocumentTypeResolver } from './filing/document-type.resolver.js';
import { FilingEventResolver } from './filing/filing-event.resolver.js';
import { Tag } from './filing/tag.entity.js';
import { tagReads } from './filing/tag.reads.js';
import { TagResolver } from './filing/tag.resolver.js';
import { documentJobs } from './jobs.js';
import { DocumentNote } from './notes/document-note.entity.js';
import { documentNoteReads } from './notes/document-note.reads.js';
import { DocumentNoteResolver, NotesOfDocumentResolver } from './notes/document-note.resolver.js';
import { documentNotices } from './notices.js';
import { documentPersonalData } from './personal-data.js';
import { SavedView } from './saved-views/saved-view.entity.js';
import { savedViewReads } from './saved-views/saved-view.reads.js';
import { SavedViewResolver } from './saved-views/saved-view.resolver.js';
import { SearchResolver } from './search/search.resolver.js';
import { ShareLink } from './sharing/share-link.entity.js';
import { shareLinkReads } from './sharing/share-link.reads.js';
import { ShareLinkResolver } from './sharing/share-link.resolver.js';
import { DocumentHistoryEntry } from './versions/document-history-entry.entity.js';
import { documentHistoryEntryReads } from './versions/document-history-entry.reads.js';
import { DocumentHistoryResolver } from './versions/document-history-entry.resolver.js';
import { DocumentVersion } from './versions/document-version.entity.js';
import { documentVersionReads } from './versions/document-version.reads.js';
import { DocumentVersionResolver, VersionsOfDocumentResolver } from './versions/document-version.resolver.js';

export const documentsModule: Module = {
  name: 'documents',
  entities: [
    DocumentType,
    Correspondent,
    Tag,
    Document,
    DocumentVersion,
    DocumentHistoryEntry,
    CustomField,
    DocumentFieldValue,
    DocumentNote,
    SavedView,
    ShareLink,
  ],
  reads: [
    documentTypeReads,
    correspondentReads,
    tagReads,
    documentReads,
    documentVersionReads,
    documentHistoryEntryReads,
    customFieldReads,
    documentFieldValueReads,
    documentNoteReads,
    savedViewReads,
    shareLinkReads,
  ],
  resolvers: [
    DocumentResolver,
    DocumentEventResolver,
    DocumentMutationsResolver,
    DocumentVersionResolver,
    VersionsOfDocumentResolver,
    DocumentHistoryResolver,
    CustomFieldResolver,
    DocumentNoteResolver,
    NotesOfDocumentResolver,
    SavedViewResolver,
    ShareLinkResolver,
    DocumentTypeResolver,
    TagResolver,
    CorrespondentResolver,
    FilingEventResolver,
    SearchResolver,
  ],
  events: documentEvents,
  notices: documentNotices,
  jobs: documentJobs,
  hears: { Document: mayHearOfDocument },
  personalData: documentPersonalData,
  demo: fillDocumentsDemo,
  files: [
    {
      query:
        'select content_key as key, content_hash as sha256 from documents union ' +
        'select content_key, content_hash from document_versions',
    },
  ],
};
