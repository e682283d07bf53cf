/**
 * xcore's event socket, `/ws` (contracts/xcore.md « WebSockets », DECISIONS.md section 3). All messages are JSON texts.
 *
 *   → {type: "auth", token?, events?, after?}   ← {type: "auth.ok"}
 *   → {type: "subscribe", events?, after?}      ← {type: "subscribed", events, after, position}
 *   → {type: "ping"}                            ← {type: "pong"}
 *                                               ← {id, type, timestamp, data}          an event
 *                                               ← {type: "error", code, message, oldest?}
 *
 * `auth` comes first. Without `token` it stands for the credential of the upgrade: a header, or the cookie of a page of
 * ours. Events then come live, in order. `events` narrows them to exact names, `prefix.*` or `*`; `after` is the id of
 * the last event that the client has, and from the answer on exactly what follows it comes. Without `after` a
 * `subscribe` goes on where the stream is; `position` is that of the newest event. A mistake in a message is answered
 * by an error and the socket stays open, with the stream that it had: none, when the `after` of the `auth` cannot be
 * (`POSITION_UNKNOWN`: beyond the log; `POSITION_EXPIRED`: before `oldest`, the oldest event that is kept). It is
 * closed with
 *
 *   1001  the server stops; 1009 a message is too large; 1011 a defect
 *   1013  the client took nothing for too long: it resumes by `after`
 *   4401  no `auth` in time, no credential, or one that nobody has
 *   4403  a credential that has ended, at once when it does, or that may not read: a fresh one may
 *   4429  too many messages, also before on another socket, or too many sockets of one person
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { StoredEvent } from '../events/catalog.js';
import { eventMessage } from '../events/event-message.js';
import { matcherOf } from '../events/event-patterns.js';
import { type EventFeed, PositionExpired } from '../events/feed.js';
import type { GraphAdmission } from '../graph/admission.js';
import type { ContextMaker } from '../graph/context.js';
import { credentialOf } from '../graph/request-credential.js';
import type { SocketCredentials } from '../graph/socket-credentials.js';
import { checkedTogether } from '../graph/subscriptions/checked-once.js';
import type { Context } from '../kernel/context.js';
import { nobody, requireSignedIn, type Viewer } from '../kernel/viewer.js';
import { DomainError, isUnauthenticated } from '../lib/errors.js';
import { memoized } from '../lib/memoized.js';
import { continueTrace } from '../lib/trace-context.js';
import { traced, traceOr, workUnderWay } from '../lib/tracing.js';
import type { EventAudience } from '../modules/audit/audit-event.policy.js';
import { type Places, placesOf } from '../quota/places.js';
import type { SocketTraffic } from '../quota/socket-traffic.js';
import { type ClientMessage, type MessageReader, messageReader, type SocketProblem } from './event-socket-messages.js';

export interface EventSocketOptions {
  /** How long a client may stay without `auth`. Default 10 s, DECISIONS.md section 3. */
  authMs?: number;
  /** How often peers are pinged and credentials checked. Default 30 s. */
  heartbeatMs?: number;
  /** How long what is sent may wait for a slow client. Default 10 s. */
  stallMs?: number;
}

export interface EventSocketParts extends Required<EventSocketOptions> {
  makeContext: ContextMaker;
  events: EventFeed;
  /** Who may have which events. */
  audience: EventAudience;
  /** The names that a client may ask for. */
  eventTypes: () => readonly string[];
  credentials: SocketCredentials;
  log: Logger;
  /** The client's address, behind trusted proxies as well. */
  addressOf: (request: IncomingMessage) => string | undefined;
  /** An `auth` is charged as a request. */
  admission: GraphAdmission;
  traffic: SocketTraffic;
}

/** Largest message of a client: a token and a hundred names. */
export const maxEventSocketMessage = 16 * 1024;
const messagesAllowed = { count: 60, windowMs: 10_000 };
/** Most sockets that one person may have open: each asks the database about every event that they might hear. */
const maxSockets = 100;
/** How long a stop waits for peers to close. */
const closeTimeoutMs = 1_000;
/** Events that one look at the client's rights is good for, and that leave in one piece. */
const atOnce = 32;

