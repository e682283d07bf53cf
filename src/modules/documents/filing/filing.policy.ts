import type { MayHear } from '../../../kernel/event-subscription.js';
import { everyRow, noRow, type Predicate } from '../../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../../kernel/viewer.js';

const seesFiling = (viewer: Viewer): boolean => isReader(viewer) || can(viewer, '*:read');

/** How documents are filed is common knowledge among those who may read at all. */
export const visibleToSignedIn = (viewer: Viewer): Predicate => (seesFiling(viewer) ? everyRow : noRow);

/** They hear of it, as of then, also of what is gone. */
export const mayHearOfFiling: MayHear = (_event, { viewer }) => seesFiling(viewer);
