import { type Predicate, everyRow, noRow } from '../read-model.js';
import { can, type Viewer } from '../viewer.js';

/** All documents for whoever holds `documents:read`; for others what they own and what is shared with them. */
export function visibleDocuments(viewer: Viewer): Predicate {
  if (can(viewer, 'documents:read')) return everyRow;
  const { userId } = viewer;
  if (userId === undefined || !viewer.scopes.has('read')) return noRow;
  // The shares as an array, read once: as a correlated `exists` the `or` would keep PostgreSQL from both indexes.
  return (alias, bind) =>
    `${alias}.owner_id = ${bind(userId)}::int or ${alias}.id = any (array(select s.document_id from document_shares s where s.user_id = ${bind(userId)}::int))`;
}

/** Undefined when the viewer may change the document, otherwise the reason. */
export function whyNotChange(viewer: Viewer, document: { owner: { id: number } }): string | undefined {
  if (can(viewer, 'documents:write')) return undefined;
  if (viewer.userId === document.owner.id && can(viewer, 'documents:own')) return undefined;
  return viewer.userId === document.owner.id ? 'Your role only reads documents' : 'Only the owner or a role that edits all documents may change it';
}
