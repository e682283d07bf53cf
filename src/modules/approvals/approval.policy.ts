import { type Predicate, everyRow, noRow } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';
import { visibleDocuments } from '../documents/files/document.policy.js';

/** The approvals of the documents that the viewer may see. */
export const visibleApprovals = (viewer: Viewer): Predicate => ofVisibleDocument(viewer, 'id');

/** The steps of the approvals that the viewer may see. */
export const visibleSteps = (viewer: Viewer): Predicate => ofVisibleDocument(viewer, 'approval_id');

function ofVisibleDocument(viewer: Viewer, column: string): Predicate {
  const documents = visibleDocuments(viewer);
  if (documents === everyRow || documents === noRow) return documents;
  return (alias, bind) =>
    `exists (select 1 from documents ad where ad.id = ${alias}.${column} and (${documents('ad', bind)}))`;
}

/** How the firm approves is no secret among its people. */
export const visibleRules = (viewer: Viewer): Predicate =>
  viewer.userId !== undefined && viewer.scopes.has('read') ? everyRow : noRow;

/** Administrators of approval: they edit the rules and see and end every delegation. */
export const managesApprovals = (viewer: Viewer): boolean => can(viewer, 'approval_rules:write');

/** One's own on either side; all for administrators of approval. */
export function visibleDelegations(viewer: Viewer): Predicate {
  const { userId } = viewer;
  if (userId === undefined || !viewer.scopes.has('read')) return noRow;
  if (can(viewer, 'approval_rules:read')) return everyRow;
  return (alias, bind) => `${alias}.from_id = ${bind(userId)}::int or ${alias}.to_id = ${bind(userId)}::int`;
}
