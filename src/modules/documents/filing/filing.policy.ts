import { everyRow, noRow, type Predicate } from '../../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../../kernel/viewer.js';

/** How documents are filed is common knowledge among those who may read at all. */
export const visibleToSignedIn = (viewer: Viewer): Predicate =>
  isReader(viewer) || can(viewer, '*:read') ? everyRow : noRow;
