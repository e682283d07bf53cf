import type { Context } from '../../kernel/context.js';
import { holds } from '../../kernel/viewer.js';
import type { Claimed } from './claim-deliveries.js';
import { ownerAsViewer } from './render-event.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';

const lostRight = "The webhook's owner may no longer hear of it";
const lostAnswer = "The webhook's owner has lost a right since it was made; a replay makes it anew";

/**
 * Why a delivery must not be sent any more; undefined when it may be. Its body was made when its owner had the right to
 * it, and rights are taken away while it waits. A row that is gone takes no right away: then it is asked whether they
 * may hear of the event.
 */
export async function refusalToSend({ db, services }: Context, delivery: Claimed): Promise<string | undefined> {
  const { kind, event, format, ownerId, permissions } = delivery;
  if (kind === 'test') return undefined;
  if (!event) return 'The log no longer has the event';
  const owner = ownerAsViewer(ownerId, permissions);
  if (format === WebhookFormat.DOCUMENTED) {
    const found = await services.eventPayloads.document(event, owner);
    if ('message' in found) return undefined;
    if (found.missing === 'refused') return lostRight;
  }
  if (!(await services.mayHear(db, event, owner))) return lostRight;
  // What their own query may be answered is not known from the event.
  return delivery.madeWith?.every((permission) => holds(owner, permission as `${string}:${string}`)) === false
    ? lostAnswer
    : undefined;
}
