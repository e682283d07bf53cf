import { expect, test } from 'vitest';
import type { Cut, SubscriptionSink } from '../../packages/client/src/sockets.js';
import { Subscription } from '../../packages/client/src/subscription.js';

const operation = { query: 'subscription ($after: Position) { e(after: $after) { position } }', variables: {} };
const credentials = { renew: async () => false };

/** A log of `count` events, which each subscription is sent at once from where it begins. */
function logOf(count: number) {
  const asked: string[] = [];
  let open = 0;
  const subscribe = ({ variables }: { variables: Record<string, unknown> }, sink: SubscriptionSink): (() => void) => {
    asked.push(String(variables['after']));
    open += 1;
    let isOver = false;
    queueMicrotask(() => {
      for (let position = Number(variables['after']) + 1; position <= count && !isOver; position += 1)
        sink.next({ data: { e: { position: String(position) } } });
    });
    return () => {
      if (!isOver) open -= 1;
      isOver = true;
    };
  };
  return { asked, open: () => open, socket: { subscribe, close: async () => undefined } };
}

test('a slow loop keeps few events waiting, and still gets each of them once', async () => {
  const { asked, open, socket } = logOf(1600);
  const events = new Subscription<{ e: { position: string } }>(
    operation,
    { after: '0' },
    { socket, credentials, newest: async () => '0' },
  );
  const got: number[] = [];
  for await (const { e } of events) {
    got.push(Number(e.position));
    if (got.length === 1600) break;
  }
  expect(got).toEqual(Array.from({ length: 1600 }, (_, index) => index + 1));
  expect(asked).toEqual(['0', '500', '1000', '1500']);
  expect(open()).toBe(0);
  expect(events.position).toBe('1600');
});

test('an event that comes twice is given once, and one with an error ends the loop behind it', async () => {
  const sinks: SubscriptionSink[] = [];
  const socket = {
    subscribe: (_payload: unknown, sink: SubscriptionSink) => {
      sinks.push(sink);
      const one = (position: string) => ({ data: { e: { position } } });
      queueMicrotask(() => {
        for (const position of sinks.length === 1 ? ['5', '6'] : ['6', '7']) sink.next(one(position));
        if (sinks.length === 1) sink.end({ kind: 'cut' });
        else sink.next({ data: { e: { position: '8' } }, errors: [{ message: 'no' } as never] });
      });
      return () => undefined;
    },
    close: async () => undefined,
  };
  const events = new Subscription<{ e: { position: string } }>(
    operation,
    {},
    { socket, credentials, newest: async () => '4' },
  );
  const got: string[] = [];
  const read = (async () => {
    for await (const { e } of events) got.push(e.position);
  })();
  await expect(read).rejects.toMatchObject({ message: 'no' });
  expect(got).toEqual(['5', '6', '7']);
});

test.each([
  ['4429', [{ kind: 'fatal', error: new Error('too many') }]],
  ['4401', [{ kind: 'refused', token: 't', wasOpen: false }]],
  [
    '4403, and again',
    [
      { kind: 'refused', token: 't', wasOpen: true },
      { kind: 'refused', token: 't', wasOpen: false },
    ],
  ],
] as const)('%s is the end', async (_, cuts) => {
  let asked = 0;
  const socket = {
    subscribe: (_payload: unknown, sink: SubscriptionSink) => {
      asked += 1;
      const cut = cuts[asked - 1] as Cut;
      queueMicrotask(() => sink.end(cut));
      return () => undefined;
    },
    close: async () => undefined,
  };
  const events = new Subscription(operation, { after: '1' }, { socket, credentials, newest: async () => '1' });
  await expect(events[Symbol.asyncIterator]().next()).rejects.toThrow(/too many|credential/);
  expect(asked).toBe(cuts.length);
});
