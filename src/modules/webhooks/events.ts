import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface WebhookEventData {
  ownerId: number;
  name: string;
}

interface ReplayEventData extends WebhookEventData {
  replayId: string;
}

/** Addresses stay out: they may hold secrets of the receiver. */
export const webhookEvents = declareEvents({
  'webhook.created': payload<WebhookEventData>(),
  'webhook.updated': payload<WebhookEventData & { fields: string[] }>(),
  'webhook.secret_rotated': payload<WebhookEventData>(),
  'webhook.paused': payload<WebhookEventData>(),
  'webhook.resumed': payload<WebhookEventData>(),
  'webhook.replay_started': payload<ReplayEventData & { total: number }>(),
  /** After each batch. */
  'webhook.replay_progress': payload<ReplayEventData & { done: number; total: number }>(),
  /** All of it is queued. */
  'webhook.replay_finished': payload<ReplayEventData & { done: number; total: number }>(),
  'webhook.replay_cancelled': payload<ReplayEventData>(),
  /** By the server; `isManaged`: it belongs to an integration, of the same name. */
  'webhook.disabled': payload<WebhookEventData & { reason: string; isManaged: boolean }>(),
  'webhook.deleted': payload<WebhookEventData>(),
});

export type WebhookEvents = PayloadsOf<typeof webhookEvents>;
