import type { StoredEvent } from '../../events/catalog.js';
import type { MayHear } from '../../kernel/event-subscription.js';
import { everyRow, noRow, ownRows, type Predicate } from '../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../kernel/viewer.js';

/** The whole log for `events:read`; for others what happened to their own account. */
export function visibleEvents(viewer: Viewer): Predicate {
  return can(viewer, 'events:read') ? everyRow : ownRows(viewer, 'account_id');
}

/** Where an event came from: shown for what one did oneself and for what nobody known did, such as a failed login. */
export function visibleOrigins(viewer: Viewer): Predicate {
  if (can(viewer, 'events:read')) return everyRow;
  return isReader(viewer)
    ? (alias, bind) => `(${alias}.actor_id is null or ${alias}.actor_id = ${bind(viewer.userId)}::int)`
    : noRow;
}

/** Who may be told which events live, on `/ws`. */
export interface EventAudience {
  /** False when no question to the database could allow it: for the many events that concern others. */
  mightHear: (viewer: Viewer, event: StoredEvent) => boolean;
  mayHear: MayHear;
}

/**
 * Everything to `events:read`. To others what happened to their account, what they did, and the events about a subject
 * type when its module allows: `bySubjectType` are the rules of all manifests.
 */
export function eventAudience(bySubjectType: Readonly<Record<string, MayHear>>): EventAudience {
  const isOwn = ({ userId }: Viewer, { accountId, actorId }: StoredEvent): boolean =>
    userId !== undefined && (userId === accountId || userId === actorId);
  const ruleOf = ({ subjectType }: StoredEvent): MayHear | undefined =>
    Object.hasOwn(bySubjectType, subjectType) ? bySubjectType[subjectType] : undefined;
  const mightHear: EventAudience['mightHear'] = (viewer, event) =>
    can(viewer, 'events:read') || (isReader(viewer) && (isOwn(viewer, event) || ruleOf(event) !== undefined));
  return {
    mightHear,
    mayHear: async (event, current) => {
      const { viewer } = current;
      if (!mightHear(viewer, event)) return false;
      if (can(viewer, 'events:read') || isOwn(viewer, event)) return true;
      return ruleOf(event)?.(event, current) ?? false;
    },
  };
}
