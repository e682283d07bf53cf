import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { SubscriptionTransport } from '../graph/subscriptions/transport.js';

/** The answer of a stream, as graphql-sse's PROTOCOL.md has it in « distinct connections mode ». */
export class EventStream implements SubscriptionTransport {
  readonly name = 'graphql-sse';
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  readonly #stallMs: number;

  /** Sends the head of the answer. `keepAliveMs`: how often a comment tells proxies that the stream lives. */
  constructor(response: ServerResponse, { keepAliveMs, stallMs }: { keepAliveMs: number; stallMs: number }) {
    this.#response = response;
    this.#stallMs = stallMs;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      // nginx and what goes by its name would gather what is to leave at once.
      'X-Accel-Buffering': 'no',
    });
    response.write(':\n\n');
    this.#keepAlive = setInterval(() => {
      if (this.isOpen() && response.writableLength === 0) response.write(':\n\n');
    }, keepAliveMs);
    response.once('close', () => clearInterval(this.#keepAlive));
  }

  isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  waitingBytes(): number {
    return this.#response.writableLength;
  }

  cork(): void {
    this.#response.cork();
  }

  uncork(): void {
    this.#response.uncork();
  }

  send(payload: string, position: string, onWritten: () => void): void {
    // The line `id` has browsers send `Last-Event-ID` when they come back.
    this.#response.write(`id: ${position}\nevent: next\ndata: ${payload}\n\n`, () => onWritten());
  }

  /** An answer that is no event's. */
  next(result: ExecutionResult | { errors: readonly GraphQLFormattedError[] }): void {
    if (this.isOpen()) this.#response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
  }

  complete(): void {
    if (this.isOpen()) this.#response.end('event: complete\ndata:\n\n');
  }

  /** The last answer says why, in case the client still reads; one that does not is let go. */
  cut(): void {
    this.endWith({
      message: 'The stream was read too slowly: resume after the last position that came',
      extensions: { code: 'RATE_LIMITED', reason: 'too_slow', details: { retryAfterSeconds: 1 } },
    });
  }

  endCredential(): void {
    this.endWith({
      message: 'The credential is wrong, expired or revoked, or the rights of its person have changed',
      extensions: { code: 'UNAUTHENTICATED', reason: 'bad_credential' },
    });
  }

  endWith(error: GraphQLFormattedError): void {
    if (!this.isOpen()) return;
    this.next({ errors: [error] });
    this.complete();
    this.#letGo();
  }

  /** Without `complete`: browsers and graphql-sse's client come back by themselves. */
  goAway(): void {
    if (this.isOpen()) this.#response.end();
    this.#letGo();
  }

  /** A client that does not take the rest would keep the connection open for ever. */
  #letGo(): void {
    const timer = setTimeout(() => this.#response.destroy(), this.#stallMs);
    this.#response.once('close', () => clearTimeout(timer));
  }
}

/** Whether the client takes a stream: by default it does. */
export const takesStream = ({ headers: { accept } }: IncomingMessage): boolean =>
  accept === undefined || /(^|,)\s*(text\/event-stream|text\/\*|\*\/\*)\s*(;|,|$)/i.test(accept);