/** Serves every socket that `wss` accepts. `stop` closes all of them with 1001. */
export function serveEventSocket(
  wss: WebSocketServer,
  {
    authMs = 10_000,
    heartbeatMs = 30_000,
    stallMs = 10_000,
    ...parts
  }: Omit<EventSocketParts, keyof EventSocketOptions> & EventSocketOptions,
): { stop: () => Promise<void> } {
  const readMessage = messageReader(parts.eventTypes);
  const places = placesOf(maxSockets);
  const checks: ConversationParts['checks'] = new Map();
  const conversations = new Set<Conversation>();
  let stopped = false;
  wss.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const conversation = new Conversation(socket, request, {
      ...parts,
      readMessage,
      places,
      checks,
      authMs,
      heartbeatMs,
      stallMs,
    });
    conversations.add(conversation);
    socket.once('close', () => conversations.delete(conversation));
    if (stopped) void conversation.goAway();
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all([...conversations].map((conversation) => conversation.goAway()));
    },
  };
}

interface ConversationParts extends EventSocketParts {
  readMessage: MessageReader;
  places: Places;
  /** Questions to the database that are under way, for all sockets. */
  checks: Map<string, Promise<boolean>>;
}

class Conversation {
  readonly #ended = new AbortController();
  readonly #authTimer: NodeJS.Timeout;
  readonly #heartbeat: NodeJS.Timeout;
  #context: Context | undefined;
  #isWanted: (type: string) => boolean = () => false;
  /** Ends the stream that is sent; another one takes its place when the client resumes elsewhere. */
  #following = new AbortController();
  /** Of the last event that was sent, or was none of the client's. */
  #position: bigint | undefined;
  /** Messages are answered one after another. */
  #queue = Promise.resolve();
  #isAlive = true;
  #window = { start: 0, messages: 0 };

