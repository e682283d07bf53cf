import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = server.admin;
});
afterAll(() => server?.stop());

interface Listening {
  client: Client;
  connections: { token: string; position: string }[];
  /** Codes of the closes. */
  closed: number[];
}

/** The stock client with its defaults; `tokens` are presented one after another, the last one from then on. */
function listen(tokens: readonly string[]): Listening {
  const listening: Omit<Listening, 'client'> = { connections: [], closed: [] };
  let attempts = 0;
  let token = '';
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: () => {
      token = tokens[Math.min(attempts, tokens.length - 1)] as string;
      attempts += 1;
      return { authorization: `Bearer ${token}` };
    },
    on: {
      connected: (_socket, payload: any) => listening.connections.push({ token, position: payload.position }),
      closed: (event: any) => listening.closed.push(event.code),
    },
  });
  return { client, ...listening };
}

async function newDocument(text: string): Promise<string> {
  const body = new FormData();
  body.append('files', new Blob([text]), 'note.txt');
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body });
  return String(json.results[0].id);
}

async function apiKey(): Promise<{ token: string; id: string }> {
  const { data } = await server.graphql(
    'mutation { createApiKey(input: { name: "live", scopes: [READ] }) { secret apiKey { id } } }',
    {},
    person.token,
  );
  return { token: data.createApiKey.secret, id: data.createApiKey.apiKey.id };
}

const update = (id: string, change: object): Promise<unknown> =>
  server.graphql(
    'mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id } } }',
    { input: { id, ...change } },
    person.token,
  );

/** Document numbers of what is heard, resuming after the last position. */
function follow({ client, connections }: Listening): { heard: string[]; failed: Promise<unknown> } {
  const heard: string[] = [];
  let position: string | undefined;
  const failed = new Promise((resolve) =>
    client.subscribe<any>(
      {
        query: 'subscription ($after: Position) { documentEvents(after: $after) { position type documentId } }',
        get variables() {
          return { after: position ?? connections[0]?.position };
        },
      },
      {
        next: ({ data }) => {
          position = data.documentEvents.position;
          if (data.documentEvents.type === 'DOCUMENT_CREATED') heard.push(data.documentEvents.documentId);
        },
        error: resolve,
        complete: () => resolve('complete'),
      },
    ),
  );
  return { heard, failed };
}

test('a token that is revoked, and one that expires, are replaced by fresh ones; nothing is lost or doubled', async () => {
  const [first, second] = [await apiKey(), await apiKey()];
  const listening = listen([first.token, second.token, person.token]);
  const { heard } = follow(listening);
  await expect.poll(() => listening.connections.length, { timeout: 10_000 }).toBe(1);
  const documents = [await newDocument('un')];
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(documents);

  await update(first.id, { status: 'INACTIVE' });
  documents.push(await newDocument('deux'), await newDocument('trois'));
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(documents);

  await update(second.id, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
  await expect.poll(() => listening.closed.length, { timeout: 20_000 }).toBe(2);
  documents.push(await newDocument('quatre'));
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(documents);

  expect(listening.closed).toEqual([4403, 4403]);
  expect(listening.connections.map(({ token }) => token)).toEqual([first.token, second.token, person.token]);
  await listening.client.dispose();
}, 60_000);

test('one that has ended before is tried again with a fresh one; one that nobody has is not', async () => {
  const ended = await apiKey();
  await update(ended.id, { status: 'INACTIVE' });
  const listening = listen([ended.token, person.token]);
  const { heard } = follow(listening);
  await expect.poll(() => listening.connections.length, { timeout: 20_000 }).toBe(1);
  const document = await newDocument('cinq');
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([document]);
  expect(listening.closed).toEqual([4403]);
  await listening.client.dispose();

  const forged = listen(['nonsense', person.token]);
  expect(await follow(forged).failed).toMatchObject({ code: 4401 });
  expect([forged.closed, forged.connections]).toEqual([[4401], []]);
  await forged.client.dispose();
}, 60_000);
