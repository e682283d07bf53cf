import { everyRow, noRow, ownRows, type Predicate, rowsOfParent } from '../../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../../kernel/viewer.js';

/** All documents for whoever holds `documents:read`; for others what they own and what is shared with them. */
export function visibleDocuments(viewer: Viewer): Predicate {
  if (can(viewer, 'documents:read')) return everyRow;
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  const owned: Predicate = (alias, bind) => `${alias}.owner_id = ${bind(userId)}::int`;
  // The shares as an array, read once: as a correlated `exists` an `or` would keep PostgreSQL from both indexes.
  const shared: Predicate = (alias, bind) =>
    `${alias}.id = any (array(select s.document_id from document_shares s where s.user_id = ${bind(userId)}::int))`;
  return Object.assign<Predicate, Pick<Predicate, 'parts'>>(
    (alias, bind) => `${owned(alias, bind)} or ${shared(alias, bind)}`,
    {
      parts: [owned, (alias, bind) => `${shared(alias, bind)} and ${alias}.owner_id <> ${bind(userId)}::int`],
    },
  );
}

/** The documents that this person sees, told by the row alone: `shared_with` is what `document_shares` says. */
export const seenBy =
  (userId: number): Predicate =>
  (alias, bind) =>
    `(${alias}.owner_id = ${bind(userId)}::int or ${bind(userId)}::int = any(${alias}.shared_with))`;

/** What belongs to a document, by its column `document_id`, is seen by whoever sees the document. */
export function visibleWithDocument(viewer: Viewer): Predicate {
  return rowsOfParent('documents', 'document_id', visibleDocuments(viewer));
}

/** Share links open a document to everybody, so only who may change it sees them: `whyNotChange`, as a condition. */
export function visibleShareLinks(viewer: Viewer): Predicate {
  if (can(viewer, 'documents:write')) return visibleWithDocument(viewer);
  return can(viewer, 'documents:own') ? rowsOfParent('documents', 'document_id', ownRows(viewer, 'owner_id')) : noRow;
}

/** Undefined when the viewer may change the document, otherwise the reason. */
export function whyNotChange(viewer: Viewer, document: { owner: { id: number } }): string | undefined {
  if (can(viewer, 'documents:write')) return undefined;
  if (viewer.userId === document.owner.id && can(viewer, 'documents:own')) return undefined;
  return viewer.userId === document.owner.id
    ? 'Your role only reads documents'
    : 'Only the owner or a role that edits all documents may change it';
}
