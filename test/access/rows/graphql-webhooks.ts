import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** Everybody's own, administrators' too. */
const ownRead = { ...cells.ownRead, admin: 'null' } as const;
const ownWrite = { ...cells.ownWrite, admin: 'NOT_FOUND' } as const;

export const webhookQueryRows: Record<string, GraphqlRow> = {
  webhookEndpoint: {
    document: byId('webhookEndpoint', 'name deliveries(first: 1) { nodes { body } }'),
    variables: ({ right, make }) => make.webhook(right),
    shows: text('name'),
    expect: ownRead,
  },
  webhookEndpoints: {
    document: '{ webhookEndpoints(first: 100) { nodes { name } } }',
    variables: ({ right, make }) => make.webhook(right),
    shows: text('name'),
    without: ['other', 'admin'],
    expect: cells.anyRead,
  },
};

export const webhookMutationRows: Record<string, GraphqlRow> = {
  createWebhookEndpoint: {
    document: change('createWebhookEndpoint', 'CreateWebhookEndpointInput', 'webhookEndpoint { id }'),
    variables: input(() => ({ name: unique('webhook'), url: 'https://webhook.invalid/', events: ['invoice.*'] })),
    expect: cells.anyWrite,
  },
  updateWebhookEndpoint: {
    document: change('updateWebhookEndpoint', 'UpdateWebhookEndpointInput', 'webhookEndpoint { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id, name: unique('webhook') })),
    expect: ownWrite,
  },
  deleteWebhookEndpoint: {
    document: change('deleteWebhookEndpoint', 'DeleteWebhookEndpointInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id })),
    expect: ownWrite,
  },
  rotateWebhookSecret: {
    document: change('rotateWebhookSecret', 'RotateWebhookSecretInput', 'webhookEndpoint { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id })),
    expect: ownWrite,
  },
  testWebhookEndpoint: {
    document: change('testWebhookEndpoint', 'TestWebhookEndpointInput', 'webhookDelivery { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id })),
    expect: ownWrite,
  },
  replayWebhookDelivery: {
    document: change('replayWebhookDelivery', 'ReplayWebhookDeliveryInput', 'webhookDelivery { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).deliveryId })),
    expect: ownWrite,
  },
};
