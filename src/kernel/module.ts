import type { EntityClass } from '@mikro-orm/core';
import type { EventConsumer } from '../events/consumer.js';
import type { EventDeclarations } from '../events/declare.js';
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
import type { StartWorker } from './worker.js';

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
  consumers?: (services: Services, notices: Notices) => readonly EventConsumer[];
  /** What it does within the commands of modules before it. */
  hooks?: HookSteps;
  /** Its `jobs.ts`: what the queue runs. */
  jobs?: JobDeclarations;
  /** What it does beside requests, jobs and consumers, for as long as a process works. */
  workers?: readonly StartWorker[];
  /**
   * Who may hear of its things on the event socket, by the subject type of an event. Without an entry an event is for
   * those who read the whole log, for who did it and for whose account it is about.
   */
  hears?: Readonly<Record<string, MayHear>>;
  /** What it knows of people: for their export and their erasure. */
  personalData?: PersonalData;
  /** Its part of the demonstration. */
  demo?: FillDemo;
  /** What it counts, for the metrics. */
  counters?: readonly Counter<string>[];
  /** What it can look up for the metrics. */
  gauges?: readonly Gauge[];
}
