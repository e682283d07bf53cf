import type { EntityClass } from '@mikro-orm/core';
import type { Logger } from 'pino';
import type { SqlClient } from '../db/sql-client.js';
import type { EventConsumer } from '../events/consumer.js';
import type { EventDeclarations } from '../events/declare.js';
import type { EventHold } from '../events/prune-events.js';
import type { JobDeclarations } from '../jobs/declare.js';
import type { Counter } from '../metrics/counter.js';
import type { Gauge } from '../metrics/gauge.js';
import type { Services } from './context.js';
import type { FillDemo } from './demo.js';
import type { MayHear } from './event-subscription.js';
import type { HookSteps } from './hooks.js';
import type { LoaderFactories } from './loaders.js';
import type { Notices } from './notice.js';
import type { PersonalData } from './personal-data.js';
import type { ReadModel } from './read-model.js';
import type { CleanupStep, TaskActions } from './task-action.js';
import type { StartWorker } from './worker.js';

/** What consumers that prepare their events work with. */
export interface ConsumerParts {
  /** Outside of the transaction that consumes. */
  db: SqlClient;
  log: Logger;
}

/** Files that rows name. What can be made again from the rows, such as previews, is none of them. */
export interface StoredFiles {
  /** SQL that selects `key`, and `sha256` of the bytes (null where no row says it). */
  query: string;
  /** True: a file is made when it is first asked for, so that there may be none yet. */
  mayBeMissing?: boolean;
}

/**
 * What a module brings to the house, said in one place: `src/modules/<name>/module.ts`. Plain data and functions, so
 * that a plugin can bring the same. `src/app/compose.ts` joins the parts of all modules; everything but the name is
 * optional.
 */
export interface Module {
  /** Its folder's name. */
  name: string;
  /** The tables that it owns, as classes. */
  entities?: readonly EntityClass<object>[];
  /** What the graph can read of them; an entity without a read model cannot be reached. */
  reads?: readonly ReadModel[];
  /** Classes of type-graphql. */
  resolvers?: readonly Function[];
  /** Batches for computed fields; their types join in `kernel/loaders.ts`. */
  loaders?: LoaderFactories;
  /** Its `events.ts`: `emit` takes no others. */
  events?: EventDeclarations;
  /** Whom its events are told to, and in which words. */
  notices?: Notices;
  /** What follows the event log and writes; `notices` are those of all modules. */
  consumers?: (services: Services, notices: Notices, parts: ConsumerParts) => readonly EventConsumer[];
  /** What it does within the commands of modules before it. */
  hooks?: HookSteps;
  /** Its `jobs.ts`: what the queue runs. */
  jobs?: JobDeclarations;
  /** What it does beside requests, jobs and consumers, for as long as a process works. */
  workers?: readonly StartWorker[];
  /** What tasks can do: `taskAction` of `kernel/task-action.ts`. No two modules have one of the same name. */
  taskActions?: TaskActions;
  /** Deletes what it keeps of the past for a time only: a step of the task `cleanup_logs`. */
  cleanup?: CleanupStep;
  /** Empties its trash: a step of the task `purge_trash`, before that of the modules that stand before it. */
  emptyTrash?: CleanupStep;
  /**
   * Who may hear of its things on the event socket, by the subject type of an event. Without an entry an event is for
   * those who read the whole log, for who did it and for whose account it is about.
   */
  hears?: Readonly<Record<string, MayHear>>;
  /** What it knows of people: for their export and their erasure. */
  personalData?: PersonalData;
  /** Which files of the content store are its: for backups. */
  files?: readonly StoredFiles[];
  /** What it still needs of the event log, which is not dropped until then. */
  eventHolds?: readonly EventHold[];
  /** Its part of the demonstration. */
  demo?: FillDemo;
  /** What it counts, for the metrics. */
  counters?: readonly Counter<string>[];
  /** What it can look up for the metrics. */
  gauges?: readonly Gauge[];
}
