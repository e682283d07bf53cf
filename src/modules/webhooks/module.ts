import type { MayHear } from '../../kernel/event-subscription.js';
import type { Module } from '../../kernel/module.js';
import { webhookConsumer } from './deliver-events.js';
import { startDispatcher } from './dispatch-deliveries.js';
import { webhookEvents } from './events.js';
import { webhookJobs } from './jobs.js';
import { webhookAttemptsTotal } from './metrics.js';
import { webhookNotices } from './notices.js';
import { webhookPersonalData } from './personal-data.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEndpointResolver } from './webhook-endpoint.resolver.js';
import { webhookDeliveryReads, webhookEndpointReads } from './webhook.reads.js';

/** What the server does to a webhook, its owner hears too. */
const mayHearOfEndpoint: MayHear = ({ data }, { viewer }) => (data as { ownerId?: number }).ownerId === viewer.userId;

export const webhooksModule: Module = {
  name: 'webhooks',
  entities: [WebhookEndpoint, WebhookDelivery],
  reads: [webhookEndpointReads, webhookDeliveryReads],
  resolvers: [WebhookEndpointResolver],
  events: webhookEvents,
  notices: webhookNotices,
  consumers: (services) => [webhookConsumer(services)],
  jobs: webhookJobs,
  workers: [startDispatcher],
  hears: { WebhookEndpoint: mayHearOfEndpoint },
  personalData: webhookPersonalData,
  counters: [webhookAttemptsTotal],
};
