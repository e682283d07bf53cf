/**
 * A thousand subscribers, a process of their own: `fork` it and send one of
 *
 *   { url, credentials, count, isPlain }   answers `{ open }` when all have asked for their events; `isPlain`: at /ws, not by GraphQL
 *   { all: true }                 answers `{ sample }`, an event as it came, when every socket has received one
 *   { quiet: true }               answers `{}` when nothing has come for half a second
 *   { events }                    answers `{ lastMs }`, by `Date.now()`, when every socket has received as many
 */
import WebSocket from 'ws';

const query = `subscription Changes { documentEvents { type documentId document { id title documentDate correspondent { id name } } } }`;
const quietMs = 500;
const sockets = [];
/** Sockets that have received something. */
const heard = new Set();
let sample;
let received = 0;
let lastMs = 0;
/** What is waited for, and what is answered then. */
let awaited;

process.on('message', async ({ url, credentials, count, isPlain, all, quiet, events }) => {
  if (url) {
    marker = Buffer.from(isPlain ? '"type":"document.updated"' : '"type":"next"');
    for (let from = 0; from < count; from += 50)
      await Promise.all(
        Array.from({ length: Math.min(50, count - from) }, (_, i) =>
          (isPlain ? subscribePlain : subscribe)(url, credentials[(from + i) % credentials.length]),
        ),
      );
    return process.send({ open: sockets.length });
  }
  received = 0;
  if (all) awaited = { isThere: () => heard.size === sockets.length, answer: () => ({ sample }) };
  if (events) sockets.forEach(countOnly);
  if (events) awaited = { isThere: () => received === events * sockets.length, answer: () => ({ lastMs }) };
  if (quiet) {
    while (Date.now() - lastMs < quietMs) await new Promise((resolve) => setTimeout(resolve, quietMs));
    return process.send({});
  }
  look();
});
process.on('disconnect', () => process.exit());

function look() {
  if (!awaited?.isThere()) return;
  process.send(awaited.answer());
  awaited = undefined;
}

/** What each event has in it once. */
let marker;

/** From now on messages are counted as bytes go by and not read, so that the server is measured and not this process. */
function countOnly({ _socket: wire }) {
  let rest = Buffer.alloc(0);
  wire.removeAllListeners('data');
  wire.on('data', (bytes) => {
    const data = rest.length ? Buffer.concat([rest, bytes]) : bytes;
    let end = 0;
    for (let at = data.indexOf(marker); at >= 0; at = data.indexOf(marker, end)) {
      end = at + marker.length;
      received += 1;
    }
    rest = Buffer.from(data.subarray(Math.max(end, data.length - marker.length + 1)));
    lastMs = Date.now();
    look();
  });
}

const subscribe = (url, authorization) =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    sockets.push(socket);
    let isAcknowledged = false;
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: authorization && { authorization } })),
    );
    socket.on('close', (code, reason) => {
      throw new Error(`a subscriber was closed: ${code} ${reason}`);
    });
    socket.on('message', (data) => {
      if (!isAcknowledged) {
        isAcknowledged = true;
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        return resolve();
      }
      // A ping of the server is the only short message; it is not worth parsing the others to tell.
      if (data.length < 40) return data.includes('ping') && socket.send('{"type":"pong"}');
      receive(socket, data);
    });
  });

/** All events that a person may hear, at /ws. */
const subscribePlain = (url, authorization) =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
    sockets.push(socket);
    const token = authorization.slice('Bearer '.length);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'auth', token, events: ['document.updated'] })));
    socket.on('close', (code, reason) => {
      throw new Error(`a subscriber was closed: ${code} ${reason}`);
    });
    socket.on('message', (data) => {
      if (data.includes('"type":"auth.ok"')) return resolve();
      if (data.includes('"type":"error"')) throw new Error(data.toString());
      receive(socket, data);
    });
  });

function receive(socket, data) {
  sample ??= data.toString();
  heard.add(socket);
  received += 1;
  lastMs = Date.now();
  look();
}
