import type { EntityClass } from '@mikro-orm/core';
import type { NonEmptyArray } from 'type-graphql';
import type { EventConsumer } from '../events/consumer.js';
import type { EventHold } from '../events/prune-events.js';
import type { NamedJob } from '../jobs/queue.js';
import type { Services } from '../kernel/context.js';
import type { HookSteps } from '../kernel/hooks.js';
import type { LoaderFactories } from '../kernel/loaders.js';
import type { ConsumerParts, Module, StoredFiles } from '../kernel/module.js';
import type { Notices } from '../kernel/notice.js';
import type { PersonalData } from '../kernel/personal-data.js';
import type { ReadModel } from '../kernel/read-model.js';
import type { CleanupStep, TaskActions } from '../kernel/task-action.js';
import type { StartWorker } from '../kernel/worker.js';
import type { Counter } from '../metrics/counter.js';
import type { Gauge } from '../metrics/gauge.js';
import { type EventAudience, eventAudience } from '../modules/audit/audit-event.policy.js';

// The parts of all modules, joined in the order of their list.

export const entitiesOf = (modules: readonly Module[]): EntityClass<object>[] =>
  modules.flatMap(({ entities = [] }) => entities);

export const readModelsOf = (modules: readonly Module[]): ReadModel[] => modules.flatMap(({ reads = [] }) => reads);

/** Throws when there is none: a graph needs at least one. */
export function resolversOf(modules: readonly Module[]): NonEmptyArray<Function> {
  const [first, ...others] = modules.flatMap(({ resolvers = [] }) => resolvers);
  if (!first) throw new Error('No module has a resolver');
  return [first, ...others];
}

/** The names of all events that are ever written. */
export const eventTypesOf = (modules: readonly Module[]): string[] =>
  modules.flatMap(({ events = {} }) => Object.keys(events));

export const eventAudienceOf = (modules: readonly Module[]): EventAudience =>
  eventAudience(Object.assign({}, ...modules.map(({ hears }) => hears)));

export const loadersOf = (modules: readonly Module[]): LoaderFactories =>
  Object.assign({}, ...modules.map(({ loaders }) => loaders));

export const jobsOf = (modules: readonly Module[]): NamedJob[] =>
  modules.flatMap(({ jobs = {} }) => Object.entries(jobs).map(([name, job]) => ({ name, ...job })));

export const workersOf = (modules: readonly Module[]): StartWorker[] => modules.flatMap(({ workers = [] }) => workers);

export const hooksOf = (modules: readonly Module[]): HookSteps[] => modules.flatMap(({ hooks = [] }) => hooks);

export const countersOf = (modules: readonly Module[]): Counter<string>[] =>
  modules.flatMap(({ counters = [] }) => counters);

const noticesOf = (modules: readonly Module[]): Notices => Object.assign({}, ...modules.map(({ notices }) => notices));

export const gaugesOf = (modules: readonly Module[]): Gauge[] => modules.flatMap(({ gauges = [] }) => gauges);

export const consumersOf = (modules: readonly Module[], services: Services, parts: ConsumerParts): EventConsumer[] =>
  modules.flatMap(({ consumers }) => consumers?.(services, noticesOf(modules), parts) ?? []);

/** Throws when two modules have an action of the same name. */
export function taskActionsOf(modules: readonly Module[]): TaskActions {
  const all = modules.flatMap(({ taskActions = {} }) => Object.entries(taskActions));
  const actions = Object.fromEntries(all);
  if (Object.keys(actions).length < all.length) throw new Error('Two modules have a task action of the same name');
  return actions;
}

/** By module. */
export const cleanupOf = (modules: readonly Module[]): Record<string, CleanupStep> =>
  Object.fromEntries(modules.flatMap(({ name, cleanup }) => (cleanup ? [[name, cleanup]] : [])));

/** By module, the last one first: what hangs on something goes before it. */
export const trashOf = (modules: readonly Module[]): Record<string, CleanupStep> =>
  Object.fromEntries(modules.toReversed().flatMap(({ name, emptyTrash }) => (emptyTrash ? [[name, emptyTrash]] : [])));

export const eventHoldsOf = (modules: readonly Module[]): EventHold[] =>
  modules.flatMap(({ eventHolds = [] }) => eventHolds);

export const personalDataOf = (modules: readonly Module[]): PersonalData[] =>
  modules.flatMap(({ personalData = [] }) => personalData);

export const filesOf = (modules: readonly Module[]): StoredFiles[] => modules.flatMap(({ files = [] }) => files);
