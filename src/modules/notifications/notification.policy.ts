import { ownRows, type Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';

/** One's own, for administrators too: what somebody is told is nobody else's business. */
export const visibleNotifications = (viewer: Viewer): Predicate => ownRows(viewer);
