import type { Context } from '../../kernel/context.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { PluginCall } from '../../plugin-host/plugin-process.js';

type WithoutViewer<C> = C extends unknown ? Omit<C, 'viewer'> : never;

/** What the graph asks of a plugin: for whom is known from the request that asks. */
export type GraphCall = WithoutViewer<Extract<PluginCall, { kind: 'resolve' | 'deliver' }>>;

/** A plugin as the schema sees it. */
export interface SchemaPart {
  id: string;
  /** Ids of the plugins whose types it may use and extend. */
  dependencies: readonly string[];
  contribution: Pick<Contribution, 'sdl' | 'resolvers' | 'subscriptions'>;
  /** Rejects with an error of the graph when the plugin refuses, and with UNAVAILABLE when it does not answer. */
  call: (call: GraphCall, context: Context) => Promise<unknown>;
  /** Whether it delivers no more: its subscriptions then end. */
  hasLeft: () => boolean;
  /** Its own events and those of the core, by their names in the log. */
  mayDeliver: (eventType: string) => boolean;
}

/** Why plugins cannot be served together, with every reason. */
export class NotComposable extends Error {
  override readonly name = 'NotComposable';

  constructor(
    /** The plugin that does not fit. */
    readonly plugin: string,
    /** `clash`: two want one name; `invalid`: what it says is wrong whatever the others say. */
    readonly kind: 'clash' | 'invalid',
    readonly reasons: readonly string[],
  ) {
    super(`Plugin ${plugin}: ${reasons.join('; ')}`);
  }
}
