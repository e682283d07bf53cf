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
  webhookReplay: {
    document: byId('webhookReplay', 'id total'),
    variables: async ({ right, make }) => {
      const { replayId } = await make.webhook(right);
      return { id: replayId, shown: replayId };
    },
    shows: text('shown'),
    expect: ownRead,
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
  pauseWebhookEndpoint: {
    document: change('pauseWebhookEndpoint', 'PauseWebhookEndpointInput', 'webhookEndpoint { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id })),
    expect: ownWrite,
  },
  resumeWebhookEndpoint: {
    document: change('resumeWebhookEndpoint', 'ResumeWebhookEndpointInput', 'webhookEndpoint { id }'),
    variables: input(async ({ right, make, server }) => {
      const { id } = await make.webhook(right);
      await server.sql('update webhook_endpoints set paused_at = now() where id = ?', [id]);
      return { id };
    }),
    expect: ownWrite,
  },
  testWebhookEndpoint: {
    document: change('testWebhookEndpoint', 'TestWebhookEndpointInput', 'webhookDelivery { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).id })),
    expect: ownWrite,
  },
  triggerWebhooks: {
    document: change('triggerWebhooks', 'TriggerWebhooksInput', 'count'),
    who: ['events:write'],
    variables: input(async ({ right, make, server }) => {
      const { id } = await make.webhook(right);
      await server.sql(`update webhook_endpoints set format = 'documented', events = '{*}' where id = ?`, [id]);
      return { eventName: 'user_created' };
    }),
    expect: cells.grantedWrite,
  },
  verifyWebhookSignature: {
    document: change('verifyWebhookSignature', 'VerifyWebhookSignatureInput', 'isValid'),
    variables: input(async ({ right, make }) => ({
      id: (await make.webhook(right)).id,
      payload: '{}',
      signature: 'sha256=00',
    })),
    // It only asks.
    changes: false,
    expect: ownWrite,
  },
  replayWebhookDelivery: {
    document: change('replayWebhookDelivery', 'ReplayWebhookDeliveryInput', 'webhookDelivery { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.webhook(right)).deliveryId })),
    expect: ownWrite,
  },
  replayWebhookEvents: {
    document: change('replayWebhookEvents', 'ReplayWebhookEventsInput', 'webhookReplay { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.webhook(right)).id,
      since: '2026-02-03T10:00:00Z',
    })),
    expect: ownWrite,
  },
  cancelWebhookReplay: {
    document: change('cancelWebhookReplay', 'CancelWebhookReplayInput', 'webhookReplay { id }'),
    variables: input(async ({ right, make, server }) => {
      const { replayId: id } = await make.webhook(right);
      await server.sql(`update webhook_replays set status = 'running', finished_at = null where id = ?`, [id]);
      return { id };
    }),
    expect: ownWrite,
  },
};
