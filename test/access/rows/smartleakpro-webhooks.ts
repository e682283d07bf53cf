import { unique } from '../objects.js';
import { restCells, type RestRow, type Stage } from '../row.js';

const { anyRead, grantedWrite, ownRead, ownWrite } = restCells({ forbidden: 403 });
const api = '/api/webhooks';
/** Everybody's own, administrators' too. */
const read = (ok = 200) => ({ ...ownRead(ok), admin: 404 });
const write = (ok = 200) => ({ ...ownWrite(ok), admin: 404 });

/** A webhook of the right person's that is sent documented events, with an execution that failed. */
async function documented({ right, make, server }: Stage): Promise<{ id: string; name: string; executionId: string }> {
  const { id, name, deliveryId } = await make.webhook(right);
  const [{ uuid }] = (await server.sql(
    `update webhook_endpoints set format = 'documented', events = '{user.registered}' where id = ? returning uuid`,
    [id],
  )) as [{ uuid: string }];
  const body = { type: 'user_created', timestamp: '2026-02-03T10:00:00Z', data: { nom: name }, resource_id: uuid };
  await server.sql('update webhook_deliveries set body = ? where id = ?', [JSON.stringify(body), deliveryId]);
  return { id: uuid, name, executionId: deliveryId };
}
const at =
  (rest = '', json?: (id: string) => object) =>
  async (stage: Stage) => {
    const { id, name } = await documented(stage);
    return { path: `${api}/${id}${rest}`, shows: name, ...(json && { json: json(id) }) };
  };
/** The same where the answer does not tell the name. */
const silently = (rest: string, json?: object) => async (stage: Stage) => ({
  path: `${api}/${(await documented(stage)).id}${rest}`,
  ...(json && { json }),
});

export const smartleakproWebhookRows: Record<string, RestRow> = {
  'GET /api/webhooks': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async (stage) => ({ path: api, shows: (await documented(stage)).name }),
  },
  'POST /api/webhooks': {
    who: ['webhooks:write'],
    expect: grantedWrite(201),
    request: () => ({
      path: api,
      json: { nom: unique('webhook'), url: 'https://webhook.invalid/', type_webhook: 'user_created' },
    }),
  },
  'GET /api/webhooks/types/available': {
    expect: anyRead(),
    request: () => ({ path: `${api}/types/available`, shows: 'intervention_status_changed' }),
  },
  'POST /api/webhooks/trigger/:event_type': {
    who: ['events:write'],
    expect: grantedWrite(),
    request: async (stage) => {
      await documented(stage);
      return { path: `${api}/trigger/user_created`, json: {} };
    },
  },
  'GET /api/webhooks/:id': { expect: read(), request: at() },
  'PUT /api/webhooks/:id': { expect: write(), request: at('', () => ({ description: unique('webhook') })) },
  'DELETE /api/webhooks/:id': { expect: write(204), request: silently('') },
  'POST /api/webhooks/:id/test': { expect: write(), request: silently('/test') },
  'POST /api/webhooks/:id/pause': { expect: write(), request: at('/pause') },
  'POST /api/webhooks/:id/resume': {
    expect: write(),
    request: async (stage) => {
      const { id, name } = await documented(stage);
      await stage.server.sql('update webhook_endpoints set paused_at = now() where uuid = ?', [id]);
      return { path: `${api}/${id}/resume`, shows: name };
    },
  },
  'POST /api/webhooks/:id/rotate-secret': { expect: write(), request: silently('/rotate-secret') },
  'GET /api/webhooks/:id/executions': { expect: read(), request: at('/executions') },
  'POST /api/webhooks/:id/executions/:executionId/replay': {
    expect: write(202),
    request: async (stage) => {
      const { id, executionId, name } = await documented(stage);
      return { path: `${api}/${id}/executions/${executionId}/replay`, shows: name };
    },
  },
  'POST /api/webhooks/:id/replay': {
    expect: write(202),
    request: silently('/replay', { since: '2026-02-03T10:00:00Z' }),
  },
};
