/**
 * What plugins bring, in this process: it follows the shelf, starts a process for each plugin, composes schema, routes,
 * types of events and handlers with the core, and puts all of it in the place of the former whole at once. Requests
 * under way finish on what they began with; the process of a plugin that was replaced ends when nothing is asked of it
 * any more. A plugin whose process does not start here is served by what it says of itself: its fields and routes are
 * unavailable, and the others go on.
 */
import { getOperationAST, parse } from 'graphql';
import { sql } from '../../db/sql.js';
import { NotComposable } from '../../graph/plugins/schema-part.js';
import type { PluginWithPages } from '../../http/plugin-pages.js';
import type { TaskActions } from '../../kernel/task-action.js';
import { oneAtATime } from '../../lib/one-at-a-time.js';
import type { PluginFigures } from '../../metrics/plugin-metrics.js';
import { type ActivePlugin, pluginChannel, type PluginRuntime } from '../../modules/plugins/plugin-runtime.js';
import { addPluginTasks, pausePluginTasks, removePluginTasks } from '../../modules/tasks/plugin-tasks.js';
import type { PluginPageLink } from '../../pages/home-page.js';
import { type HostServices, PluginFailed } from '../../plugin-host/plugin-process.js';
import { dialects as coreTables } from '../dialects.js';
import type { Graph } from '../graph.js';
import type { AppServices } from '../services.js';
import type { Web } from '../web.js';
import { type Composed, composePlugins, type Composition, type CoreParts } from './compose-plugins.js';
import { pluginWithPages } from './page-operations.js';
import { pluginActions } from './plugin-actions.js';
import { emitterFor } from './plugin-events.js';
import { consumerNameOf, handlerConsumer } from './plugin-handlers.js';
import type { PluginScope, PluginShelf, StartPlugin } from './plugin-ports.js';
import { reservedSegments } from './plugin-prefixes.js';
import { graphFor } from './plugin-scopes.js';
import { ServedPlugin } from './served-plugin.js';

export interface PluginsOptions {
  app: AppServices;
  graph: Graph;
  shelf: PluginShelf;
  start: StartPlugin;
  /** Requests to other hosts. */
  http: HostServices<PluginScope>['http'];
  figures: PluginFigures;
}

/** The plugins of this process: for commands, and for its start. */
export interface RunningPlugins extends PluginRuntime {
  /** Serves what the shelf holds now: resolves when this process does. */
  follow: () => Promise<void>;
  /** Serves routes and tools too, from then on. */
  serveWeb: (web: Pick<Web, 'rest' | 'tools'>) => void;
  /** What its pages are made of; undefined when it is not served here. */
  withPages: (id: string) => PluginWithPages | undefined;
  /** The pages of all that are served here. */
  pages: () => PluginPageLink[];
  stop: () => Promise<void>;
}

/** How often to look without being told. */
const sweepMs = 5_000;

/** How often a plugin that was tried out elsewhere is started here before it is a failed one. */
const startAttempts = 3;

/** Of a plugin that was not saved yet. */
const unsaved = (): Promise<never> => Promise.reject(new Error('A plugin that is tried out has no tables and events'));

