import type { StoredEvent } from '../events/catalog.js';
import type { Context } from './context.js';
import { requireSignedIn, type Viewer } from './viewer.js';

interface Parts {
  /** Position after which to start; absent: from now on. The answers must not depend on it. */
  after: string | null | undefined;
  /** Who subscribes: somebody signed in. */
  subscriber: Viewer;
  /** Whether the event is one of those that the subscriber waits for, before anything is asked. */
  concerns: (event: StoredEvent) => boolean;
  /** Asked for each event anew, of the viewer as of then. Throws when the subscription has to end. */
  mayHear: (event: StoredEvent, current: Awaited<ReturnType<Context['refresh']>>) => boolean | Promise<boolean>;
}

/**
 * The source of a subscription: which events of the log it tells, and to whom. It says so instead of reading the log
 * itself, so that all who subscribe to the same are told together: `graph/subscriptions.ts`.
 */
export class EventSubscription implements AsyncIterable<StoredEvent> {
  constructor(readonly parts: Parts) {}

  /** Throws when the viewer may not subscribe. */
  admit(): void {
    requireSignedIn(this.parts.subscriber);
  }

  /** graphql-js takes only what can be iterated for a source. */
  [Symbol.asyncIterator](): never {
    throw new Error('Event subscriptions are told by graph/subscriptions.ts');
  }
}
