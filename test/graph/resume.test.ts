import { getIntrospectionQuery, type IntrospectionObjectType, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emit } from '../../src/events/outbox.js';
import { openTheatre, type Theatre } from '../access/play.js';
import { subscriptionRows } from '../access/rows/graphql-subscriptions.js';
import { settled } from '../support/events.js';

let theatre: Theatre;
const listeners: Listener[] = [];
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(async () => {
  for (const listener of listeners) listener.cut();
  await theatre?.server.stop();
});

interface Heard {
  position: string;
  text: string;
}

/** Follows a subscription by server-sent events until its connection is cut. */
class Listener {
  readonly got: Heard[] = [];
  readonly #connection = new AbortController();

  constructor(query: string, after: string, token: string) {
    listeners.push(this);
    this.#read(query, after, token).catch((error: unknown) => {
      if (!this.#connection.signal.aborted) throw error;
    });
  }

  cut(): void {
    this.#connection.abort();
  }

  async #read(query: string, after: string, token: string): Promise<void> {
    const { body } = await fetch(`${theatre.server.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables: { after } }),
      signal: this.#connection.signal,
    });
    let rest = '';
    for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      const messages = `${rest}${chunk}`.split('\n\n');
      rest = messages.pop() as string;
      for (const text of messages.filter((each) => each.includes('event: next')))
        this.got.push({ position: /^id: (\d+)$/m.exec(text)?.[1] ?? '', text });
    }
  }
}

const newest = async (): Promise<string> => {
  await settled(theatre.server.app);
  const [row] = await theatre.server.sql('select coalesce(max(position), 0)::text as position from events');
  return row.position;
};
const eventually = { timeout: 30_000 };
const positionsOf = (heard: readonly Heard[]): string[] => heard.map(({ position }) => position);

test('every subscription that can resume is tried here', async () => {
  const { data } = await theatre.server.graphql(getIntrospectionQuery(), {}, theatre.server.admin.token);
  const { subscriptionType, types } = (data as IntrospectionQuery).__schema;
  const { fields } = types.find(({ name }) => name === subscriptionType?.name) as IntrospectionObjectType;
  const resumable = fields.filter(({ args }) => args.some(({ name }) => name === 'after'));
  expect(resumable.map(({ name }) => name).toSorted()).toEqual(Object.keys(subscriptionRows).toSorted());
});

test.each(Object.entries(subscriptionRows))('%s goes on after a cut with what was missed, in order', async (_, row) => {
  const { people, server, make } = theatre;
  const stage = { ...(await people.cast(row)), server, make };
  const listen = (after: string): Listener => new Listener(row.document, after, stage.right.token);
  const before = await newest();
  const uncut = listen(before);
  const cut = listen(before);
  await row.happen(stage, stage.right);
  const second = await row.happen(stage, stage.right);
  await expect.poll(() => cut.got.length, eventually).toBeGreaterThan(0);
  cut.cut();
  const third = await row.happen(stage, stage.right);

  const [first] = cut.got as [Heard];
  const resumed = listen(first.position);
  const lastOf = (): number => resumed.got.findIndex(({ text }) => text.includes(third));
  await expect.poll(lastOf, eventually).toBeGreaterThanOrEqual(0);
  const rest = resumed.got.slice(0, lastOf() + 1);
  expect(rest.some(({ text }) => text.includes(second))).toBe(true);
  const heard = positionsOf([first, ...rest]);
  await expect.poll(() => positionsOf(uncut.got), eventually).toContain(heard.at(-1));
  expect(positionsOf(uncut.got).slice(0, heard.length)).toEqual(heard);
  expect(heard).toEqual([...new Set(heard)].toSorted((a, b) => Number(BigInt(a) - BigInt(b))));
  for (const listener of [uncut, resumed]) listener.cut();
});

test('each refuses to resume where the log does not reach, and says how far it does', async () => {
  const { server } = theatre;
  // More than a process keeps in memory of the log.
  const kept = await newest();
  await server.sql(
    `insert into events (position, type, subject_type, subject_id, occurred_at)
     select ?::bigint + i, 'user.activated', 'User', '1', '2020-01-01' from generate_series(1, 2100) i`,
    [kept],
  );
  await server.sql('update event_log set pruned_position = ?::bigint', [kept]);
  const origin = { viewer: { userId: undefined }, requestId: 'test', ip: undefined };
  await server.db.client.transaction((tx) => emit(tx, origin, 'user.activated', ['User', 1], {}));
  const end = await newest();
  await expect.poll(() => String(server.services.events.newest()), eventually).toBe(end);
  const oldest = String(BigInt(kept) + 1n);
  const expired = { code: 'BAD_USER_INPUT', reason: 'position_expired', details: { oldest } };
  const refusals = [
    { after: '0', extensions: expired },
    { after: String(BigInt(kept) - 1n), extensions: expired },
    {
      after: String(BigInt(end) + 1_000n),
      extensions: { code: 'BAD_USER_INPUT', reason: 'position_unknown', details: { newest: end } },
    },
    { after: 'yesterday', extensions: { code: 'BAD_USER_INPUT' } },
  ];
  for (const [name, { document }] of Object.entries(subscriptionRows))
    for (const { after, extensions } of refusals) {
      const listener = new Listener(document, after, server.admin.token);
      await expect.poll(() => listener.got.length, eventually).toBe(1);
      const [{ text }] = listener.got as [Heard];
      const { errors } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
      expect(errors?.[0], `${name} after ${after}`).toMatchObject({ extensions });
    }
});
