import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refusal } from '../../graph/plugins/plugin-resolvers.js';
import type { Context } from '../../kernel/context.js';
import { nobody } from '../../kernel/viewer.js';
import { DomainError } from '../../lib/errors.js';
import type { PluginFigures } from '../../metrics/plugin-metrics.js';
import type { ActivePlugin } from '../../modules/plugins/plugin-runtime.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import {
  type PluginCall,
  type PluginCallOptions,
  PluginFailed,
  type PluginProcess,
  PluginRefusal,
} from '../../plugin-host/plugin-process.js';
import type { Composed } from './compose-plugins.js';
import type { PluginScope } from './plugin-ports.js';
import { pluginViewerOf, scopeFor, scopeOf } from './plugin-scopes.js';

/**
 * How long a plugin that was replaced must have been without calls before it ends: requests under way may still ask.
 */
const quietMs = 1_000;
/** How long it may go on at most. */
const drainMs = 15_000;
const lookMs = 50;

const retryAfterSeconds = 5;

const unavailable = (plugin: string): DomainError =>
  new DomainError('UNAVAILABLE', `The plugin ${plugin} does not answer now`, {
    reason: 'plugin.failed',
    details: { plugin, retryAfterSeconds },
  });

/** A refusal as the routes of REST know it. */
const refusalOfRoute = (message: string, code: PluginRefusal['code'], fields: PluginRefusal['fields']): DomainError =>
  new DomainError(code, message, {
    fields: fields.map(({ path, message: problem }) => ({ path: [...path], code: 'invalid', message: problem })),
  });

type WithoutViewer<C> = C extends { viewer: unknown } ? Omit<C, 'viewer'> : never;
/** A call for whoever a request is of. */
type RequestCall = WithoutViewer<PluginCall>;

interface ServedPluginOptions {
  log: Logger;
  figures: PluginFigures;
  /** The plugin that is served under the same id now. */
  current: (id: string) => ServedPlugin | undefined;
}

/**
 * A plugin with its process, for as long as requests may want it. Without a process, where it does not start here, it
 * is what it says of itself, and each call fails.
 */
export class ServedPlugin implements Composed {
  readonly #process: PluginProcess<PluginScope> | undefined;
  readonly #options: ServedPluginOptions;
  #underWay = 0;
  #lastCallAt = performance.now();
  #hasLeft = false;
  #isStopped = false;

  constructor(
    readonly plugin: ActivePlugin,
    process: PluginProcess<PluginScope> | undefined,
    options: ServedPluginOptions,
  ) {
    this.#process = process;
    this.#options = options;
  }

  get id(): string {
    return this.plugin.id;
  }

  get manifest(): ActivePlugin['manifest'] {
    return this.plugin.manifest;
  }

  get contribution(): Contribution {
    return this.plugin.contribution;
  }

  /** Whether it has a process here. */
  get runs(): boolean {
    return this.#process !== undefined;
  }

  /** Whether another one has taken its place, or none. */
  readonly hasLeft = (): boolean => this.#hasLeft;

  readonly callGraph: Composed['callGraph'] = (call, context) => this.#callFor(call, scopeOf(this.id, context));

  readonly callRoute: Composed['callRoute'] = (call, context) =>
    this.#callFor(
      call,
      'viewer' in context ? scopeOf(this.id, context as Context) : scopeFor(this.id, nobody, 'nobody'),
      refusalOfRoute,
    );

  /** A call for a request, with errors that may be shown. */
  async #callFor(
    call: RequestCall,
    scope: PluginScope,
    refuse: typeof refusalOfRoute | typeof refusal = refusal,
  ): Promise<unknown> {
    try {
      return await this.call({ ...call, viewer: pluginViewerOf(scope.viewer) }, scope);
    } catch (error) {
      if (error instanceof PluginRefusal) throw refuse(error.message, error.code, error.fields);
      if (!(error instanceof PluginFailed)) throw error;
      const facts = { plugin: this.id, call: nameOf(call), reason: error.message, requestId: scope.requestId };
      this.#options.log.warn(facts, 'a plugin failed');
      throw unavailable(this.id);
    }
  }

  /** Throws PluginFailed or PluginRefusal. */
  async call(call: PluginCall, scope: PluginScope, options: Omit<PluginCallOptions, 'signal'> = {}): Promise<unknown> {
    if (!this.#process) throw new PluginFailed('it does not run in this process');
    if (this.#isStopped) {
      // Of a request that began before the plugin was replaced, long ago.
      const next = this.#options.current(this.id);
      if (!next || next === this || !takes(next.contribution, call)) throw new PluginFailed('it was replaced');
      return next.call(call, scope, options);
    }
    const startedAt = performance.now();
    this.#underWay += 1;
    let outcome: 'answered' | 'refused' | 'failed' = 'failed';
    try {
      const { signal } = scope;
      const result = await this.#process.call(call, scope, { ...options, ...(signal && { signal }) });
      outcome = 'answered';
      return result;
    } catch (error) {
      if (error instanceof PluginRefusal) outcome = 'refused';
      throw error;
    } finally {
      this.#underWay -= 1;
      this.#lastCallAt = performance.now();
      const seconds = (this.#lastCallAt - startedAt) / 1_000;
      this.#options.figures.called(this.id, { kind: call.kind, outcome, seconds });
    }
  }

  /** Takes what is still asked of it by requests under way, then ends. Never rejects. */
  async retire({ isAtOnce = false } = {}): Promise<void> {
    this.#hasLeft = true;
    const retiredAt = performance.now();
    this.#lastCallAt = retiredAt;
    while (!isAtOnce && !this.#isStopped && this.#process && performance.now() - retiredAt < drainMs) {
      if (this.#underWay === 0 && performance.now() - this.#lastCallAt >= quietMs) break;
      await wait(lookMs, undefined, { ref: false });
    }
    this.#isStopped = true;
    await this.#process?.stop().catch((err: unknown) => {
      this.#options.log.error({ err, plugin: this.id }, 'the process of a plugin could not be ended');
    });
  }
}

/** Whether what is asked of a plugin is something that its successor has too. */
function takes({ resolvers, subscriptions }: Contribution, call: PluginCall): boolean {
  if (call.kind === 'resolve')
    return Object.hasOwn(resolvers, call.type) && resolvers[call.type]?.includes(call.field) === true;
  return call.kind === 'deliver' && Object.hasOwn(subscriptions, call.field);
}

function nameOf(call: RequestCall): string {
  if (call.kind === 'resolve') return `${call.type}.${call.field}`;
  return call.kind === 'deliver' ? `Subscription.${call.field}` : `${call.kind} ${call.index}`;
}
