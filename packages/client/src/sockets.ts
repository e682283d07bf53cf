import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import type { Credentials } from './credentials.js';
import { ConnectionError, PasserelleError } from './errors.js';

export interface SocketOptions {
  /** `wss://…/graphql`. */
  url: string;
  /** Where the platform has none: `WebSocket` of the package ws. */
  webSocket?: unknown;
  /** Called when the socket is open, with true, and when it is lost or closed, with false. */
  onConnection?: ((isOpen: boolean) => void) | undefined;
}

/** How a subscription ended that nobody ended here. */
export type Cut =
  /** The connection is gone: go on where it was. */
  | { kind: 'cut' }
  /** The credential was refused; `wasOpen`: it held when the socket was opened. */
  | { kind: 'refused'; token: string | undefined; wasOpen: boolean }
  /** It would be refused again. */
  | { kind: 'fatal'; error: Error };

export interface SubscriptionSink {
  next: (result: ExecutionResult<Record<string, unknown>, Record<string, unknown>>) => void;
  /** Called once, unless the subscription was ended by the function that `subscribe` returned. */
  end: (cut: Cut | { kind: 'errors'; errors: unknown[] }) => void;
}

/** The one socket that a client's subscriptions share. It opens with the first and closes after the last. */
export interface Socket {
  subscribe: (payload: { query: string; variables: Record<string, unknown> }, sink: SubscriptionSink) => () => void;
  close: () => Promise<void>;
}

const pingMs = 15_000;
const patienceMs = 5_000;

export function openSocket(
  { url, webSocket, onConnection }: SocketOptions,
  credentials: Pick<Credentials, 'current'>,
): Socket {
  let token: string | undefined;
  let wasOpen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open: { close: (code: number, reason: string) => void } | undefined;
  const client: Client = createClient({
    url,
    ...(webSocket !== undefined && { webSocketImpl: webSocket }),
    lazy: true,
    lazyCloseTimeout: 500,
    // Each subscription comes back by itself, with the position that it has then.
    retryAttempts: 0,
    keepAlive: pingMs,
    connectionParams: async () => {
      token = await credentials.current();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    on: {
      connecting: () => (wasOpen = false),
      connected: () => {
        wasOpen = true;
        onConnection?.(true);
      },
      opened: (socket) => (open = socket as typeof open),
      // A line that is dead says nothing: the answer to a ping does.
      ping: (isReceived) => {
        if (isReceived) return;
        clearTimeout(timer);
        timer = setTimeout(() => open?.close(4408, 'No answer'), patienceMs);
      },
      pong: () => clearTimeout(timer),
      closed: () => {
        clearTimeout(timer);
        onConnection?.(false);
      },
    },
  });
  return {
    subscribe: (payload, { next, end }) => {
      let isOver = false;
      const over = (how: Parameters<typeof end>[0]): void => {
        if (isOver) return;
        isOver = true;
        end(how);
      };
      const stop = client.subscribe<Record<string, unknown>>(payload, {
        next: (result) => {
          if (!isOver) next(result as Parameters<typeof next>[0]);
        },
        error: (error) =>
          over(Array.isArray(error) ? { kind: 'errors', errors: error } : cutBy(error, { token, wasOpen })),
        // The server that stops completes what it serves.
        complete: () => over({ kind: 'cut' }),
      });
      return () => {
        isOver = true;
        stop();
      };
    },
    close: async () => void (await client.dispose()),
  };
}

/** By the codes that the server closes sockets with. */
function cutBy(error: unknown, opened: { token: string | undefined; wasOpen: boolean }): Cut {
  const { code, reason } = (error ?? {}) as { code?: unknown; reason?: string };
  switch (code) {
    // 4401: nobody has it; 4403: it has ended, or its person's rights have changed.
    case 4401:
    case 4403:
      return { kind: 'refused', ...opened };
    case 4429:
      return {
        kind: 'fatal',
        error: new PasserelleError([
          {
            message: 'The person has too many sockets open',
            extensions: { code: 'RATE_LIMITED', reason: 'too_many_sockets' },
          },
        ]),
      };
    // What the protocol forbids would be forbidden again.
    case 4004:
    case 4005:
    case 4400:
    case 4406:
    case 4409:
      return {
        kind: 'fatal',
        error: new ConnectionError(`The socket was closed: ${reason || code}`, { status: code }),
      };
    default:
      // 1001 and 1012: the server stops; 1006: the line; 1013: this side was too slow; 4500: the server, for now.
      return { kind: 'cut' };
  }
}
