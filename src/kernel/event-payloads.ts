import type { StoredEvent } from '../events/catalog.js';
import type { FieldProblem } from '../lib/errors.js';
import type { Viewer } from './viewer.js';

/** An event as the document of a dialect shows it: the row that it is about, as that person's GET answers it. */
export interface DocumentedEvent {
  /** The document's word: `client_created`. */
  type: string;
  /** ISO 8601, whole seconds. */
  timestamp: string;
  data: Readonly<Record<string, unknown>>;
  resource_id: string;
}

/** What came of reading the row of an event. `refused`: no right to such rows. `gone`: not there, or not theirs. */
export type Documented = { message: DocumentedEvent } | { missing: 'refused' | 'gone' };

/** What a subscriber's own query answered. */
export interface QueryPayload {
  data: unknown;
  errors?: readonly { message: string }[];
}

/** The bodies that webhooks have beside the event's own message. They are read through the graph, as somebody. */
export interface EventPayloads {
  /** The events that a dialect documents: from the name in the log to the document's word. */
  documented: ReadonlyMap<string, string>;
  /** Reads the row as the viewer may see it, with the event's own facts over it. Throws when that fails. */
  document: (event: StoredEvent, viewer: Viewer) => Promise<Documented>;
  /** Runs a query that `queryProblem` let pass. Never throws for what the query does. */
  query: (text: string, event: StoredEvent, viewer: Viewer) => Promise<QueryPayload>;
  /** Why a text cannot be a payload; undefined when it can. */
  queryProblem: (text: string) => Pick<FieldProblem, 'code' | 'message'> | undefined;
}
