/** Measuring: load from another process, CPU from the system, medians. */
import { fork } from 'node:child_process';
import { cpuUsOf } from './machine.mjs';

export const connections = 16;

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
};

/** Starts a helper process; `ask` sends it something and resolves with its next answer, or rejects when it ends. */
export function helper(file) {
  const child = fork(new URL(file, import.meta.url));
  let pending;
  child.on('message', (answer) => pending?.resolve(answer));
  child.on('exit', () => pending?.reject(new Error(`${file} ended`)));
  return {
    ask: (message) => {
      pending = Promise.withResolvers();
      child.send(message);
      return pending.promise;
    },
    stop: () => child.disconnect(),
  };
}

/** Requests as they go over the wire. */
export const wire = (requests, headers) =>
  requests.map(({ method, path, body = '' }) => {
    const lines = {
      host: '127.0.0.1',
      accept: 'application/json',
      ...headers,
      ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    return `${method} ${path} HTTP/1.1\r\n${Object.entries(lines)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}`;
  });

/** One answer, parsed. */
export async function answerOf(url, { method, path, body }, headers) {
  const sent = body === undefined ? {} : { body };
  const response = await fetch(url + path, {
    method,
    ...sent,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  if (!text) throw new Error(`${response.status} without a body: ${method} ${path}`);
  return JSON.parse(text);
}

/**
 * Keeps servers busy for a while.
 *
 * @param load helper of load.mjs
 * @param servers `{ port, pid }`, each gets its share of the connections
 * @param postgres answers PostgreSQL's CPU so far, when it can be told
 * @returns requests a second, percentiles in ms, microseconds of CPU per request
 */
export async function measure(load, servers, requests, { seconds, postgres }) {
  const nodeUs = () => servers.reduce((sum, { pid }) => sum + cpuUsOf(pid), 0);
  const before = { node: nodeUs(), postgres: postgres?.() };
  const answer = await load.ask({ ports: servers.map(({ port }) => port), requests, connections, ms: seconds * 1000 });
  if (answer.failed) throw new Error(`neither 200 nor 201: ${answer.failed}`);
  const each = (us) => us / answer.requests;
  return {
    perSecond: answer.requests / answer.seconds,
    p50: answer.p50,
    p99: answer.p99,
    nodeUs: each(nodeUs() - before.node),
    postgresUs: postgres ? each(postgres() - before.postgres) : undefined,
    clientUs: each(answer.cpuUs),
  };
}
