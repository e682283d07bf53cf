import { noRow, type Predicate } from '../../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../../kernel/viewer.js';

/** One's own views and those that are shared with everybody. */
export function visibleSavedViews(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  return (alias, bind) => `${alias}.owner_id = ${bind(userId)}::int or ${alias}.is_shared`;
}

/** Undefined when the viewer may change or delete the view, otherwise the reason. */
export function whyNotChangeView(viewer: Viewer, view: { ownerId: number; isShared: boolean }): string | undefined {
  if (viewer.userId === view.ownerId || (view.isShared && can(viewer, 'documents:write'))) return undefined;
  return 'Only its owner, or a role that edits all documents, may change a shared view';
}
