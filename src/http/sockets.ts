import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EventFeed } from '../events/feed.js';
import type { GraphAdmission } from '../graph/admission.js';
import type { AnswersUnderWay } from '../graph/answer-budget.js';
import type { ContextMaker } from '../graph/context.js';
import type { LiveSchema } from '../graph/live-schema.js';
import type { SocketCredentials } from '../graph/socket-credentials.js';
import type { Subscribe } from '../graph/subscriptions/subscriptions.js';
import { serveWebSocket } from '../graph/ws.js';
import type { Services } from '../kernel/context.js';
import type { EventAudience } from '../modules/audit/audit-event.policy.js';
import { addressBehind } from '../quota/address.js';
import { SocketTraffic } from '../quota/socket-traffic.js';
import { isForeignUpgrade, type Site } from './csrf.js';
import { type EventSocketOptions, maxEventSocketMessage, serveEventSocket } from './event-socket.js';
import { readWatch, stallMs } from './stalled-clients.js';

export interface SocketDoorsOptions {
  live: LiveSchema;
  subscribe: Subscribe;
  makeContext: ContextMaker;
  credentials: SocketCredentials;
  events: EventFeed;
  /** Who may have which events on `/ws`. */
  audience: EventAudience;
  /** The names that a client of `/ws` may ask for. */
  eventTypes: () => readonly string[];
  log: Logger;
  count: Services['count'];
  admission: GraphAdmission;
  answers: AnswersUnderWay;
  /** How many reverse proxies in front are believed. */
  trustProxy: number;
  /** Whose pages may open one. */
  site: Site;
  eventSocket: EventSocketOptions;
  /** How long a client may read nothing of what it is sent. Default 30 s. */
  clientStallMs?: number | undefined;
  /** How long one at `/graphql` may be open without an operation. Default 10 minutes. */
  socketIdleMs?: number | undefined;
  /** How long whoever has sent too much over sockets opens none. Default 30 s. */
  socketPenaltyMs?: number | undefined;
}

export interface SocketDoors {
  /** Open connections of each door. */
  count: () => { of: string; value: number }[];
  /** Closes all of them with 1001. */
  stop: () => Promise<void>;
}

const maxGraphqlMessage = 256 * 1024;

/** The two websockets, `/graphql` and `/ws`, on the upgrades of `server`. */
export function openSocketDoors(
  server: Server,
  {
    live,
    subscribe,
    makeContext,
    credentials,
    events,
    audience,
    eventTypes,
    log,
    count,
    admission,
    answers,
    trustProxy,
    site,
    eventSocket,
    clientStallMs = stallMs,
    socketIdleMs: idleMs,
    socketPenaltyMs,
  }: SocketDoorsOptions,
): SocketDoors {
  const graphqlSockets = new WebSocketServer({ noServer: true, maxPayload: maxGraphqlMessage });
  const eventSockets = new WebSocketServer({ noServer: true, maxPayload: maxEventSocketMessage });
  const doors = new Map([
    ['/graphql', graphqlSockets],
    ['/ws', eventSockets],
    ['/ws/', eventSockets],
  ]);
  const traffic = new SocketTraffic(socketPenaltyMs);
  server.on('upgrade', (request, socket, head) => {
    const door = doors.get(request.url?.split('?')[0] ?? '');
    if (!door) return refuseUpgrade(socket, '404 Not Found');
    if (isForeignUpgrade(request.headers, site)) return refuseUpgrade(socket, '403 Forbidden');
    const address = addressBehind(request, trustProxy);
    const stopWaiting = traffic.wait(address);
    if (!stopWaiting) return refuseUpgrade(socket, '429 Too Many Requests');
    socket.once('close', stopWaiting);
    door.handleUpgrade(request, socket, head, (ws) => {
      traffic.expect(ws, address, stopWaiting);
      terminateStalled(ws, request, clientStallMs);
      door.emit('connection', ws, request);
    });
  });
  const shared = {
    traffic,
    makeContext,
    credentials,
    log,
    admission,
    addressOf: (request: IncomingMessage) => addressBehind(request, trustProxy),
  };
  const graphql = serveWebSocket(graphqlSockets, { ...shared, answers, count, live, subscribe, idleMs });
  const eventWs = serveEventSocket(eventSockets, { ...shared, events, audience, eventTypes, ...eventSocket });
  return {
    count: () => [
      { of: 'graphql', value: graphqlSockets.clients.size },
      { of: 'ws', value: eventSockets.clients.size },
    ],
    stop: async () => void (await Promise.all([graphql.dispose(), eventWs.stop()])),
  };
}

/** Ends a socket whose client reads nothing of what waits for it. */
function terminateStalled(ws: WebSocket, request: IncomingMessage, limitMs: number): void {
  const reads = readWatch(request.socket);
  const timer = setInterval(() => {
    if (!reads()) ws.terminate();
  }, limitMs);
  timer.unref();
  ws.once('close', () => clearInterval(timer));
}

/** Node hands the socket over bare: without a listener a client that resets it would end the process. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}
