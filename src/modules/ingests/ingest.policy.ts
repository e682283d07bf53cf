import { everyRow, ownRows, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** All ingests for whoever reads all documents; for others their own. */
export function visibleIngests(viewer: Viewer): Predicate {
  return can(viewer, 'documents:read') ? everyRow : ownRows(viewer, 'owner_id');
}
