import type { GraphQLResolveInfo } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { SqlClient, SqlRunner } from '../db/sql-client.js';
import type { StoredEvent } from '../events/catalog.js';
import type { EventFeed } from '../events/feed.js';
import type { OpenSubscriptions } from '../events/open-subscriptions.js';
import type { EventHold } from '../events/prune-events.js';
import type { Recogniser } from '../files/recognition.js';
import type { AnswerBudget } from '../graph/answer-budget.js';
import type { JobQueue } from '../jobs/queue.js';
import type { BrowserCookie } from '../lib/browser-cookies.js';
import type { Sealer } from '../lib/sealing.js';
import type { TraceContext } from '../lib/trace-context.js';
import type { Mailer } from '../mail/mailer.js';
import type { Counter } from '../metrics/counter.js';
import type { ApiKeyUsage } from '../modules/identity/api-keys/api-key-usage.js';
import type { AccessTokens } from '../modules/identity/sessions/access-tokens.js';
import type { Figures } from '../modules/monitoring/figures/figures.js';
import type { PluginRuntimes } from '../modules/plugins/plugin-runtime.js';
import type { Presence } from '../modules/processes/presence.js';
import type { TaskRunner } from '../modules/tasks/runs/task-runner.js';
import type { ContentStore } from '../storage/content-store.js';
import type { Connection, ListArgs } from './connection.js';
import type { EventPayloads } from './event-payloads.js';
import type { RunHook } from './hooks.js';
import type { Links } from './links.js';
import type { Loaders } from './loaders.js';
import type { PersonalData } from './personal-data.js';
import type { Predicate, ReadModel } from './read-model.js';
import type { Seek } from './seek.js';
import type { CleanupStep } from './task-action.js';
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
  /**
   * A page. Throws BAD_USER_INPUT for a page size, offset or cursor out of range. `seek`: tells which rows are on it;
   * undefined: the conditions of the model's filters do.
   */
  list<T extends object>(
    model: ReadModel<T>,
    args: ListArgs,
    info: GraphQLResolveInfo,
    seek?: Seek,
  ): Promise<Connection<T>>;
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
  /** Counts requests and how long they took, for administrators. */
  figures: Figures;
  /** This process among those that serve the installation. */
  presence: Presence;
  /** What runs the plugins of this process. */
  plugins: PluginRuntimes;
  events: EventFeed;
  /** Who follows the log from this process. */
  openSubscriptions: Pick<OpenSubscriptions, 'add'>;
  /** Whether somebody may be told an event, as of now: what `/ws` tells them. Reads with `db`. */
  mayHear: (db: SqlRunner, event: StoredEvent, viewer: Viewer) => Promise<boolean>;
  /** Only where the log is consumed and outside of transactions. */
  eventPayloads: EventPayloads;
  /** The names of all events that may be written. */
  eventTypes: () => readonly string[];
  /** What modules still need of the log. */
  eventHolds: readonly EventHold[];
  now: () => Date;
  jobs: JobQueue;
  /** Begins runs of tasks; `tasks.actions` is what tasks can do in this process. */
  tasks: TaskRunner;
  /** What `cleanup_logs` and `purge_trash` do, by module, in this order. */
  cleanup: Readonly<Record<string, CleanupStep>>;
  emptyTrash: Readonly<Record<string, CleanupStep>>;
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
  /** Of the API key that it came with. */
  apiKeyId?: string;
  /** Of an operation that was run and has errors: the client's, or also one that is a defect of the server. */
  outcome?: 'refused' | 'failed';
  /** What is read for its answer. */
  answer?: AnswerBudget;
  /** The trace that it belongs to. */
  trace?: TraceContext | undefined;
}

/** The browser, or the program, behind a request of the graph over HTTP. */
export interface Browser {
  /** What it was made a known device with. */
  deviceToken: string | undefined;
  /** Has it keep a cookie; an empty value removes it. */
  keep: (cookie: BrowserCookie, value: string) => void;
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
  /** Absent where the door writes what a browser keeps by itself, and where there is no answer with headers. */
  browser?: Browser;
  /** Its lines carry the request's id, the person's number, the operation's name and the trace. */
  log: Logger;
  services: Services;
  /** Aborted when the subscription's socket has closed. */
  signal?: AbortSignal;
  /** The viewer has changed something, which they are to read back at once wherever they ask. */
  noteChange: () => Promise<void>;
  /** The viewer as of now, for what outlives a request. Throws UNAUTHENTICATED when the credential has ended. */
  refresh: () => Promise<{
    viewer: Viewer;
    isVisible: (model: ReadModel, id: string) => Promise<boolean>;
    /** When the credential, or a role of its person, ends by the clock; in milliseconds since 1970. */
    endsAtMs: number;
  }>;
}
