import type { GraphQLResolveInfo } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { SqlClient, Transaction } from '../db/sql-client.js';
import type { StoredEvent } from '../events/catalog.js';
import type { EventFeed } from '../events/feed.js';
import type { Recogniser } from '../files/recognition.js';
import type { JobQueue } from '../jobs/queue.js';
import type { Sealer } from '../lib/sealing.js';
import type { TraceContext } from '../lib/trace-context.js';
import type { Mailer } from '../mail/mailer.js';
import type { Counter } from '../metrics/counter.js';
import type { ApiKeyUsage } from '../modules/identity/api-keys/api-key-usage.js';
import type { AccessTokens } from '../modules/identity/sessions/access-tokens.js';
import type { ContentStore } from '../storage/content-store.js';
import type { Connection, ListArgs } from './connection.js';
import type { RunHook } from './hooks.js';
import type { Links } from './links.js';
import type { Loaders } from './loaders.js';
import type { PersonalData } from './personal-data.js';
import type { Predicate, ReadModel } from './read-model.js';
import type { Viewer } from './viewer.js';

export interface ReadOptions {
  /** Path from the resolver's field to the field that holds the row: `['document']` in a payload. Default: itself. */
  path?: readonly string[];
  /** A condition beyond visibility, such as "not in the trash". */
  where?: Predicate;
}

/**
 * Reads rows for resolvers: only the columns that the query selects, in one SQL statement for each to-many level, and
 * only rows that the viewer may see. Every object of an entity type in the graph comes from here.
 */
export interface Reader {
  /** The row, or undefined when there is none or the viewer may not see it. */
  one<T extends object>(
    model: ReadModel<T>,
    id: number | string,
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T | undefined>;
  /** Like `one`, but throws NOT_FOUND. */
  must<T extends object>(
    model: ReadModel<T>,
    id: number | string,
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T>;
  /** The rows of the ids that the viewer may see, in the order of the ids. */
  many<T extends object>(
    model: ReadModel<T>,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T[]>;
  /** The row of each id, in their order; undefined for one that there is not or that the viewer may not see. */
  each<T extends object>(
    model: ReadModel<T>,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<(T | undefined)[]>;
  /** A page. Throws BAD_USER_INPUT for a page size, offset or cursor out of range. */
  list<T extends object>(model: ReadModel<T>, args: ListArgs, info: GraphQLResolveInfo): Promise<Connection<T>>;
}

/** What lives as long as the process. */
export interface Services {
  config: Config;
  /** Where clients fetch what the graph only names. */
  links: Links;
  store: ContentStore;
  accessTokens: AccessTokens;
  sealer: Sealer;
  apiKeyUsage: ApiKeyUsage;
  events: EventFeed;
  /** Whether somebody may be told an event, as of now: what `/ws` tells them. Reads in the transaction `tx`. */
  mayHear: (tx: Transaction, event: StoredEvent, viewer: Viewer) => Promise<boolean>;
  /** The names of all events that may be written. */
  eventTypes: () => readonly string[];
  now: () => Date;
  jobs: JobQueue;
  /** Recognises the text of pictures; undefined when no program for it is installed. */
  recogniser: Recogniser | undefined;
  /** What each module knows of people, in the order of the modules. */
  personalData: readonly PersonalData[];
  /** Adds one to a counter that a module declared. Throws for one that no manifest names. */
  count: <L extends string>(counter: Counter<L>, labels: Readonly<Record<L, string>>) => void;
  /** Runs the steps that later modules add to a command; see `kernel/hooks.ts`. */
  runHook: RunHook;
  /** undefined: no mail server is configured, and no mail is sent. */
  mailer: Mailer | undefined;
}

/** What becomes known of a request on its way, for the log: one object from its arrival to its line there. */
export interface RequestNotes {
  /** The name of the operation; undefined for one without. */
  operation?: string | undefined;
  /** The person's number. */
  userId?: number | undefined;
  /** The trace that it belongs to. */
  trace?: TraceContext | undefined;
}

/** What lives as long as one request, or one event of a subscription. */
export interface Context {
  viewer: Viewer;
  /** The write side: a command opens a transaction and hands it to its steps. */
  db: SqlClient;
  read: Reader;
  /** A reader for another viewer: a person who has just signed in or registered within this request. */
  readAs: (viewer: Viewer) => Reader;
  load: Loaders;
  requestId: string;
  ip: string | undefined;
  userAgent: string | undefined;
  /**
   * True where the request itself counts as the proof that a destructive command asks for: at a REST route whose
   * contract has no place for one. Never at the graph's own doors.
   */
  isConfirmed: boolean;
  notes: RequestNotes;
  /** Its lines carry the request's id, the person's number, the operation's name and the trace. */
  log: Logger;
  services: Services;
  /** Aborted when the subscription's socket has closed. */
  signal?: AbortSignal;
  /** The viewer as of now, for what outlives a request. Throws UNAUTHENTICATED when the credential has ended. */
  refresh: () => Promise<{
    viewer: Viewer;
    isVisible: (model: ReadModel, id: string) => Promise<boolean>;
    /** When the credential, or a role of its person, ends by the clock; in milliseconds since 1970. */
    endsAtMs: number;
  }>;
}
