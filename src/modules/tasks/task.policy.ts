import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** Whoever looks after what the server does by the clock. */
export const readTasks = 'tasks:read';
export const manageTasks = 'tasks:manage';

/** Tasks and their runs: their logs and errors are for nobody else. */
export const visibleTasks = (viewer: Viewer): Predicate => (can(viewer, readTasks) ? everyRow : noRow);
