import { realpathSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { boundedLog } from './bounded-log.js';
import { checkedContribution } from './contribution-shape.js';
import type { Contribution } from './contribution.js';
import { hostRequests } from './host-requests.js';
import type { FromPlugin } from './messages.js';
import { type Child, startChild } from './plugin-child.js';
import {
  type PluginCall,
  PluginFailed,
  type PluginLimits,
  type PluginProcess,
  type PluginProcessOptions,
  PluginRefusal,
} from './plugin-process.js';
import { turnsFor } from './turns.js';

const defaults: PluginLimits = { memoryMegabytes: 256, callMs: 5_000, startMs: 10_000, concurrency: 50 };

/** More failures than this within the time, and the plugin is not started again. */
const failuresAllowed = 5;
const failuresWithinMs = 60_000;
/** Before the first new start; doubled with each further failure. */
const firstDelayMs = 100;
/** For the calls under way when the plugin is stopped. */
const graceMs = 2_000;

interface CallUnderWay<Scope> {
  scope: Scope;
  log: Logger | undefined;
  requests: number;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** One process that has described itself. */
interface Running {
  child: Child;
  contribution: Contribution;
}

/**
 * Starts the process of a plugin and resolves when it has described itself. Rejects with `PluginFailed` when it does
 * not, or describes itself wrongly; nothing runs then.
 */
export async function startPlugin<Scope>(
  options: PluginProcessOptions<Scope>,
  start: typeof startChild = startChild,
): Promise<PluginProcess<Scope>> {
  const { manifest, grants, services, log, onFailure } = options;
  const limits = { ...defaults, ...options.limits };
  const folder = realpathSync(options.folder);
  const calls = new Map<number, CallUnderWay<Scope>>();
  let lastId = 0;
  let running: Promise<Running>;
  let contribution: Contribution | undefined;
  let failures: number[] = [];
  /** Why no call is taken any more. */
  let over: string | undefined;
  let isStopping = false;
  /** Also one that has not described itself yet. */
  let current: Promise<Child> | undefined;
  let giveUpRestart: (() => void) | undefined;
  const requests = hostRequests({ grants, services, events: () => contribution?.events ?? [] });
  const writeLine = boundedLog(log);

  /** A request of the process is answered while its call is under way, with that call's rights. */
  async function serve(child: Child, request: Extract<FromPlugin, { t: 'request' }>): Promise<void> {
    const call = calls.get(request.call);
    const made = call ? call.requests++ : 0;
    const reply = await (
      call ? requests.answer(request, call.scope, made) : Promise.reject(new Error('The call is over'))
    ).then(
      (value) => ({ t: 'reply', id: request.id, value }) as const,
      (error: unknown) => ({ t: 'reply', id: request.id, error: String((error as Error)?.message) }) as const,
    );
    if (!child.send(reply)) void child.end('Read nothing of what it asked for');
  }

  function settle(message: Extract<FromPlugin, { t: 'result' | 'failed' }>): void {
    const call = calls.get(message.id);
    // One that was given up meanwhile is nobody's; one that was never made is a lie.
    if (!call) {
      if (Number.isInteger(message.id) && message.id > 0 && message.id <= lastId) return;
      throw new Error('Answered what it was not asked');
    }
    calls.delete(message.id);
    if (message.t === 'result') return call.resolve(message.value);
    const refusal = refusalOf(message);
    if (refusal) return call.reject(refusal);
    if (typeof message.stack === 'string') writeLine('error', message.stack.slice(0, 4_000));
    call.reject(new PluginFailed(String(message.message).slice(0, 1_000)));
  }

  async function run(): Promise<Running> {
    const { promise, resolve, reject } = Promise.withResolvers<Running>();
    let isReady = false;
    let deadline: NodeJS.Timeout | undefined;
    current = start({
      folder,
      main: manifest.main,
      memoryMegabytes: limits.memoryMegabytes,
      onMessage: (message) => {
        if (message.t === 'ready' && !isReady) {
          const described = checkedContribution(message.contribution);
          if (contribution && !isDeepStrictEqual(described, contribution))
            throw new Error('It describes itself otherwise than before');
          isReady = true;
          void current?.then((child) => resolve({ child, contribution: described }));
        } else if (message.t === 'result' || message.t === 'failed') settle(message);
        else if (message.t === 'request') void current?.then((child) => serve(child, message));
        else if (message.t === 'log') {
          const own = message.call === undefined ? undefined : calls.get(message.call)?.log;
          writeLine(message.level, message.message, message.details, own);
        } else if (message.t === 'broken') throw new Error(String(message.reason).slice(0, 4_000));
        else throw new Error('Sent what is no message');
      },
      onEnd: (reason) => {
        clearTimeout(deadline);
        reject(new PluginFailed(reason));
        if (isReady) hasEnded(reason);
      },
    });
    const child = await current;
    deadline = setTimeout(() => void child.end(`Did not start within ${limits.startMs} ms`), limits.startMs);
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Calls under way fail; a new process is started after a moment, or never more. */
  function hasEnded(reason: string): void {
    for (const call of calls.values()) call.reject(new PluginFailed(reason));
    calls.clear();
    if (isStopping) return;
    const nowMs = Date.now();
    failures = [...failures.filter((at) => at > nowMs - failuresWithinMs), nowMs];
    const isOver = failures.length > failuresAllowed;
    if (isOver) over = reason;
    log.error({ plugin: manifest.id, reason, isOver }, 'a plugin’s process ended');
    onFailure?.({ reason, isOver });
    if (isOver) {
      running = Promise.reject(new PluginFailed(reason));
    } else {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, firstDelayMs * 2 ** (failures.length - 1));
      giveUpRestart = (): void => {
        clearTimeout(timer);
        reject(new PluginFailed('The plugin was stopped'));
      };
      running = promise.then(run);
      running.catch((error: Error) => hasEnded(error.message));
    }
    running.catch(() => undefined);
  }

  running = run();
  try {
    ({ contribution } = await running);
  } catch (error) {
    await (await current)?.end('');
    throw error;
  }
  const turns = turnsFor(limits.concurrency);

  async function callNow(
    call: PluginCall,
    { scope, log: own }: Pick<CallUnderWay<Scope>, 'scope' | 'log'>,
    isGivenUp: AbortSignal,
  ): Promise<unknown> {
    const { child } = await until(running, isGivenUp);
    if (isGivenUp.aborted) throw isGivenUp.reason;
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const giveUp = (): void => {
      if (calls.delete(id)) child.send({ t: 'cancel', id });
      reject(isGivenUp.reason as Error);
    };
    calls.set(id, { scope, log: own, requests: 0, resolve, reject });
    isGivenUp.addEventListener('abort', giveUp, { once: true });
    if (!child.send({ t: 'call', id, call })) {
      calls.delete(id);
      reject(new PluginFailed('It does not read its calls'));
    }
    return promise.finally(() => isGivenUp.removeEventListener('abort', giveUp));
  }

  return {
    contribution,
    call: async (call, scope, { timeoutMs = limits.callMs, signal, log: own } = {}) => {
      if (isStopping) throw new PluginFailed('The plugin is being stopped');
      if (over !== undefined) throw new PluginFailed(over);
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new PluginFailed(`No result within ${timeoutMs} ms`)), timeoutMs);
      const leave = (): void => late.abort(new PluginFailed('The caller left'));
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
      try {
        return await turns(() => callNow(call, { scope, log: own }, late.signal), late.signal);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
      }
    },
    stop: async () => {
      isStopping = true;
      giveUpRestart?.();
      const latest = performance.now() + graceMs;
      while (calls.size > 0 && performance.now() < latest) await new Promise((resolve) => setTimeout(resolve, 20));
      await (await current)?.end('The plugin was stopped');
    },
  };
}

/** Rejects with the signal's reason when it is aborted first. */
function until<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([value, promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** A refusal that the plugin made itself, if it has the shape of one. */
function refusalOf({
  refusal,
  message,
}: {
  refusal?: { code: string; fields: readonly unknown[] };
  message?: unknown;
}) {
  const codes = ['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT'] as const;
  const code = codes.find((known) => known === refusal?.code);
  if (!refusal || !code) return undefined;
  const fields = (Array.isArray(refusal.fields) ? refusal.fields : []).slice(0, 100).flatMap((field: unknown) => {
    const { path, message: text } = (field ?? {}) as { path?: unknown; message?: unknown };
    if (!Array.isArray(path) || typeof text !== 'string') return [];
    return [{ path: path.slice(0, 20).map((part) => String(part).slice(0, 200)), message: text.slice(0, 500) }];
  });
  return new PluginRefusal(String(message).slice(0, 1_000), code, fields);
}
