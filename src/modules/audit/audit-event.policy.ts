import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, type Viewer } from '../../kernel/viewer.js';
import { mayHearOfDocument } from '../documents/files/hear-document-event.js';

const signedIn = (viewer: Viewer): boolean => viewer.userId !== undefined && viewer.scopes.has('read');

/** The whole log for `events:read`; for others what happened to their own account. */
export function visibleEvents(viewer: Viewer): Predicate {
  if (can(viewer, 'events:read')) return everyRow;
  return signedIn(viewer) ? (alias, bind) => `${alias}.account_id = ${bind(viewer.userId)}::int` : noRow;
}

/** Where an event came from: told of what one did oneself and of what nobody known did, such as a failed login. */
export function visibleOrigins(viewer: Viewer): Predicate {
  if (can(viewer, 'events:read')) return everyRow;
  return signedIn(viewer)
    ? (alias, bind) => `(${alias}.actor_id is null or ${alias}.actor_id = ${bind(viewer.userId)}::int)`
    : noRow;
}

/** False when no question to the database could let the viewer hear the event: for the many events that concern others. */
export function mightHear(viewer: Viewer, { accountId, actorId, subjectType }: StoredEvent): boolean {
  if (can(viewer, 'events:read')) return true;
  return signedIn(viewer) && (subjectType === 'Document' || [accountId, actorId].includes(viewer.userId as number));
}

/**
 * Whether an event may be told live: everything to `events:read`; to others what happened to their account, what they did,
 * and what happened to documents that they may see. `current` is the viewer as of now.
 */
export async function mayHear(event: StoredEvent, current: Awaited<ReturnType<Context['refresh']>>): Promise<boolean> {
  const { viewer } = current;
  if (!mightHear(viewer, event)) return false;
  if (can(viewer, 'events:read') || [event.accountId, event.actorId].includes(viewer.userId as number)) return true;
  return mayHearOfDocument(event, current);
}
