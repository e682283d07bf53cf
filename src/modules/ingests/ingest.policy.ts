import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** All ingests for whoever reads all documents; for others their own. */
export function visibleIngests(viewer: Viewer): Predicate {
  if (can(viewer, 'documents:read')) return everyRow;
  const { userId } = viewer;
  if (userId === undefined || !viewer.scopes.has('read')) return noRow;
  return (alias, bind) => `${alias}.owner_id = ${bind(userId)}::int`;
}
