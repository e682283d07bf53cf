import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { running } from './running.js';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** The exact text. */
  text: string;
  json: any;
}

type Answer = (response: ServerResponse, received: Received) => void;

export interface Receiver {
  url: string;
  received: Received[];
  /** How requests to a path are answered from now on. Default: 200. */
  answer: (path: string, answer: Answer) => void;
  stop: () => Promise<void>;
}

/** A program of somebody that takes webhooks. Each test uses paths of its own. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { url: path = '', headers } = request;
    const one: Received = { path, headers, text, json: text ? JSON.parse(text) : undefined };
    received.push(one);
    (answers.get(path) ?? ((each) => each.end('taken')))(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.set(server, 'a receiver of webhooks');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (path, answer) => void answers.set(path, answer),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      running.delete(server);
    },
  };
}
