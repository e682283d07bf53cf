import type { MayHear } from '../../kernel/event-subscription.js';
import type { Module } from '../../kernel/module.js';
import { webhookConsumer } from './deliver-events.js';
import { fillWebhooksDemo } from './demo.js';
import { startDispatcher } from './dispatch-deliveries.js';
import { webhookEvents } from './events.js';
import { webhookJobs } from './jobs.js';
import { webhookAttemptsTotal } from './metrics.js';
import { webhookNotices } from './notices.js';
import { webhookPersonalData } from './personal-data.js';
import { waitingDeliveries } from './waiting-deliveries.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookDeliveryResolver } from './webhook-delivery.resolver.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointResolver } from './webhook-endpoint.resolver.js';
import { WebhookReplay } from './webhook-replay.entity.js';
import { WebhookReplayResolver } from './webhook-replay.resolver.js';
import { webhookDeliveryReads, webhookEndpointReads, webhookReplayReads } from './webhook.reads.js';

/** What the server does to a webhook, its owner hears too. */
const mayHearOfEndpoint: MayHear = ({ data }, { viewer }) => (data as { ownerId?: number }).ownerId === viewer.userId;

export const webhooksModule: Module = {
  name: 'webhooks',
  entities: [WebhookEndpoint, WebhookDelivery, WebhookReplay],
  reads: [webhookEndpointReads, webhookDeliveryReads, webhookReplayReads],
  resolvers: [WebhookEndpointResolver, WebhookDeliveryResolver, WebhookReplayResolver],
  events: webhookEvents,
  notices: webhookNotices,
  consumers: (services, _notices, parts) => [webhookConsumer(services, parts)],
  jobs: webhookJobs,
  workers: [startDispatcher],
  hears: { WebhookEndpoint: mayHearOfEndpoint },
  personalData: webhookPersonalData,
  demo: fillWebhooksDemo,
  eventHolds: [waitingDeliveries],
  counters: [webhookAttemptsTotal],
};
