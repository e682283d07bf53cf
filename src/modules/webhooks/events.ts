import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface WebhookEventData {
  ownerId: number;
  name: string;
}

/** Addresses stay out: they may hold secrets of the receiver. */
export const webhookEvents = declareEvents({
  'webhook.created': payload<WebhookEventData>(),
  'webhook.updated': payload<WebhookEventData & { fields: string[] }>(),
  'webhook.secret_rotated': payload<WebhookEventData>(),
  /** By the server. */
  'webhook.disabled': payload<WebhookEventData & { reason: string }>(),
  'webhook.deleted': payload<WebhookEventData>(),
});

export type WebhookEvents = PayloadsOf<typeof webhookEvents>;
