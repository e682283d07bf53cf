import type { Transaction } from '../../db/sql-client.js';
import type { CommandContext } from '../../kernel/command.js';
import { conflict } from '../../lib/errors.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';

/** A plugin that is to be served, as every process reads it from the database. */
export interface ActivePlugin {
  id: string;
  manifest: Manifest;
  contribution: Contribution;
  /** Names the package in the content store: `openPackage` makes a folder of it. */
  packageHash: string;
  /** Capabilities that were granted. */
  grants: readonly string[];
  /** Whose rights its tasks and handlers have; null: nobody's, and they do not run. */
  runAsId: number | null;
  /** When it was enabled, reloaded or replaced: its process is begun anew then. */
  since: string;
}

/** What is tried before anything is saved. */
export interface PluginCandidate {
  manifest: Manifest;
  /** Unpacked and checked. */
  folder: string;
  grants: readonly string[];
  /** Secrets included. */
  settings: Readonly<Record<string, unknown>>;
  /** The active plugins that it would stand among, in their order; not itself. */
  others: readonly ActivePlugin[];
  /** False: it only describes itself, since what it depends on is not active. */
  isComposed: boolean;
}

export type TryOut =
  | { outcome: 'fits'; contribution: Contribution }
  /** It does not start, or describes itself wrongly; `reason` is for administrators. */
  | { outcome: 'failed'; reason: string }
  /** Another one, or the core, has a name, a prefix or an id of it already. */
  | { outcome: 'clash'; reasons: readonly string[] }
  /** What it says is wrong whatever the others say. */
  | { outcome: 'invalid'; reasons: readonly string[] };

/**
 * What runs the plugins of this process. It follows the revision by itself: woken on the channel `plugins`, it reads
 * `activePlugins`, serves them, and says so by `services.presence.serves(revision)`.
 */
export interface PluginRuntime {
  /**
   * Starts the candidate in a process of its own, composes it with the others, and ends the process. Changes nothing.
   */
  tryOut: (candidate: PluginCandidate) => Promise<TryOut>;
  /** Why these plugins cannot be served together; empty when they can. For what goes away. */
  problemsOf: (plugins: readonly ActivePlugin[]) => Promise<readonly string[]>;
  /** A step of the command that enables, reloads or upgrades: what else of the database it brings, such as tasks. */
  join: (tx: Transaction, ctx: CommandContext, plugin: Pick<ActivePlugin, 'id' | 'contribution'>) => Promise<void>;
  /** A step of the command that disables or uninstalls (`isGone`): the same, backwards. */
  leave: (tx: Transaction, ctx: CommandContext, plugin: { id: string; isGone: boolean }) => Promise<void>;
  /** First segments of paths that the core serves: `graphql`, `v1`. No plugin gets a prefix that begins with one. */
  reserved: () => ReadonlySet<string>;
}

/** The channel on which every process hears that plugins changed. */
export const pluginChannel = 'plugins';

/** Where the runtime is found: it is made after the graph, and commands ask for it when they run. */
export class PluginRuntimes {
  #runtime: PluginRuntime | undefined;

  get current(): PluginRuntime {
    if (!this.#runtime) throw conflict('This process runs no plugins yet', { reason: 'plugin.unavailable' });
    return this.#runtime;
  }

  use(runtime: PluginRuntime): void {
    this.#runtime = runtime;
  }
}
