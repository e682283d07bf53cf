import { everyRow, noRow, type Predicate, rowsOfParent } from '../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../kernel/viewer.js';
import { visibleDocuments } from '../documents/files/document.policy.js';

/** The approvals of the documents that the viewer may see. */
export const visibleApprovals = (viewer: Viewer): Predicate => ofVisibleDocument(viewer, 'id');

/** The steps of the approvals that the viewer may see. */
export const visibleSteps = (viewer: Viewer): Predicate => ofVisibleDocument(viewer, 'approval_id');

const ofVisibleDocument = (viewer: Viewer, column: string): Predicate =>
  rowsOfParent('documents', column, visibleDocuments(viewer));

/** How the firm approves is no secret among its people. */
export const visibleRules = (viewer: Viewer): Predicate => (isReader(viewer) ? everyRow : noRow);

/** Administrators of approval: they edit the rules and see and end every delegation. */
export const managesApprovals = (viewer: Viewer): boolean => can(viewer, 'approval_rules:write');

/** One's own on either side; all for administrators of approval. */
export function visibleDelegations(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  if (managesApprovals(viewer) || can(viewer, 'approval_rules:read')) return everyRow;
  const { userId } = viewer;
  return (alias, bind) => `${alias}.from_id = ${bind(userId)}::int or ${alias}.to_id = ${bind(userId)}::int`;
}