export function openPlugins({ app, graph, shelf, start, http, figures }: PluginsOptions): RunningPlugins {
  const { log, database, compiler, consumers, eventTypes, audience, pluginEvents, metrics, services } = app;
  const core: CoreParts = {
    schema: graph.live.current,
    dialects: coreTables(),
    events: eventTypes.list(),
    shapes: compiler.shapes,
    mayHear: audience.mayHear,
  };
  const served = new Map<string, ServedPlugin>();
  const handling = new Map<string, ServedPlugin>();
  const retiring = new Map<ServedPlugin, Promise<void>>();
  let web: Pick<Web, 'rest' | 'tools'> | undefined;
  /** All of it is served, and runs. */
  let revision: string | undefined;
  /** What is served was made for it. */
  let composed: string | undefined;

  const actionsOf = ({ id, contribution }: Pick<ActivePlugin, 'id' | 'contribution'>): TaskActions =>
    pluginActions(id, contribution, () => served.get(id));
  const options = { log, figures, current: (id: string) => served.get(id) };

  const launch = async (plugin: ActivePlugin): Promise<ServedPlugin> => {
    try {
      return new ServedPlugin(plugin, await launchProcess(plugin), options);
    } catch (error) {
      const reason = (error as Error).message;
      log.error({ plugin: plugin.id, reason }, 'a plugin does not start here');
      // It is the plugin's own fault, or else this is tried again.
      if (error instanceof PluginFailed) void tellFailed(plugin, reason);
      return new ServedPlugin(plugin, undefined, options);
    }
  };
  /** More than once: it started where it was tried out, and here may be busy. */
  const launchProcess = async (plugin: ActivePlugin, attempt = 1): ReturnType<StartPlugin> => {
    const { id, manifest, grants } = plugin;
    const folder = await shelf.folderOf(plugin);
    try {
      return await start({
        folder,
        manifest,
        grants,
        services: {
          graph: graphFor(grants, graph, app),
          emit: emitterFor(plugin, { db: database.client, shapes: compiler.shapes, read: database.readPrimary }),
          http,
          ...shelf.servicesOf(plugin),
        },
        log: log.child({ plugin: id }),
        onFailure: ({ reason, isOver }) => {
          figures.restarted(id);
          log.warn({ plugin: id, reason, isOver }, 'the process of a plugin ended by itself');
          if (isOver) void tellFailed(plugin, reason);
        },
      });
    } catch (error) {
      if (attempt === startAttempts) throw error;
      log.warn({ plugin: id, reason: (error as Error).message, attempt }, 'a plugin did not start: it is tried again');
      return launchProcess(plugin, attempt + 1);
    }
  };
  const tellFailed = (plugin: ActivePlugin, reason: string): Promise<void> =>
    shelf.failed(plugin, reason).catch((err: unknown) => {
      log.error({ err, plugin: plugin.id }, 'the failure of a plugin could not be noted');
    });

  /** The plugins that go together, in their order; the others are logged and left out. */
  const composeAll = (wanted: readonly ServedPlugin[]): Composition & { plugins: readonly ServedPlugin[] } => {
    let plugins = [...wanted];
    for (;;) {
      try {
        return { ...composePlugins(plugins, core), plugins };
      } catch (error) {
        if (!(error instanceof NotComposable)) throw error;
        log.error({ plugin: error.plugin, reasons: error.reasons }, 'a plugin cannot be served with the others');
        plugins = plugins.filter(({ id }) => id !== error.plugin);
      }
    }
  };

  /** Nothing in it waits: no request sees a part of it. */
  const serve = ({ schema, dialects, events, operations, plugins }: ReturnType<typeof composeAll>): ServedPlugin[] => {
    const left = [...served.values()].filter((plugin) => !plugins.includes(plugin));
    eventTypes.remove([...pluginEvents]);
    pluginEvents.clear();
    eventTypes.add(events);
    for (const name of events) pluginEvents.add(name);
    served.clear();
    for (const plugin of plugins) served.set(plugin.id, plugin);
    for (const { id } of left) if (!served.has(id)) services.tasks.actions.removeOfPlugin(id);
    for (const plugin of plugins) services.tasks.actions.addOfPlugin(plugin.id, actionsOf(plugin));
    if (graph.live.current !== schema) graph.live.swap(schema);
    web?.rest.serve(schema, dialects);
    web?.tools.serve(operations);
    return left;
  };

  const retire = (plugin: ServedPlugin): void => {
    const done = plugin.retire().then(() => {
      retiring.delete(plugin);
      if (served.has(plugin.id)) return undefined;
      figures.forget(plugin.id);
      return metrics.forget(tracesOf(plugin));
    });
    retiring.set(plugin, done);
  };

  const followHandlers = async (): Promise<void> => {
    for (const [id, plugin] of handling) {
      if (served.get(id) === plugin) continue;
      handling.delete(id);
      await consumers.remove(consumerNameOf(id));
    }
    for (const plugin of served.values()) {
      const { handles } = plugin.contribution;
      if (handling.has(plugin.id) || !handles.length || !plugin.plugin.grants.includes('events:read')) continue;
      handling.set(plugin.id, plugin);
      await consumers.add(handlerConsumer(plugin, { db: database.client, services, log }));
    }
  };

  const following = oneAtATime(
    async () => {
      const found = await shelf.active(database.client);
      if (found.revision === revision) return;
      const launched = await Promise.all(
        found.plugins.map(async (plugin) => {
          const there = served.get(plugin.id);
          const known = there && isSame(there.plugin, plugin) ? there : undefined;
          if (known?.runs) return known;
          const next = await launch(plugin);
          // What runs as little as before is served as before.
          return known && !next.runs ? known : next;
        }),
      );
      if (found.revision !== composed || launched.some((plugin) => served.get(plugin.id) !== plugin)) {
        const left = serve(composeAll(launched));
        for (const plugin of launched) if (served.get(plugin.id) !== plugin) retire(plugin);
        for (const plugin of left) retire(plugin);
        composed = found.revision;
      }
      await followHandlers();
      // What does not run here for a reason of this machine's is tried again.
      if (launched.every(({ runs }) => runs)) revision = found.revision;
      await shelf.serves(found.revision);
      await shelf.sweep([...retiring.keys(), ...served.values()].map(({ plugin }) => plugin));
    },
    (err) => log.error({ err }, 'the plugins could not be followed; this is tried again'),
  );
  let unlisten: (() => Promise<void>) | undefined;
  const timer = setInterval(() => void following.wake(), sweepMs);
  timer.unref();

  return {
    tryOut: async ({ manifest, folder, grants, settings, others, isComposed }) => {
      let tried: Awaited<ReturnType<StartPlugin>>;
      try {
        tried = await start({
          folder,
          manifest,
          grants,
          services: { graph: unsaved, emit: unsaved, storage: unsaved, http: unsaved, settings: async () => settings },
          log: log.child({ plugin: manifest.id }),
        });
      } catch (error) {
        return { outcome: 'failed', reason: (error as Error).message };
      }
      const { contribution } = tried;
      await tried.stop();
      if (!isComposed) return { outcome: 'fits', contribution };
      const refused = refusalOf(amongOthers(described({ id: manifest.id, manifest, contribution }), others), core);
      if (!refused) return { outcome: 'fits', contribution };
      const { kind, plugin, reasons } = refused;
      if (plugin === manifest.id) return { outcome: kind, reasons };
      return { outcome: 'clash', reasons: reasons.map((reason) => `the plugin ${plugin}: ${reason}`) };
    },
    problemsOf: async (plugins) => {
      const refused = refusalOf(plugins.map(described), core);
      return refused ? refused.reasons.map((reason) => `the plugin ${refused.plugin}: ${reason}`) : [];
    },
    join: (tx, ctx, plugin) =>
      addPluginTasks(tx, ctx, plugin.id, { tasks: plugin.contribution.tasks, actions: actionsOf(plugin) }),
    leave: async (tx, ctx, { id, isGone }) => {
      if (!isGone) return pausePluginTasks(tx, ctx, id);
      await removePluginTasks(tx, ctx, id);
      await tx.send(sql`delete from event_cursors where name = ${consumerNameOf(id)}`);
      await tx.send(sql`delete from event_failures where consumer = ${consumerNameOf(id)}`);
    },
    reserved: () => reservedSegments(core.dialects),
    follow: async () => {
      unlisten ??= await database.listen(pluginChannel, () => void following.wake());
      await following.wake();
    },
    serveWeb: (opened) => {
      web = opened;
    },
    withPages: (id) => {
      const found = served.get(id);
      return found && pluginWithPages(found.plugin, { app, graph, shelf });
    },
    pages: () =>
      [...served.values()].flatMap(({ id, manifest: { name, description }, contribution: { pages } }) =>
        pages.map(({ path, title }) => ({
          href: `/plugins/${id}/${path}`,
          title,
          text: [name, description].filter((text) => text && text !== title).join(': '),
        })),
      ),
    stop: async () => {
      clearInterval(timer);
      await unlisten?.();
      await following.stop();
      await Promise.all([...retiring.keys(), ...served.values()].map((plugin) => plugin.retire({ isAtOnce: true })));
    },
  };
}

