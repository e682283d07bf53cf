import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TelemetryConfig } from '../config/config.js';
import { version } from '../config/version.js';
import { continueTrace } from '../lib/trace-context.js';
import { type Work, workChannel, workUnderWay } from '../lib/tracing.js';

/** What waits for the collector, at most: what comes beyond it is dropped. */
const maxWaitingSpans = 2_048;
/** An export under way holds so many, and so long. */
const maxExportedSpans = 512;
const exportMs = 5_000;
const gatherMs = 1_000;
/** Of the text of a statement, at most. */
const maxAttributeLength = 2_000;

export interface TelemetryOptions extends TelemetryConfig {
  process: string;
  log: Logger;
}

/**
 * Records the work of this process as spans and sends them to a collector (OTLP over HTTP, as JSON). Nobody waits for
 * the collector: spans that it does not take are dropped, and the log says so once until it is back.
 */
export function startTelemetry({ endpoint, headers, serviceName, ratio, process, log }: TelemetryOptions): {
  stop: () => Promise<void>;
} {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: exportMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.version': version,
      'passerelle.process': process,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanLimits: { attributeValueLengthLimit: maxAttributeLength },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: neverFailing(exporter, log),
        maxQueueSize: maxWaitingSpans,
        maxExportBatchSize: maxExportedSpans,
        scheduledDelayMillis: gatherMs,
        exportTimeoutMillis: exportMs,
      }),
    ],
  });
  const unfollow = followWork(provider);
  return {
    stop: async () => {
      unfollow();
      await provider.shutdown().catch(() => undefined);
    },
  };
}

/** Makes a span of each piece of work. Returns how to stop. */
function followWork(provider: TracerProvider): () => void {
  const tracer = provider.getTracer('passerelle', version);
  const spans = new WeakMap<Work, Span>();
  const begin = (work: Work): Work => {
    const above = work.parent === undefined ? workUnderWay.getStore() : undefined;
    const aboveSpan = above && spans.get(above);
    const given = continueTrace(work.parent);
    const parent = aboveSpan
      ? trace.setSpan(ROOT_CONTEXT, aboveSpan)
      : given
        ? trace.setSpanContext(ROOT_CONTEXT, {
            traceId: given.traceId,
            spanId: given.parentId ?? '',
            traceFlags: Number.parseInt(given.flags, 16),
            isRemote: true,
          })
        : ROOT_CONTEXT;
    const span = tracer.startSpan(work.name, { kind: kinds[work.kind], attributes: defined(work.attributes) }, parent);
    spans.set(work, span);
    const { traceId, spanId, traceFlags } = span.spanContext();
    work.trace = {
      traceId,
      spanId,
      parentId: aboveSpan?.spanContext().spanId ?? given?.parentId,
      flags: traceFlags.toString(16).padStart(2, '0'),
    };
    return work;
  };
  const fail = (work: Work & { error: unknown }): void => {
    const { name, code } = (work.error ?? {}) as { name?: unknown; code?: unknown };
    work.failure ??= String(code ?? name ?? 'Error');
  };
  const end = (work: Work): void => {
    const span = spans.get(work);
    if (!span) return;
    if (span.isRecording()) {
      span.updateName(work.name);
      span.setAttributes(defined({ ...work.attributes, 'error.type': work.failure }));
      if (work.failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };
  const subscribers = { error: fail, asyncEnd: end };
  workChannel.start.bindStore(workUnderWay, begin);
  workChannel.subscribe(subscribers as never);
  return () => {
    workChannel.start.unbindStore(workUnderWay);
    workChannel.unsubscribe(subscribers as never);
  };
}

const kinds: Readonly<Record<Work['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const defined = (attributes: Work['attributes']): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

/** Says of a collector that takes nothing so once, and once that it is back; otherwise nobody is to know. */
function neverFailing(exporter: SpanExporter, log: Logger): SpanExporter {
  let isLost = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, ({ code, error }) => {
        const fails = code !== 0;
        if (fails && !isLost)
          log.warn({ err: error }, 'the collector of traces takes nothing: they are dropped until it does');
        if (!fails && isLost) log.info('the collector of traces is back');
        isLost = fails;
        done({ code: 0 });
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
