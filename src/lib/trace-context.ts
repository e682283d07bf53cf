import { randomBytes } from 'node:crypto';

/** A request's place in a trace, as W3C Trace Context has it (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  traceId: string;
  /** Of what is done here: 16 digits. */
  spanId: string;
  /** Of the caller; undefined where the trace begins. */
  parentId?: string | undefined;
  /** Two digits; the last bit says that the caller records the trace. */
  flags: string;
}

const header = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Continues the trace of a header `traceparent`, under a span of its own. Undefined without one, for one that is not
 * valid, and for several: the specification has those ignored.
 */
export function continueTrace(traceparent: unknown): TraceContext | undefined {
  const [, version = '', traceId = '', parentId = '', flags = '', more] =
    (typeof traceparent === 'string' && header.exec(traceparent.trim())) || [];
  // Later versions may append fields; version 00 has none, and ff is none.
  const isVersion = version !== '' && version !== 'ff' && (version !== '00' || more === undefined);
  if (!isVersion || isZero(traceId) || isZero(parentId)) return undefined;
  return { traceId, parentId, flags, spanId: randomBytes(8).toString('hex') };
}

const isZero = (digits: string): boolean => /^0+$/.test(digits);

/** The header for what this span calls. */
export const traceparentOf = ({ traceId, spanId, flags }: TraceContext): string =>
  // Of the flags only the first is defined, and only that may be passed on.
  `00-${traceId}-${spanId}-0${Number.parseInt(flags, 16) & 1}`;

/** The header as the caller sent it; undefined when the trace begins here. */
export const callerOf = (trace: TraceContext | undefined): string | undefined =>
  trace?.parentId === undefined ? undefined : traceparentOf({ ...trace, spanId: trace.parentId });

/** What of it stands in a line of the log. */
export const traceFields = (trace: TraceContext | undefined): object =>
  trace ? { traceId: trace.traceId, spanId: trace.spanId, parentSpanId: trace.parentId } : {};
