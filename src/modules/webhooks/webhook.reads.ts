import { column, equals, type ListedReadModel } from '../../kernel/read-model.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { visibleWebhookDeliveries, visibleWebhookEndpoints } from './webhook.policy.js';

export const webhookEndpointReads: ListedReadModel<WebhookEndpoint> = {
  entity: WebhookEndpoint,
  visibleTo: visibleWebhookEndpoints,
  list: { defaultOrder: 'ID_ASC', orders: { ID: column('id', 'int') }, filters: {} },
};

export const webhookDeliveryReads: ListedReadModel<WebhookDelivery> = {
  entity: WebhookDelivery,
  visibleTo: visibleWebhookDeliveries,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int') },
    filters: { status: equals('status', 'text'), eventName: equals('event_type', 'text') },
  },
};
