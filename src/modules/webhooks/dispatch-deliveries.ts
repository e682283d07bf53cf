import type { Context } from '../../kernel/context.js';
import type { StartWorker } from '../../kernel/worker.js';
import { type OneAtATime, oneAtATime } from '../../lib/one-at-a-time.js';
import { type Claimed, claimDeliveries, releaseDelivery } from './claim-deliveries.js';
import { openSender, type Sender } from './post-webhook.js';
import { deliveriesChannel } from './queue-delivery.js';
import { recordAttempt } from './record-attempt.js';
import { openSecret, signatureHeaders } from './webhook-secret.js';

/** Of one attempt. */
const timeoutMs = 10_000;
/** A process that died had its deliveries for so long; then others send them again. */
const leaseMs = 30_000;
/** Under way at once, in this process. */
const mostAtOnce = 256;
/** Of them to one endpoint, and to those of one person, in all processes: slow ones must not take all places. */
const mostPerEndpoint = 4;
const mostPerOwner = 8;
/** How often to look without being told: retries become due, and leases of dead processes end. */
const sweepMs = 2_000;
/** While deliveries end, how long to let places gather: each look costs a statement. */
const restMs = 20;

/**
 * Sends what is due, in every process that works. The rows are the queue: a delivery is leased, sent and noted, and
 * whoever dies between leaves a lease that ends. Not jobs of the queue, which run one after the other in a batch, so
 * that a receiver that takes its time would hold up all the others.
 */
export const startDispatcher: StartWorker = async ({ ctx, listen }) => {
  const sender = openSender({ ...ctx.services.config.webhooks, timeoutMs });
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
      leasedUntil: new Date(now.getTime() + leaseMs),
      limit,
      limitPerEndpoint: mostPerEndpoint,
      limitPerOwner: mostPerOwner,
    });
    for (const delivery of claimed) {
      const attempt: Promise<void> = this.#attempt(delivery)
        .catch((error: unknown) => this.#ctx.log.error({ err: error, delivery: delivery.id }, 'a webhook failed'))
        .finally(() => {
          this.#underWay.delete(attempt);
          this.wake();
        });
      this.#underWay.add(attempt);
    }
  }

  async #attempt(delivery: Claimed): Promise<void> {
    const { db, services } = this.#ctx;
    const { endpointId, messageId, url } = delivery;
    const secretsOf = (sealed: string): string => openSecret(services.sealer, endpointId, sealed);
    const body = Buffer.from(delivery.body);
    const headers = signatureHeaders({
      messageId,
      at: services.now(),
      body,
      secrets: [
        secretsOf(delivery.secret),
        ...(delivery.previousSecret === null ? [] : [secretsOf(delivery.previousSecret)]),
      ],
    });
    const outcome = await this.#sender.post(url, headers, body, this.#stopping.signal);
    if (outcome) await recordAttempt(this.#ctx, delivery, outcome);
    else await releaseDelivery(db, delivery);
  }
}
