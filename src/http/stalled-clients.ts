/**
 * Clients that stop in the middle hold memory and a connection for as long as they are let: whoever sends half a
 * request, and whoever does not read the answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Preparation } from './requests.js';

/** How long a body or an answer may stand still. */
export const stallMs = 30_000;
/** Bytes of a body that have to arrive within that time: a slow line may take as long as it needs, a drip may not. */
const leastBytes = 16 * 1024;

const requestTimeout = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

interface StallOptions {
  /** Default `stallMs`. */
  limitMs?: number | undefined;
}

/**
 * Ends the connection of a client that stalls. While its body is awaited it is told 408, as Node tells those whose
 * head does not come.
 */
export const cutStalled =
  ({ limitMs = stallMs }: StallOptions = {}): Preparation =>
  (request, response) => {
    const watch = new StallWatch(request, response, limitMs);
    return () => watch.endOfAnswer();
  };

class StallWatch {
  #seenBytes: number;
  #wasFull = false;
  #reads: (() => boolean) | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    limitMs: number,
  ) {
    this.#seenBytes = request.socket.bytesRead;
    this.#timer = setInterval(cutIfStalled, limitMs, this).unref();
  }

  /** To be called now and then. */
  cutIfStalled(): void {
    const { socket } = this.request;
    this.#reads ??= readWatch(socket);
    if (this.#sends() && this.#reads()) return;
    clearInterval(this.#timer);
    if (this.response.headersSent || !socket.writable) socket.destroy();
    else socket.end(requestTimeout, () => socket.destroy());
  }

  endOfAnswer(): void {
    const { request } = this;
    if (request.complete || request.socket.destroyed) clearInterval(this.#timer);
    // What an answer left unread is still to come.
    else request.once('close', () => clearInterval(this.#timer));
  }

  /** Whether the body is still coming, as far as that depends on the client. */
  #sends(): boolean {
    const { request } = this;
    if (request.complete) return true;
    const arrivedBytes = request.socket.bytesRead - this.#seenBytes;
    this.#seenBytes = request.socket.bytesRead;
    // What is not read here yet keeps the rest from coming.
    const isFull = request.readableLength >= request.readableHighWaterMark;
    const isHeldUp = isFull || this.#wasFull;
    this.#wasFull = isFull;
    return arrivedBytes >= leastBytes || isHeldUp;
  }
}

/** One function for all timers: each request would make its own. */
const cutIfStalled = (watch: StallWatch): void => watch.cutIfStalled();

/** To be called now and then: whether the client has read anything since the last time, when it had to. */
export function readWatch(socket: Socket): () => boolean {
  let before: string | undefined;
  return () => {
    const unread = unreadOf(socket);
    const isReading = unread === undefined || unread !== before;
    before = unread;
    return isReading;
  };
}

/** What waits for the client, in figures that change with every byte that leaves; undefined: nothing. */
function unreadOf(socket: Socket & { _handle?: { writeQueueSize?: number } | null }): string | undefined {
  if (socket.writableLength === 0) return undefined;
  // A piece under way counts as a whole in `writableLength`; only the handle knows how much of it has left.
  return `${socket.bytesWritten - socket.writableLength} ${socket._handle?.writeQueueSize ?? 0}`;
}
