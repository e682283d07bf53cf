import type { RawData, WebSocket } from 'ws';
import { countedAddress } from './address.js';
import { placesOf } from './places.js';

/** What websockets may send, at all doors together, in this process. Beyond it they are closed with 4429. */
export const socketLimits = {
  windowMs: 10_000,
  /** Messages and pings of one socket within the window. */
  messages: 1_000,
  /** Of all sockets of one person. */
  personMessages: 3_000,
  personBytes: 32 * 1024 * 1024,
  /** Sockets of one address on which nobody has signed in yet. */
  waiting: 500,
} as const;

export const tooManyMessages = 4429;
/** How long a socket that sends too much has to take leave. */
const leaveMs = 2_000;
/** As many people are counted before those whose time is over are forgotten. */
const mostCounted = 1_000;

interface Counted {
  startMs: number;
  messages: number;
  bytes: number;
}

const nothing = (): Counted => ({ startMs: performance.now(), messages: 0, bytes: 0 });
const isOver = ({ startMs }: Counted): boolean => performance.now() - startMs > socketLimits.windowMs;

/** Counts what comes over the sockets of all doors. */
export class SocketTraffic {
  readonly #people = new Map<number, Counted>();
  readonly #owners = new WeakMap<WebSocket, { userId: number | undefined; stopWaiting: () => void }>();
  readonly #waiting = placesOf(socketLimits.waiting);

  /** Takes a place for a socket that is about to open, on which nobody has signed in yet; undefined: there is none. */
  wait(address: string | undefined): (() => void) | undefined {
    return this.#waiting.take(countedAddress(address));
  }

  /** The socket is open; somebody may sign in on it. */
  expect(socket: WebSocket, stopWaiting: () => void): void {
    this.#owners.set(socket, { userId: undefined, stopWaiting });
  }

  /**
   * Counts what the socket sends, to be called before its messages are listened to. `refuse` is called once, when that
   * is too much: it has to close the socket, of which no message is given to anybody any more.
   */
  watch(socket: WebSocket, refuse: () => void): void {
    let own = nothing();
    const count = (data: RawData): void => {
      if (isOver(own)) own = nothing();
      own.messages += 1;
      const { userId } = this.#owners.get(socket) ?? {};
      if (own.messages <= socketLimits.messages && (userId === undefined || this.#mayGoOn(userId, lengthOf(data))))
        return;
      socket.off('ping', count);
      socket.removeAllListeners('message');
      refuse();
      const timer = setTimeout(() => socket.terminate(), leaveMs);
      socket.once('close', () => clearTimeout(timer));
    };
    socket.on('message', count);
    socket.on('ping', count);
  }

  /** Somebody has signed in on the socket, whose messages count as theirs from now on. */
  belongsTo(socket: WebSocket, userId: number | undefined): void {
    const owner = this.#owners.get(socket);
    owner?.stopWaiting();
    if (owner) owner.userId = userId;
  }

  #mayGoOn(userId: number, bytes: number): boolean {
    let counted = this.#people.get(userId);
    if (!counted || isOver(counted)) {
      if (this.#people.size >= mostCounted) this.#forget();
      this.#people.set(userId, (counted = nothing()));
    }
    counted.messages += 1;
    counted.bytes += bytes;
    return counted.messages <= socketLimits.personMessages && counted.bytes <= socketLimits.personBytes;
  }

  #forget(): void {
    for (const [userId, counted] of this.#people) if (isOver(counted)) this.#people.delete(userId);
  }
}

const lengthOf = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
