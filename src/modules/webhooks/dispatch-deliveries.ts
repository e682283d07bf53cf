import { version } from '../../config/version.js';
import type { Context } from '../../kernel/context.js';
import type { StartWorker } from '../../kernel/worker.js';
import { type OneAtATime, oneAtATime } from '../../lib/one-at-a-time.js';
import { traceparentOf } from '../../lib/trace-context.js';
import { traced } from '../../lib/tracing.js';
import { type Claimed, claimDeliveries, releaseDelivery } from './claim-deliveries.js';
import { openHeaders } from './custom-headers.js';
import { refusalToSend } from './may-still-hear.js';
import { openSender, type Sender } from './post-webhook.js';
import { deliveriesChannel } from './queue-delivery.js';
import { recordAttempt, recordRefusal } from './record-attempt.js';
import { openSecret, signatureHeaders } from './webhook-secret.js';

/**
 * A process that died had its deliveries for so long beyond the time of an attempt; then others send them again. What
 * is asked and noted around an attempt has to fit.
 */
const leaseSeconds = 20;
/** Under way at once, in this process. */
const mostAtOnce = 256;
/**
 * Of them to one endpoint, and to those of one person, in all processes: slow ones must not take all places. One that
 * fails has one.
 */
const mostPerEndpoint = 4;
const mostPerOwner = 8;
/** How often to look without being told: retries become due, and leases of dead processes end. */
const sweepMs = 2_000;
/** While deliveries end, how long to let places gather: each look costs a statement. */
const restMs = 20;
const minuteMs = 60_000;

/**
 * Sends what is due, in every process that works. The rows are the queue: a delivery is leased, sent and noted, and
 * whoever dies between leaves a lease that ends. Not jobs of the queue, which run one after the other in a batch, so
 * that a receiver that takes its time would hold up all the others.
 */
export const startDispatcher: StartWorker = async ({ ctx, listen }) => {
  const sender = openSender(ctx.services.config.webhooks);
  const dispatcher = new Dispatcher(ctx, sender);
  const unlisten = await listen(deliveriesChannel, () => dispatcher.wake());
  const timer = setInterval(() => dispatcher.wake(), sweepMs);
  timer.unref();
  dispatcher.wake();
  return {
    stop: async () => {
      clearInterval(timer);
      await unlisten();
      await dispatcher.stop();
      await sender.close();
    },
  };
};

class Dispatcher {
  readonly #ctx: Context;
  readonly #sender: Sender;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #claiming: OneAtATime;

  constructor(ctx: Context, sender: Sender) {
    this.#ctx = ctx;
    this.#sender = sender;
    this.#claiming = oneAtATime(
      () => this.#claim(),
      (error) => ctx.log.error({ err: error }, 'webhooks that are due could not be taken; they are tried again'),
      restMs,
    );
  }

  wake(): void {
    void this.#claiming.wake();
  }

  /** What is under way is broken off and given back. */
  async stop(): Promise<void> {
    await this.#claiming.stop();
    this.#stopping.abort();
    await Promise.all(this.#underWay);
  }

  async #claim(): Promise<void> {
    const limit = mostAtOnce - this.#underWay.size;
    if (limit <= 0) return;
    const now = this.#ctx.services.now();
    const claimed = await claimDeliveries(this.#ctx.db, {
      now,
      leaseSeconds,
      limit,
      limitPerEndpoint: mostPerEndpoint,
      limitPerOwner: mostPerOwner,
    });
    // What has so many a minute has its next turn before anybody would look.
    for (const perMinute of new Set(claimed.flatMap(({ maxPerMinute }) => maxPerMinute ?? [])))
      setTimeout(() => this.wake(), minuteMs / perMinute).unref();
    for (const delivery of claimed) {
      const attempt: Promise<void> = this.#traced(delivery)
        .catch((error: unknown) => this.#ctx.log.error({ err: error, delivery: delivery.id }, 'a webhook failed'))
        .finally(() => {
          this.#underWay.delete(attempt);
          this.wake();
        });
      this.#underWay.add(attempt);
    }
  }

  #traced(delivery: Claimed): Promise<void> {
    return traced(
      () => ({
        name: 'deliver webhook',
        kind: 'consumer',
        // A test of one, or what the log no longer has, begins a trace.
        parent: delivery.event?.traceparent ?? undefined,
        attributes: {
          'passerelle.webhook.id': delivery.endpointId,
          'passerelle.webhook.attempt': delivery.attempts + 1,
          'passerelle.event.type': delivery.event?.type,
        },
      }),
      () => this.#attempt(delivery),
    );
  }

  async #attempt(delivery: Claimed): Promise<void> {
    const refusal = await refusalToSend(this.#ctx, delivery);
    if (refusal !== undefined) return recordRefusal(this.#ctx, delivery, refusal);
    const body = Buffer.from(delivery.body);
    const headers = this.#headersOf(delivery, body);
    const outcome = await this.#post(delivery, headers, body);
    if (outcome) await recordAttempt(this.#ctx, delivery, { ...outcome, headers });
    else await releaseDelivery(this.#ctx.db, delivery);
  }

  /** Tells the receiver the trace that it is part of. */
  #post(delivery: Claimed, headers: Record<string, string>, body: Buffer): ReturnType<Sender['post']> {
    const { hostname, port } = new URL(delivery.url);
    return traced(
      () => ({
        name: 'POST',
        kind: 'client',
        attributes: {
          'http.request.method': 'POST',
          'server.address': hostname,
          'server.port': port ? Number(port) : undefined,
        },
      }),
      async (work) => {
        if (work?.trace) headers['traceparent'] = traceparentOf(work.trace);
        const outcome = await this.#sender.post(delivery.url, {
          headers,
          body,
          timeoutMs: delivery.timeoutSeconds * 1_000,
          stopping: this.#stopping.signal,
        });
        if (work) {
          work.attributes['http.response.status_code'] = outcome?.status;
          if (outcome?.error !== undefined) work.failure = String(outcome.status ?? 'no_answer');
        }
        return outcome;
      },
    );
  }

  /** The server's own rule over the owner's, of which none has such a name anyway. */
  #headersOf(delivery: Claimed, body: Buffer): Record<string, string> {
    const { sealer, now } = this.#ctx.services;
    const { endpointId, messageId, secret, previousSecret, headerValues } = delivery;
    const secretOf = (sealed: string): string => openSecret(sealer, endpointId, sealed);
    return {
      ...Object.fromEntries(openHeaders(sealer, endpointId, headerValues)),
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `Passerelle-Webhooks/${version}`,
      ...signatureHeaders({
        messageId,
        at: now(),
        body,
        secrets: [secretOf(secret), ...(previousSecret === null ? [] : [secretOf(previousSecret)])],
      }),
    };
  }
}
