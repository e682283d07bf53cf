import type { StoredEvent } from './catalog.js';

/** An event as clients get it: on `/ws`, and as the body of a webhook. */
export interface EventMessage {
  /** Text, as positions may outgrow what a JSON number keeps exactly. */
  id: string;
  type: string;
  /** ISO 8601, whole seconds. */
  timestamp: string;
  data: object;
}

/** The event's own facts, with what it is about and who did it. */
export const eventMessage = (event: StoredEvent): EventMessage => ({
  id: event.position,
  type: event.type,
  timestamp: event.occurredAt,
  data: { ...event.data, subject: { type: event.subjectType, id: event.subjectId }, actorId: event.actorId },
});
