import { everyRow, noRow, type Predicate } from '../../../kernel/read-model.js';
import { can, type Viewer } from '../../../kernel/viewer.js';

/** Whoever looks after the server. */
export const monitoringPermission = 'monitoring:read';

export const visibleAlerts = (viewer: Viewer): Predicate => (can(viewer, monitoringPermission) ? everyRow : noRow);
