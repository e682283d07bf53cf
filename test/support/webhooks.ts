import { expect } from 'vitest';
import { emit } from '../../src/events/outbox.js';
import { settled } from './events.js';
import { type Person, startTestServer, type TestServer, type TestServerOptions } from './harness.js';
import { type Received, type Receiver, startReceiver } from './receiver.js';

export const second = 1_000;
export const minute = 60 * second;
export const patience = { timeout: 20_000, interval: 25 };

export interface Hook {
  id: number;
  path: string;
  secret: string;
}

/** A server with a clock that a test moves, and a program of somebody that takes webhooks. */
export interface WebhookStage {
  server: TestServer;
  receiver: Receiver;
  /** Of the server's clock. */
  now: () => Date;
  /** Makes a webhook at a path of its own. `input` goes to the graph beside name, url and events. */
  hook: (owner: Person, input?: object) => Promise<Hook>;
  /** The actor does something to an invoice of this number. */
  happen: (actor: Person, invoice: number | string, fields?: string[]) => Promise<void>;
  /** What came to a path so far. */
  got: (hook: Pick<Hook, 'path'>) => Received[];
  arrived: (hook: Pick<Hook, 'path'>, count: number) => Promise<void>;
  /** Moves the clock, and has dispatchers look again. */
  later: (ms: number) => Promise<void>;
  /** All deliveries, oldest first; `wait`: seconds until the next attempt. */
  deliveriesOf: (hook: Pick<Hook, 'id'>) => Promise<any[]>;
  attempted: (hook: Pick<Hook, 'id'>, ...attempts: number[]) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startWebhookStage({ env }: Pick<TestServerOptions, 'env'> = {}): Promise<WebhookStage> {
  let laterMs = 0;
  let hooks = 0;
  const now = (): Date => new Date(Date.now() + laterMs);
  const receiver = await startReceiver();
  const server = await startTestServer({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8', ...env }, now });
  const got: WebhookStage['got'] = ({ path }) => receiver.received.filter((one) => one.path === path);
  const deliveriesOf: WebhookStage['deliveriesOf'] = ({ id }) =>
    server.sql(
      `select id, kind, status, attempts, response_status, error, response_body, body, message_id, replay_id,
              round(extract(epoch from next_attempt_at - ?::timestamptz)) as wait
         from webhook_deliveries where endpoint_id = ? order by id`,
      [now(), id],
    );
  return {
    server,
    receiver,
    now,
    got,
    deliveriesOf,
    hook: async (owner, input = {}) => {
      const path = `/hook${(hooks += 1)}`;
      const { data, errors } = await server.graphql(
        `mutation ($input: CreateWebhookEndpointInput!) {
          createWebhookEndpoint(input: $input) { webhookEndpoint { id } secret } }`,
        { input: { name: `Webhook ${hooks}`, url: `${receiver.url}${path}`, events: ['invoice.*'], ...input } },
        owner.token,
      );
      expect(errors).toBeUndefined();
      const { webhookEndpoint, secret } = data.createWebhookEndpoint;
      return { id: Number(webhookEndpoint.id), path, secret };
    },
    happen: (actor, invoice, fields = []) =>
      server.db.client.transaction((tx) =>
        emit(
          tx,
          { viewer: { userId: actor.id }, requestId: 'test', ip: undefined },
          'invoice.updated',
          ['Invoice', invoice],
          { customerId: actor.id, createdById: actor.id, fields, version: 2 },
        ),
      ),
    arrived: (hook, count) => expect.poll(() => got(hook).length, patience).toBe(count),
    later: async (ms) => {
      laterMs += ms;
      await server.sql(`select pg_notify('passerelle_webhooks', '')`);
    },
    attempted: (hook, ...attempts) =>
      expect
        .poll(async () => (await deliveriesOf(hook)).map((delivery) => delivery.attempts), patience)
        .toEqual(attempts),
    stop: async () => {
      await server.stop();
      await receiver.stop();
    },
  };
}

/** Resolves when all that happened before is queued, and no delivery of a webhook waits any more. */
export async function emptied({ server }: WebhookStage, { id }: Pick<Hook, 'id'>): Promise<void> {
  await settled(server.app);
  const waiting = `select 1 from webhook_deliveries where endpoint_id = ? and status = 'pending'`;
  await expect.poll(() => server.sql(waiting, [id]), patience).toEqual([]);
}
