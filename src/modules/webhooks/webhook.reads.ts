import { column, contains, equals, keyedBy, type ListedReadModel } from '../../kernel/read-model.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint, type WebhookFormat } from './webhook-endpoint.entity.js';
import { WebhookReplay } from './webhook-replay.entity.js';
import { visibleOfWebhook, visibleWebhookEndpoints } from './webhook.policy.js';

export const webhookEndpointReads: ListedReadModel<WebhookEndpoint> = {
  entity: WebhookEndpoint,
  visibleTo: visibleWebhookEndpoints,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int') },
    filters: {
      // A webhook is named by number or UUID.
      ids: (values: readonly string[], a, bind) =>
        `(${keyedBy('int')(values, a, bind)} or ${keyedBy('uuid', 'uuid')(values, a, bind)})`,
      status: equals('status', 'text'),
      formats: (values: readonly WebhookFormat[], a, bind) => `${a}.format = any(${bind(values)}::text[])`,
      eventName: (value: string, a, bind) => `${a}.events @> array[${bind(value)}::text]`,
      // A person has few.
      search: contains((a) => `(${a}.name || ' ' || ${a}.description || ' ' || ${a}.url)`),
    },
  },
};

export const webhookDeliveryReads: ListedReadModel<WebhookDelivery> = {
  entity: WebhookDelivery,
  visibleTo: visibleOfWebhook,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int') },
    filters: { status: equals('status', 'text'), eventName: equals('event_type', 'text') },
  },
};

export const webhookReplayReads: ListedReadModel<WebhookReplay> = {
  entity: WebhookReplay,
  visibleTo: visibleOfWebhook,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {},
  },
};
