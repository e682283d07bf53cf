import { type Predicate, everyRow, noRow } from '../../../kernel/read-model.js';
import { can, type Viewer } from '../../../kernel/viewer.js';

/** All documents for whoever holds `documents:read`; for others what they own and what is shared with them. */
export function visibleDocuments(viewer: Viewer): Predicate {
  if (can(viewer, 'documents:read')) return everyRow;
  const { userId } = viewer;
  if (userId === undefined || !viewer.scopes.has('read')) return noRow;
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

/** What belongs to a document, by its column `document_id`, is seen by whoever sees the document. */
export function visibleWithDocument(viewer: Viewer): Predicate {
  const documents = visibleDocuments(viewer);
  if (documents === everyRow || documents === noRow) return documents;
  return (alias, bind) =>
    `exists (select 1 from documents vd where vd.id = ${alias}.document_id and (${documents('vd', bind)}))`;
}

/** Share links are for those who may change the document: they open it to everybody. The same rule as `whyNotChange`, for rows. */
export function visibleShareLinks(viewer: Viewer): Predicate {
  const { userId } = viewer;
  if (can(viewer, 'documents:write')) return visibleWithDocument(viewer);
  if (userId === undefined || !can(viewer, 'documents:own') || !viewer.scopes.has('read')) return noRow;
  return (alias, bind) =>
    `exists (select 1 from documents vd where vd.id = ${alias}.document_id and vd.owner_id = ${bind(userId)}::int)`;
}

/** Undefined when the viewer may change the document, otherwise the reason. */
export function whyNotChange(viewer: Viewer, document: { owner: { id: number } }): string | undefined {
  if (can(viewer, 'documents:write')) return undefined;
  if (viewer.userId === document.owner.id && can(viewer, 'documents:own')) return undefined;
  return viewer.userId === document.owner.id
    ? 'Your role only reads documents'
    : 'Only the owner or a role that edits all documents may change it';
}
