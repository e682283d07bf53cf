import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** Whoever looks after the server. */
export const processesPermission = 'monitoring:read';

export const visibleProcesses = (viewer: Viewer): Predicate => (can(viewer, processesPermission) ? everyRow : noRow);