const isSame = (one: ActivePlugin, other: ActivePlugin): boolean =>
  one.packageHash === other.packageHash &&
  one.runAsId === other.runAsId &&
  one.since === other.since &&
  one.grants.toSorted().join() === other.grants.toSorted().join();

/** Whether labels of a metric are of a plugin's routes, actions or tools. */
function tracesOf({
  id,
  manifest,
  contribution,
}: ServedPlugin): (labels: Readonly<Record<string, unknown>>) => boolean {
  const prefixes = [manifest.api_prefix, contribution.dialect?.prefix].flatMap((prefix) => prefix ?? []);
  const operations = new Set(contribution.dialect?.routes.map(({ operation }) => operationNameOf(operation)));
  return ({ endpoint, action, operation }) =>
    operations.has(operation) ||
    String(action ?? '').startsWith(`${id}.`) ||
    prefixes.some((prefix) => endpoint === prefix || String(endpoint ?? '').startsWith(`${prefix}/`));
}

const operationNameOf = (text: string): unknown => getOperationAST(parse(text))?.name?.value;

/** A plugin by what it says of itself: nothing of it is called. */
const described = ({
  id,
  manifest,
  contribution,
}: Pick<ActivePlugin, 'id' | 'manifest' | 'contribution'>): Composed => ({
  id,
  manifest,
  contribution,
  callGraph: unsaved,
  callRoute: unsaved,
  hasLeft: () => false,
});

/** Before the first that depends on it, directly or through others. */
function amongOthers(candidate: Composed, others: readonly ActivePlugin[]): Composed[] {
  const dependents = new Set([candidate.id]);
  const before: Composed[] = [];
  const after: Composed[] = [];
  for (const other of others.map(described)) {
    const depends = Object.keys(other.manifest.dependencies).some((id) => dependents.has(id));
    if (depends) dependents.add(other.id);
    (depends ? after : before).push(other);
  }
  return [...before, candidate, ...after];
}

function refusalOf(plugins: readonly Composed[], core: CoreParts): NotComposable | undefined {
  try {
    composePlugins(plugins, core);
    return undefined;
  } catch (error) {
    if (error instanceof NotComposable) return error;
    throw error;
  }
}
