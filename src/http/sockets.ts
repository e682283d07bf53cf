import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { EventFeed } from '../events/feed.js';
import type { GraphAdmission } from '../graph/admission.js';
import type { ContextMaker } from '../graph/context.js';
import type { LiveSchema } from '../graph/live-schema.js';
import type { SocketCredentials } from '../graph/socket-credentials.js';
import type { Subscribe } from '../graph/subscriptions/subscriptions.js';
import { serveWebSocket } from '../graph/ws.js';
import type { Services } from '../kernel/context.js';
import type { EventAudience } from '../modules/audit/audit-event.policy.js';
import { addressBehind } from '../quota/address.js';
import { isForeignUpgrade, type Site } from './csrf.js';
import { type EventSocketOptions, maxEventSocketMessage, serveEventSocket } from './event-socket.js';

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
  /** How many reverse proxies in front are believed. */
  trustProxy: number;
  /** Whose pages may open one. */
  site: Site;
  eventSocket: EventSocketOptions;
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
    trustProxy,
    site,
    eventSocket,
  }: SocketDoorsOptions,
): SocketDoors {
  const graphqlSockets = new WebSocketServer({ noServer: true, maxPayload: maxGraphqlMessage });
  const eventSockets = new WebSocketServer({ noServer: true, maxPayload: maxEventSocketMessage });
  const doors = new Map([
    ['/graphql', graphqlSockets],
    ['/ws', eventSockets],
    ['/ws/', eventSockets],
  ]);
  server.on('upgrade', (request, socket, head) => {
    const door = doors.get(request.url?.split('?')[0] ?? '');
    if (!door) refuseUpgrade(socket, '404 Not Found');
    else if (isForeignUpgrade(request.headers, site)) refuseUpgrade(socket, '403 Forbidden');
    else door.handleUpgrade(request, socket, head, (ws) => door.emit('connection', ws, request));
  });
  const shared = {
    makeContext,
    credentials,
    log,
    admission,
    addressOf: (request: IncomingMessage) => addressBehind(request, trustProxy),
  };
  const graphql = serveWebSocket(graphqlSockets, { ...shared, count, live, subscribe });
  const eventWs = serveEventSocket(eventSockets, { ...shared, events, audience, eventTypes, ...eventSocket });
  return {
    count: () => [
      { of: 'graphql', value: graphqlSockets.clients.size },
      { of: 'ws', value: eventSockets.clients.size },
    ],
    stop: async () => void (await Promise.all([graphql.dispose(), eventWs.stop()])),
  };
}

/** Node hands the socket over bare: without a listener a client that resets it would end the process. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}
