import type { EventType, StoredEvent } from '../events/catalog.js';
import type { NotificationType } from '../modules/notifications/notification.entity.js';

/** What people are told of an event. The texts are French, as they reach people. */
export interface Notice {
  type: `${NotificationType}`;
  /** Numbers of people; who caused the event is left out, and so is null. */
  recipients: readonly (number | null)[];
  title: string;
  message: string;
  /** Path of what it is about, such as `/documents/123`. */
  link: string;
}

/** `by` is the user name of who did it; undefined when the server did, or somebody who is erased. */
export type MakeNotice<T extends EventType> = (event: StoredEvent<T>, by: string | undefined) => Notice;

/** The notices of a module, by event; null for an event that is told to nobody on purpose. */
export type Notices = { readonly [T in EventType]?: MakeNotice<T> | null };
