import type { SqlRunner } from '../../db/sql-client.js';
import type { Viewer } from '../../kernel/viewer.js';
import type { ActivePlugins } from '../../modules/plugins/active-plugins.js';
import type { ActivePlugin } from '../../modules/plugins/plugin-runtime.js';
import type { HostServices, PluginProcess, PluginProcessOptions } from '../../plugin-host/plugin-process.js';

/**
 * Whom a call of a plugin is for, and how much of it is left: what the plugin asks of the server while it is at the
 * call is answered by this person's rights, cut down to what was granted.
 */
export interface PluginScope {
  plugin: string;
  viewer: Viewer;
  requestId: string;
  /** Plugins that asked for one another on the way here. */
  depth: number;
  /** What has been used up. Shared by all calls of one request. */
  spent: { operations: number; cost: number; events: number };
  signal?: AbortSignal;
}

export type StartPlugin = (options: PluginProcessOptions<PluginScope>) => Promise<PluginProcess<PluginScope>>;

/** Who keeps the plugins. */
export interface PluginShelf {
  /** Those to be served, whatever others depend on first, with the revision of the whole. */
  active: (db: SqlRunner) => Promise<ActivePlugins>;
  /** The folder with the unpacked package. */
  folderOf: (plugin: Pick<ActivePlugin, 'id' | 'packageHash'>) => Promise<string>;
  /** Removes the folders of packages that are not among these, and old enough that nobody is about to use them. */
  sweep: (kept: readonly Pick<ActivePlugin, 'id' | 'packageHash'>[]) => Promise<void>;
  /** What a plugin asks of the server beside the graph, its events and other hosts. */
  servicesOf: (
    plugin: Pick<ActivePlugin, 'id' | 'contribution'>,
  ) => Pick<HostServices<PluginScope>, 'storage' | 'settings'>;
  /** Notes that a plugin does not start, or has failed too often. */
  failed: (plugin: ActivePlugin, reason: string) => Promise<void>;
  /** Says that this process serves the revision. */
  serves: (revision: string) => Promise<void>;
}
