import type { Socket } from 'node:net';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** What carries the answers of one subscription to its client: a websocket, or a stream of server-sent events. */
export interface SubscriptionTransport {
  /** As administrators are shown it. */
  readonly name: 'graphql-ws' | 'graphql-sse';
  isOpen: () => boolean;
  /** Bytes that the client has not taken yet. */
  waitingBytes: () => number;
  /** What is sent until `uncork` leaves in few pieces. */
  cork: () => void;
  uncork: () => void;
  /** `payload` is JSON. Calls back when it has left, or when it cannot any more. */
  send: (payload: string, position: string, onWritten: () => void) => void;
  /** The client took nothing for too long: ends all that it carries, in a way that tells the client to resume. */
  cut: () => void;
  /** The client's credential has ended: ends all that it carries, so that the client comes back with a fresh one. */
  endCredential: () => void;
}

/** The operation `id` of a graphql-ws socket, which runs over `wire`. */
export function socketTransport(socket: WebSocket, wire: Socket, id: string): SubscriptionTransport {
  const start = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return {
    name: 'graphql-ws',
    isOpen: () => socket.readyState === socket.OPEN,
    waitingBytes: () => socket.bufferedAmount,
    cork: () => wire.cork(),
    uncork: () => wire.uncork(),
    send: (payload, _position, onWritten) => socket.send(`${start}${payload}}`, onWritten),
    cut: () => socket.close(1013, 'Too slow: resume with after'),
    endCredential: () => socket.close(CloseCode.Forbidden, CloseCode[CloseCode.Forbidden]),
  };
}
