import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let person: Person;
let url: string;
let headers: { authorization: string };
beforeAll(async () => {
  server = await startTestServer();
  person = await server.person({ roles: ['manager'] });
  url = `${server.url}/graphql`;
  headers = { authorization: `Bearer ${person.token}` };
});
afterAll(() => server?.stop());

/** What the client really sends: it uses the global `fetch`. */
const watchFetch = () => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  return {
    methods: () => fetched.mock.calls.map(([, init]) => init?.method ?? 'GET'),
    [Symbol.dispose]: () => fetched.mockRestore(),
  };
};

const socket = () =>
  createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: headers,
  });

/** The first result that a subscription gives. */
const firstOf = <T>(subscribe: (next: (value: T) => void) => { unsubscribe: () => void }): Promise<T> =>
  new Promise((resolve) => {
    const subscription = subscribe((value) => {
      resolve(value);
      // Some give it before they have returned the subscription.
      setImmediate(() => subscription.unsubscribe());
    });
  });

const me = gql`
  query Me {
    viewer {
      id
      username
    }
  }
`;
const newTag = gql`
  mutation NewTag($input: CreateTagInput!) {
    createTag(input: $input) {
      tag {
        id
        name
      }
    }
  }
`;
const documentEvents = gql`
  subscription Documents($after: Position) {
    documentEvents(after: $after) {
      type
      document {
        id
        title
      }
    }
  }
`;
const file = (text: string): File => new File([text], 'note.txt', { type: 'text/plain' });
const upload = gql`
  mutation Upload($files: [Upload!]!) {
    uploadDocuments(input: { files: $files }) {
      results {
        filename
        document {
          title
        }
      }
    }
  }
`;
/** A new document, by REST; what happens after the position shows it. */
async function newDocument(text: string): Promise<{ position: string }> {
  const { position } = await new GraphQLClient(url, { headers }).request<{ position: string }>('{ position }');
  const body = new FormData();
  body.append('files', file(text));
  await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body });
  return { position };
}
const uploaded = [{ filename: 'note.txt', document: { title: 'note' } }];

describe('graphql-request', () => {
  test.each(['POST', 'GET'] as const)('a query by %s, and the error of one that is refused', async (method) => {
    const clientWith = (authorization: string): GraphQLClient =>
      new GraphQLClient(url, { method, headers: { authorization } });
    expect(await clientWith(headers.authorization).request(me)).toMatchObject({
      viewer: { username: person.username },
    });
    await expect(clientWith('Bearer nonsense').request(me)).rejects.toMatchObject({
      response: { status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });

  test('a key, a mutation, and the fields that are wrong in another one', async () => {
    const client = new GraphQLClient(url, { headers });
    expect(await client.request(newTag, { input: { name: 'graphql-request' } })).toMatchObject({
      createTag: { tag: { name: 'graphql-request' } },
    });
    await expect(client.request(newTag, { input: { name: '' } })).rejects.toMatchObject({
      response: { errors: [{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'name'] }] } }] },
    });
  });
});

describe('urql', () => {
  const urql = (token = person.token): Client =>
    new Client({
      url,
      exchanges: [
        cacheExchange,
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: ({ query, ...rest }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket().subscribe({ ...rest, query: query as string }, sink as never),
            }),
          }),
        }),
      ],
      fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    });

  test('a query with its defaults goes by GET; a mutation by POST; an error has its code', async () => {
    using fetched = watchFetch();
    const { data, error } = await urql().query(me, {});
    expect([error, data?.viewer.username]).toEqual([undefined, person.username]);
    const made = await urql().mutation(newTag, { input: { name: 'urql' } });
    expect([made.error, made.data?.createTag.tag.name]).toEqual([undefined, 'urql']);
    expect(fetched.methods()).toEqual(['GET', 'POST']);
    const refused = await urql('nonsense').query(me, {});
    expect([refused.error?.response?.status, refused.error?.graphQLErrors[0]?.extensions['code']]).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });

  test('a file', async () => {
    const { data, error } = await urql().mutation(upload, { files: [file('Le reçu que urql envoie')] });
    expect([error, data?.uploadDocuments.results]).toMatchObject([undefined, uploaded]);
  });

  test('a subscription; over plain fetch it is told where to go', async () => {
    const { position: after } = await newDocument('Un reçu de plus');
    const heard = await firstOf<any>((next) => urql().subscription(documentEvents, { after }).subscribe(next));
    expect(heard).toMatchObject({ data: { documentEvents: { type: 'DOCUMENT_CREATED' } } });

    const plain = new Client({
      url,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers },
    });
    const told = await firstOf<any>((next) => plain.subscription(documentEvents, {}).subscribe(next));
    expect(told.error?.graphQLErrors[0]).toMatchObject({
      message: expect.stringContaining('/graphql'),
      extensions: { reason: 'subscription_over_http' },
    });
  });
});

describe('Apollo Client', () => {
  const apollo = (link: ApolloLink): ApolloClient => new ApolloClient({ cache: new InMemoryCache(), link });

  test.each([
    ['its defaults', (): ApolloLink => new HttpLink({ uri: url, headers }), ['POST']],
    ['queries by GET', (): ApolloLink => new HttpLink({ uri: url, headers, useGETForQueries: true }), ['GET']],
    [
      'persisted queries',
      (): ApolloLink =>
        new PersistedQueryLink({
          sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
          useGETForHashedQueries: true,
        }).concat(new HttpLink({ uri: url, headers })),
      ['GET', 'POST'],
    ],
  ])('a query with %s', async (_name, link, methods) => {
    using fetched = watchFetch();
    const { data } = await apollo(link()).query<any>({ query: me });
    expect(data.viewer.username).toBe(person.username);
    expect(fetched.methods()).toEqual(methods);
  });

  test('a mutation, and an error with its code and request', async () => {
    const client = apollo(new HttpLink({ uri: url, headers }));
    const { data } = await client.mutate<any>({ mutation: newTag, variables: { input: { name: 'apollo' } } });
    expect(data.createTag.tag.name).toBe('apollo');
    const refused = await client
      .mutate({ mutation: newTag, variables: { input: { name: 'apollo' } } })
      .catch((error: unknown) => error);
    expect(CombinedGraphQLErrors.is(refused) && refused.errors[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      requestId: expect.any(String),
    });
  });

  test('a subscription over graphql-ws', async () => {
    const client = apollo(new GraphQLWsLink(socket()));
    const { position: after } = await newDocument('Encore un reçu');
    const heard = await firstOf<any>((next) =>
      client.subscribe<any>({ query: documentEvents, variables: { after } }).subscribe(next),
    );
    expect(heard.data.documentEvents).toMatchObject({ type: 'DOCUMENT_CREATED', document: { title: 'note' } });
  });

  test('apollo-upload-client: a file, and many of them', async () => {
    const client = apollo(new UploadHttpLink({ uri: url, headers }));
    const send = async (files: File[]): Promise<any> =>
      (await client.mutate<any>({ mutation: upload, variables: { files } })).data.uploadDocuments.results;
    expect(await send([file('Le contrat')])).toMatchObject(uploaded);
    expect(await send([file('Un avenant'), file('Un autre avenant')])).toMatchObject([...uploaded, ...uploaded]);
    const refused = await client
      .mutate({ mutation: upload, variables: { files: Array.from({ length: 21 }, (_, i) => file(`${i}`)) } })
      .catch((error: unknown) => error);
    expect(CombinedGraphQLErrors.is(refused) && refused.errors[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});
