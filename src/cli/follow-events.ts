import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { CliError, exitCodes, refused, wrongUsage } from './exit-codes.js';
import type { ListenOptions } from './listen.js';
import { note } from './output.js';
import { reasonOf, type Remote } from './remote.js';

interface EventMessage {
  id: string;
  type: string;
  timestamp: string;
  data: unknown;
}

type Message =
  | EventMessage
  | { type: 'auth.ok' | 'pong' }
  | { type: 'subscribed'; position: string }
  | { type: 'error'; code: string; message: string; oldest?: string };

/** How one connection ended. */
type End = { kind: 'enough' } | { kind: 'cut'; reason: string; wasOpen: boolean };

const connectMs = 10_000;
/** A server that says nothing for so long, not even a ping, is taken for gone. */
const silenceMs = 75_000;
const longestRestMs = 30_000;

/** Prints events until there were enough, or for ever. Throws when a server refuses. */
export async function followEvents(
  remote: Remote,
  types: readonly string[],
  { after, count = Infinity, json = false }: Pick<ListenOptions, 'after' | 'count' | 'json'>,
): Promise<void> {
  if (remote.token === undefined) throw wrongUsage('Who listens? --token, or better PASSERELLE_TOKEN, says it');
  const place: Place = { after, left: count };
  let rests = 0;
  for (let isFirst = true; ; isFirst = false) {
    const end = await listenOnce(remote, types, place, json);
    if (end.kind === 'enough') return;
    if (isFirst && !end.wasOpen) throw refused(`Nobody answers at ${remote.url} (${end.reason})`);
    rests = end.wasOpen ? 0 : rests + 1;
    const restMs = Math.min(500 * 2 ** rests, longestRestMs) * (0.5 + Math.random() / 2);
    note(`passerelle: the connection was cut (${end.reason}); trying again in ${(restMs / 1000).toFixed(1)} s`);
    await setTimeout(restMs);
  }
}

interface Place {
  /** The last event that was printed, or the end of the log when nothing was. */
  after: string | undefined;
  left: number;
}

function listenOnce({ url, token }: Remote, types: readonly string[], place: Place, json: boolean): Promise<End> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { handshakeTimeout: connectMs });
  const narrowing = types.length > 0 ? { events: types } : {};
  const resumed = place.after === undefined ? {} : { after: place.after };
  let wasOpen = false;
  let refusal: Error | undefined;
  let reason = '';
  let heardMs = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - heardMs > silenceMs) socket.terminate();
  }, 5_000);

  const take = (message: Message): void => {
    if ('id' in message) {
      process.stdout.write(`${json ? JSON.stringify(message) : lineOf(message)}\n`);
      place.after = message.id;
      place.left -= 1;
      if (place.left <= 0) socket.close(1000);
    } else if (message.type === 'auth.ok') {
      wasOpen = true;
      // Its answer tells where the log ends, for a cut before the first event.
      if (place.after === undefined) socket.send(JSON.stringify({ type: 'subscribe', ...narrowing }));
    } else if (message.type === 'subscribed') place.after ??= message.position;
    else if (message.type === 'error') {
      // One that held until now: rights may have changed, and the next try tells whether it still does.
      if (wasOpen && message.code === 'AUTHENTICATION_ERROR') return;
      refusal = refusalOf(message);
      if (refusal) socket.close(1000);
    }
  };

  socket.on('open', () => socket.send(JSON.stringify({ type: 'auth', token, ...narrowing, ...resumed })));
  socket.on('ping', () => (heardMs = performance.now()));
  socket.on('message', (data) => {
    heardMs = performance.now();
    if (place.left > 0) take(JSON.parse(String(data)) as Message);
  });
  socket.on('error', (error) => (reason = reasonOf(error)));
  return new Promise((resolve, reject) => {
    socket.on('close', (code) => {
      clearInterval(watch);
      if (refusal) return reject(refusal);
      resolve(place.left <= 0 ? { kind: 'enough' } : { kind: 'cut', reason: reason || `code ${code}`, wasOpen });
    });
  });
}

/** What trying again cannot mend; undefined for the rest. */
function refusalOf({ code, message, oldest }: Extract<Message, { type: 'error' }>): Error | undefined {
  switch (code) {
    case 'AUTHENTICATION_ERROR':
    case 'AUTHORIZATION_ERROR':
      return refused(`The server refuses the credential (${message})`);
    case 'BAD_MESSAGE':
      return wrongUsage(`The server does not understand (${message})`);
    case 'POSITION_EXPIRED':
      return new CliError(
        `What followed the position is no longer kept: --after ${Number(oldest) - 1} begins with the oldest that is`,
        exitCodes.failed,
      );
    case 'POSITION_UNKNOWN':
      return new CliError(`There is no event of that position yet (${message})`, exitCodes.failed);
    default:
      return undefined;
  }
}

const lineOf = ({ id, type, timestamp, data }: EventMessage): string =>
  `${timestamp}  ${id}  ${type}  ${JSON.stringify(data)}`;
