import type { EventType, StoredEvent } from '../events/catalog.js';
import type { Language } from '../lib/language.js';
import type { NotificationType } from '../modules/notifications/notification.entity.js';

interface NoticeWords {
  title: string;
  message: string;
}

/** What people are told of an event, in each language that they may read it in: `fr` and `en`. */
export interface Notice extends Record<Language, NoticeWords> {
  type: `${NotificationType}`;
  /** Numbers of people; who caused the event is left out, and so is null. */
  recipients: readonly (number | null)[];
  /** Path of what it is about, such as `/documents/123`. */
  link: string;
}

/**
 * Who did it, as messages say it: ` par NAME`, ` by NAME`. An erasure looks for just that, so that no message has the
 * name but by these. Empty when the server did it, or somebody who is erased.
 */
export type Byline = Readonly<Record<Language, string>>;

export type MakeNotice<T extends EventType> = (event: StoredEvent<T>, by: Byline) => Notice;

/** The notices of a module, by event; null for an event that is told to nobody on purpose. */
export type Notices = { readonly [T in EventType]?: MakeNotice<T> | null };
