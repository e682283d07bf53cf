import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

/** Enough to decide who may still hear of a document that is gone. */
export interface DocumentEventData {
  ownerId: number;
  title: string;
}

interface Named {
  name: string;
}

export interface ViewEventData {
  ownerId: number;
  /** True: everybody saw it until then, and does no longer. */
  wasShared?: boolean;
}

export const documentEvents = declareEvents({
  'document.created': payload<DocumentEventData>(),
  /** `version` is the document's `revision`; absent where the server alone knows more of the file's text. */
  'document.updated': payload<DocumentEventData & { fields: string[]; version?: number }>(),
  'document.trashed': payload<DocumentEventData>(),
  'document.restored': payload<DocumentEventData>(),
  'document.purged': payload<DocumentEventData>(),
  'document.shared': payload<DocumentEventData & { userId: number }>(),
  'document.unshared': payload<DocumentEventData & { userId: number }>(),
  /** The file was replaced, by a new one or by a former version; `number` is the new file's. */
  'document.version_added': payload<DocumentEventData & { number: number }>(),
  'document.note_added': payload<DocumentEventData & { noteId: number }>(),
  'document.note_deleted': payload<DocumentEventData & { noteId: number }>(),
  'document.link_created': payload<DocumentEventData & { linkId: number }>(),
  'document.link_revoked': payload<DocumentEventData & { linkId: number }>(),
  'document.link_used': payload<DocumentEventData & { linkId: number }>(),
  'document_type.created': payload<Named>(),
  'document_type.updated': payload<Named & ChangeEventData>(),
  'document_type.deleted': payload<Named>(),
  'tag.created': payload<Named>(),
  'tag.updated': payload<Named & ChangeEventData>(),
  'tag.deleted': payload<Named>(),
  'correspondent.created': payload<Named>(),
  'correspondent.updated': payload<Named & ChangeEventData>(),
  'correspondent.deleted': payload<Named>(),
  'custom_field.created': payload<Named>(),
  'custom_field.updated': payload<Named & ChangeEventData>(),
  'custom_field.deleted': payload<Named>(),
  'saved_view.created': payload<ViewEventData>(),
  'saved_view.updated': payload<ViewEventData>(),
  'saved_view.deleted': payload<ViewEventData>(),
});

export type DocumentEvents = PayloadsOf<typeof documentEvents>;
