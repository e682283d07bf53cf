import type { Context } from '../../kernel/context.js';
import { EventSubscription } from '../../kernel/event-subscription.js';
import { requirePermission } from '../../kernel/viewer.js';
import { type FieldworkResource, hearsFieldwork } from './fieldwork.policy.js';

export interface FieldworkEvents {
  resource: FieldworkResource;
  /** The type of its things in the log. */
  subjectType: string;
  after: string | null | undefined;
  /** Only of this thing; absent or null: of all. */
  id?: string | null | undefined;
  /** Only those whose events carry these ids, by their names there; absent or null: any. */
  carrying?: Readonly<Record<string, string | null | undefined>>;
}

/** What happens to things of one type, for whoever may read them; a role may be taken away between two events. */
export const fieldworkEvents = (
  { resource, subjectType, after, id, carrying = {} }: FieldworkEvents,
  { viewer }: Context,
): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requirePermission(viewer, `${resource}:read`),
    concerns: (event) =>
      event.subjectType === subjectType &&
      isAsked(event.subjectId, id) &&
      Object.entries(carrying).every(([name, asked]) => isAsked((event.data as Record<string, unknown>)[name], asked)),
    mayHear: hearsFieldwork(resource),
  });

const isAsked = (actual: unknown, asked: string | null | undefined): boolean =>
  !asked || actual === asked.toLowerCase();
