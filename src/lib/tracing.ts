import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import type { TraceContext } from './trace-context.js';

/**
 * A piece of work that a trace shows as a span. The words are those of OpenTelemetry's semantic conventions; nothing of
 * what people sent stands in them, and no secret.
 */
export interface Work {
  /** One of few: `GET /v1/users/:id`, `query Documents`. May be known only at the end. */
  name: string;
  /** `server` answers somebody, `client` asks somebody, `consumer` does what was put off, `internal` is any other. */
  kind: 'server' | 'client' | 'consumer' | 'internal';
  attributes: Record<string, string | number | boolean | undefined>;
  /** The `traceparent` that began it, from outside or from before; undefined: it belongs to what is under way. */
  parent?: unknown;
  /** Why it failed although it did not throw: one of few words. */
  failure?: string | undefined;
  /** Its place in the trace, once it has begun. */
  trace?: TraceContext;
}

/**
 * Where work is told of: whoever records traces subscribes, and binds `workUnderWay`. Nobody does unless it is
 * configured, and work then costs a look at a flag.
 */
export const workChannel = tracingChannel<unknown, Work>('passerelle:work');
export const workUnderWay = new AsyncLocalStorage<Work>();

const { start: begun } = workChannel;

export const isTracing = (): boolean => begun.hasSubscribers;

/** Whether it belongs to a trace that is not recorded: what is part of it is not either, and costs nothing more. */
const isLeftOut = (work: Work | undefined): boolean =>
  work?.trace !== undefined && (Number.parseInt(work.trace.flags, 16) & 1) === 0;

/** Runs work, as a span when traces are recorded. `run` then gets it, and may add to it until it ends. */
export function traced<T>(describe: () => Work, run: (work: Work | undefined) => Promise<T>): Promise<T> {
  if (!begun.hasSubscribers) return run(undefined);
  const work = describe();
  if (work.parent === undefined && isLeftOut(workUnderWay.getStore())) return run(undefined);
  return workChannel.tracePromise(async () => run(work), work);
}

const isRecorded = (work: Work | undefined): boolean => work !== undefined && !isLeftOut(work);

/** The same for what is only worth showing as part of something else. */
export const tracedWithin = <T>(describe: () => Work, run: (work: Work | undefined) => Promise<T>): Promise<T> =>
  begun.hasSubscribers && isRecorded(workUnderWay.getStore()) ? traced(describe, run) : run(undefined);

/** Where what is done here belongs: the work under way, when it is recorded, else what a client has said. */
export const traceOr = (known: TraceContext | undefined): TraceContext | undefined =>
  workUnderWay.getStore()?.trace ?? known;
