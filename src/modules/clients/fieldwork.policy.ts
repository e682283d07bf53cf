import type { MayHear } from '../../kernel/event-subscription.js';
import { noRow, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';

/** What the firm does at its clients': a role that may read or write one of a kind may do so with all of them. */
export type FieldworkResource = 'clients' | 'interventions' | 'appointments' | 'media' | 'reports';

/** All that are not in the trash, for whoever may read the resource. */
export const visibleFieldwork =
  (resource: FieldworkResource) =>
  (viewer: Viewer): Predicate =>
    can(viewer, `${resource}:read`) ? notTrashed : noRow;

const notTrashed: Predicate = (alias) => `${alias}.deleted_at is null`;

/** Whoever may read the resource hears of it, as of then, also of what is gone. */
export const hearsFieldwork =
  (resource: FieldworkResource): MayHear =>
  (_event, { viewer }) =>
    can(viewer, `${resource}:read`);