  constructor(
    readonly socket: WebSocket,
    readonly request: IncomingMessage,
    readonly parts: ConversationParts,
  ) {
    this.#authTimer = setTimeout(
      () => this.#refuse(4401, 'AUTHENTICATION_ERROR', "Aucun message auth n'est venu à temps"),
      parts.authMs,
    );
    this.#heartbeat = setInterval(() => this.#checkAlive(), parts.heartbeatMs);
    parts.traffic.watch(socket, () => this.#refuse(4429, 'RATE_LIMITED', 'Trop de messages'));
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => (this.#isAlive = true));
    // A broken frame or one that is too large: ws closes with the fitting code by itself.
    socket.on('error', (error) => parts.log.debug({ err: error }, 'an event socket failed'));
    socket.once('close', () => this.#end());
  }

  async goAway(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.#close(1001, 'Going away');
    const timeout = setTimeout(() => this.socket.terminate(), closeTimeoutMs);
    await closed;
    clearTimeout(timeout);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#ended.signal.aborted) return;
    const now = performance.now();
    if (now - this.#window.start > messagesAllowed.windowMs) this.#window = { start: now, messages: 0 };
    if ((this.#window.messages += 1) > messagesAllowed.count)
      return this.#refuse(4429, 'RATE_LIMITED', 'Trop de messages');
    const read = isBinary
      ? { problem: 'Seuls les messages texte sont acceptés' }
      : this.parts.readMessage(String(data));
    this.#queue = this.#queue
      .then(() => ('problem' in read ? this.#sendProblem('BAD_MESSAGE', read.problem) : this.#traced(read.message)))
      .catch((error: unknown) => this.#fail(error));
  }

  #traced(message: ClientMessage): Promise<void> {
    return traced(
      () => ({
        name: `/ws ${message.type}`,
        kind: 'server',
        parent: this.request.headers['traceparent'],
        attributes: { 'network.protocol.name': 'websocket', 'url.path': '/ws' },
      }),
      () => this.#answer(message),
    );
  }

  async #answer(message: ClientMessage): Promise<void> {
    if (this.#ended.signal.aborted) return;
    if (message.type === 'auth')
      return this.#context ? this.#sendProblem('BAD_MESSAGE', 'Déjà authentifié') : this.#authenticate(message);
    if (!this.#context) return this.#refuse(4401, 'AUTHENTICATION_ERROR', 'Le premier message doit être auth');
    if (message.type === 'ping') return this.#send({ type: 'pong' });
    const { events, after = null } = message;
    if (!(await this.#mayFollow(after))) return;
    this.#isWanted = matcherOf(events);
    this.#send({ type: 'subscribed', events, after, position: String(this.parts.events.newest()) });
    if (after !== null) this.#follow(this.#context, after);
  }

  /** Tells what is wrong with a position to resume after. */
  async #mayFollow(after: string | null | undefined): Promise<boolean> {
    const problem = after == null ? undefined : await this.parts.events.problemOf(after);
    switch (problem?.reason) {
      case undefined:
        return true;
      case 'position_unknown':
        this.#sendProblem(
          'POSITION_UNKNOWN',
          `Aucun événement n'a encore l'id ${after} ; le dernier est ${problem.newest}`,
        );
        return false;
      case 'position_expired':
        this.#sendExpired(String(after), problem.oldest);
        return false;
    }
  }

  async #authenticate({ token, events, after }: Extract<ClientMessage, { type: 'auth' }>): Promise<void> {
    const { headers } = this.request;
    const { addressOf, makeContext, admission } = this.parts;
    const ip = addressOf(this.request);
    const authorization = token?.trim();
    const presented =
      authorization === undefined
        ? headers
        : { authorization: authorization.includes(' ') ? authorization : `Bearer ${authorization}` };
    const credential = credentialOf(presented);
    if (!credential) return this.#refuse(4401, 'AUTHENTICATION_ERROR', 'Authentification requise');
    const userAgent = headers['user-agent']?.slice(0, 300);
    const context = await makeContext({
      credential,
      requestId: randomUUID(),
      ip,
      userAgent,
      notes: { trace: traceOr(continueTrace(headers['traceparent'])) },
      signal: this.#ended.signal,
    }).catch(async (error: unknown) => {
      await admission.admitRequest({ viewer: nobody, ip });
      if (isUnauthenticated(error) && !(await makeContext.hasEnded(credential)))
        this.#refuse(4401, 'AUTHENTICATION_ERROR', 'Token invalide');
      throw error;
    });
    const admitted = await admission.admitRequest(context);
    if ('error' in admitted) {
      const { retryAfterSeconds } = admitted;
      return this.#refuse(4429, 'RATE_LIMITED', `Trop de requêtes, réessayez dans ${retryAfterSeconds} secondes`);
    }
    const { userId } = requireSignedIn(context.viewer);
    const secondsOut = await this.parts.traffic.secondsOut(userId);
    if (secondsOut > 0)
      return this.#refuse(4429, 'RATE_LIMITED', `Trop de messages, réessayez dans ${secondsOut} secondes`);
    const giveBack = this.parts.places.take(userId);
    if (!giveBack) return this.#refuse(4429, 'RATE_LIMITED', 'Trop de connexions ouvertes');
    this.parts.traffic.belongsTo(this.socket, userId);
    if (this.#ended.signal.aborted) return giveBack();
    this.#ended.signal.addEventListener('abort', giveBack, { once: true });
    const unwatch = await this.parts.credentials.watch(context, () =>
      this.#refuse(4403, 'AUTHENTICATION_ERROR', 'Le token a expiré, a été révoqué, ou les droits ont changé'),
    );
    if (this.#ended.signal.aborted) return unwatch();
    this.#ended.signal.addEventListener('abort', unwatch, { once: true });
    clearTimeout(this.#authTimer);
    this.#context = context;
    this.#isWanted = matcherOf(events);
    const hide = context.services.openSubscriptions.add({
      userId,
      operation: events.join(' '),
      transport: 'ws',
      position: () => this.#position ?? this.parts.events.newest(),
      end: () => this.#refuse(4403, 'AUTHORIZATION_ERROR', "Un administrateur a mis fin à l'écoute"),
    });
    this.#ended.signal.addEventListener('abort', hide, { once: true });
    this.#send({ type: 'auth.ok' });
    if (await this.#mayFollow(after)) this.#follow(context, after ?? undefined);
  }

  /** Sends what follows `after`, or what comes from now on, instead of the stream that was sent so far. */
  #follow(context: Context, after: string | undefined): void {
    this.#following.abort();
    this.#following = new AbortController();
    const { signal } = this.#following;
    // It goes on when the message that began it is answered.
    void workUnderWay.exit(() => this.#stream(context, after, signal)).catch((error: unknown) => this.#fail(error));
  }

  async #stream(context: Context, after: string | undefined, signal: AbortSignal): Promise<void> {
    let { viewer } = context;
    if (after !== undefined) this.#position = BigInt(after);
    for await (const batch of this.parts.events.batches({ after, signal })) {
      for (let at = 0; at < batch.length; at += atOnce) {
        const events = batch.slice(at, at + atOnce);
        // Most events concern others: they cost no refresh, unless a role's permissions have changed.
        if (events.some((event) => event.type.startsWith('role.') || this.#mightHear(viewer, event))) {
          const current = await context.refresh();
          ({ viewer } = current);
          const heard: StoredEvent[] = [];
          for (const event of events) if (await this.#mayHear(event, current)) heard.push(event);
          // The client may have resumed elsewhere meanwhile.
          if (signal.aborted) return;
          if (heard.length) await this.#deliver(heard);
        }
        this.#position = BigInt(events.at(-1)!.position);
      }
    }
  }

  #mightHear(viewer: Viewer, event: StoredEvent): boolean {
    return this.#isWanted(event.type) && this.parts.audience.mightHear(viewer, event);
  }

  async #mayHear(event: StoredEvent, current: Awaited<ReturnType<Context['refresh']>>): Promise<boolean> {
    const { viewer } = current;
    if (!this.#mightHear(viewer, event)) return false;
    const isVisible = checkedTogether(current, this.parts.checks, event.position);
    return this.parts.audience.mayHear(event, { viewer, isVisible });
  }

  /**
   * Sends the events in one piece. Resolves when the socket has written them, so that a slow client costs the memory of
   * a few events.
   */
  #deliver(events: readonly StoredEvent[]): Promise<void> {
    return new Promise((resolve) => {
      const stalled = setTimeout(() => {
        this.parts.log.info('a client of the event socket took nothing for too long');
        this.#close(1013, 'Too slow: resume with after');
      }, this.parts.stallMs);
      const written = (): void => {
        clearTimeout(stalled);
        resolve();
      };
      const wire = this.request.socket;
      wire.cork();
      events.forEach((event, n) => this.socket.send(textOf(event), n === events.length - 1 ? written : undefined));
      wire.uncork();
    });
  }

  /** A peer that did not answer the last ping is gone. A credential that ran out by a clock that was set ends here. */
  #checkAlive(): void {
    if (!this.#isAlive) return this.socket.terminate();
    this.#isAlive = false;
    this.socket.ping();
    this.#context?.refresh().catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    if (isUnauthenticated(error)) return this.#refuse(4403, 'AUTHENTICATION_ERROR', 'Token expiré ou révoqué');
    // The stream was slower than what is kept lasts; the client may begin another.
    if (error instanceof PositionExpired) return this.#sendExpired(error.position, error.oldest);
    if (error instanceof DomainError && error.code === 'FORBIDDEN')
      return this.#refuse(4403, 'AUTHORIZATION_ERROR', 'Ce token ne permet pas de lire');
    this.parts.log.error({ err: error }, 'an event socket failed');
    this.#refuse(1011, 'INTERNAL_ERROR', 'Erreur interne du serveur');
  }

  #sendExpired(after: string, oldest: string): void {
    const message = `Ce qui suit l'id ${after} n'est plus conservé ; le plus ancien est ${oldest}`;
    this.#send({ type: 'error', code: 'POSITION_EXPIRED' satisfies SocketProblem, message, oldest });
  }

  #send(message: object): void {
    this.socket.send(JSON.stringify(message), () => undefined);
  }

  #sendProblem(code: SocketProblem, message: string): void {
    this.#send({ type: 'error', code, message });
  }

  #refuse(closeCode: number, code: SocketProblem, message: string): void {
    this.#sendProblem(code, message);
    this.#close(closeCode, code);
  }

  #close(code: number, reason: string): void {
    this.#end();
    this.socket.close(code, reason);
  }

  /** Nothing is received or sent any more. */
  #end(): void {
    clearTimeout(this.#authTimer);
    clearInterval(this.#heartbeat);
    this.#following.abort();
    this.#ended.abort();
  }
}

/** The events of the log that are kept go to many sockets: each is written once. */
const textOf = memoized((event: StoredEvent) => JSON.stringify(eventMessage(event)));
