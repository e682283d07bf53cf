import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import relay, { type ConcreteRequest, type GraphQLTaggedNode } from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let url: string;
let headers: Record<string, string>;
const nodeIdOf = (type: string, id: number): string => Buffer.from(`${type}:${id}`).toString('base64url');

beforeAll(async () => {
  server = await startTestServer();
  url = `${server.url}/graphql`;
  headers = { authorization: `Bearer ${server.admin.token}` };
  await server.sql(`insert into tags (name) values ('bail')`);
  await server.sql(`insert into correspondents (name) values ('Notaire')`);
  await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content,
       document_type_id, correspondent_id, owner_id)
     select 'Pièce ' || i, 'f', 'f', 'k', lpad(to_hex(i), 64, '0'), 1, 'text/plain', '', 1, 1, ? from generate_series(1, 5) i`,
    [server.admin.id],
  );
  await server.sql('insert into document_tags select id, 1 from documents');
});
afterAll(() => server?.stop());

/** Objects of the same number, of which a cache by numbers would make one. */
const same = { tag: 'bail', correspondent: 'Notaire', role: 'admin', documentType: 'Facture' };

describe('Relay', () => {
  const program = `
    graphql\`query programSameQuery {
      tag(id: 1) { name }
      correspondent(id: 1) { name }
      role(id: 1) { name }
      documentType(id: 1) { label }
      searchDocuments(q: "pièce") { facets {
        tags { tag { name } count } correspondents { correspondent { name } count } types { type { label } count } } }
    }\`;
    graphql\`query programTagQuery { tag(id: 1) { ...program_forward ...program_backward } ...program_search }\`;
    graphql\`fragment program_forward on Tag @refetchable(queryName: "programForwardQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
      documents(first: $count, after: $cursor, orderBy: ID_ASC) @connection(key: "program_documents") {
        edges { node { title } } } }\`;
    graphql\`fragment program_backward on Tag @refetchable(queryName: "programBackwardQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
      latest: documents(last: $count, before: $cursor, orderBy: ID_ASC) @connection(key: "program_latest") {
        edges { node { title } } } }\`;
    graphql\`fragment program_search on Query @refetchable(queryName: "programSearchQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
      searchDocuments(q: "pièce", first: $count, after: $cursor) @connection(key: "program_searchDocuments") {
        edges { score node { title } } } }\`;`;
  let folder: string;
  let artifact: (name: string) => GraphQLTaggedNode;

  beforeAll(async () => {
    // Here, so that the artifacts find the runtime.
    folder = await mkdtemp(join(import.meta.dirname, 'node_modules/.relay-'));
    await copyFile('schema/schema.graphql', join(folder, 'schema.graphql'));
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src/program.js'), program);
    await writeFile(join(folder, 'package.json'), '{}');
    await writeFile(
      join(folder, 'relay.config.json'),
      JSON.stringify({
        src: './src',
        schema: './schema.graphql',
        language: 'javascript',
        eagerEsModules: false,
        excludes: ['**/__generated__/**'],
        schemaConfig: { nodeInterfaceIdField: 'nodeId', nodeInterfaceIdVariableName: 'nodeId' },
      }),
    );
    const require = createRequire(import.meta.url);
    await promisify(execFile)(process.execPath, [require.resolve('relay-compiler/cli.js')], { cwd: folder });
    artifact = (name) => require(join(folder, `src/__generated__/${name}.graphql.js`)) as GraphQLTaggedNode;
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const { Environment, fetchQuery, getSingularSelector, Network, RecordSource, Store } = relay;
  const environment = () =>
    new Environment({
      network: Network.create(async ({ text: query }: { text?: string | null }, variables: object) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        return response.json() as never;
      }),
      store: new Store(new RecordSource()),
      getDataID: ({ nodeId }: { nodeId?: string }) => nodeId,
    } as never);
  type Relay = ReturnType<typeof environment>;
  const read = (relayed: Relay, query: string, variables: object): Promise<any> =>
    fetchQuery(relayed, artifact(query) as ConcreteRequest, variables as never).toPromise();
  /** What a component would be given of its fragment. */
  const look = (relayed: Relay, fragment: string, owner: unknown): any =>
    relayed.lookup(getSingularSelector(artifact(fragment) as never, owner as never) as never).data;
  const titles = (connection: any): string[] => connection.edges.map(({ node }: any) => node.title);

  test('objects of one number are records of their own, also as facets', async () => {
    const relayed = environment();
    const data = await read(relayed, 'programSameQuery', {});
    expect(data).toEqual({
      tag: { name: same.tag },
      correspondent: { name: same.correspondent },
      role: { name: same.role },
      documentType: { label: same.documentType },
      searchDocuments: {
        facets: {
          tags: [{ tag: { name: same.tag }, count: 5 }],
          correspondents: [{ correspondent: { name: same.correspondent }, count: 5 }],
          types: [{ type: { label: same.documentType }, count: 5 }],
        },
      },
    });
    const records = relayed.getStore().getSource();
    for (const type of ['Tag', 'Correspondent', 'Role', 'DocumentType'])
      expect(records.get(nodeIdOf(type, 1) as never)?.['__typename']).toBe(type);
  });

  test('@connection and @refetchable walk a list from both ends, and a search', async () => {
    const relayed = environment();
    const root = await read(relayed, 'programTagQuery', {});
    const nodeId = nodeIdOf('Tag', 1);
    const forward = (): any => look(relayed, 'program_forward', root.tag).documents;
    expect([titles(forward()), forward().pageInfo.hasNextPage]).toEqual([['Pièce 1', 'Pièce 2'], true]);
    await read(relayed, 'programForwardQuery', { nodeId, count: 2, cursor: forward().pageInfo.endCursor });
    await read(relayed, 'programForwardQuery', { nodeId, count: 2, cursor: forward().pageInfo.endCursor });
    expect([titles(forward()), forward().pageInfo.hasNextPage]).toEqual([
      ['Pièce 1', 'Pièce 2', 'Pièce 3', 'Pièce 4', 'Pièce 5'],
      false,
    ]);

    const backward = (): any => look(relayed, 'program_backward', root.tag).latest;
    expect([titles(backward()), backward().pageInfo.hasPreviousPage]).toEqual([['Pièce 4', 'Pièce 5'], true]);
    await read(relayed, 'programBackwardQuery', { nodeId, count: 3, cursor: backward().pageInfo.startCursor });
    expect([titles(backward()), backward().pageInfo.hasPreviousPage]).toEqual([titles(forward()), false]);

    const found = (): any => look(relayed, 'program_search', root).searchDocuments;
    expect([titles(found()).length, found().pageInfo.hasNextPage]).toEqual([3, true]);
    await read(relayed, 'programSearchQuery', { count: 3, cursor: found().pageInfo.endCursor });
    expect([titles(found()).toSorted(), found().pageInfo.hasNextPage]).toEqual([titles(forward()), false]);
  });
});

const sameQuery = gql`
  query Same {
    tag(id: 1) {
      id
      nodeId
      name
    }
    correspondent(id: 1) {
      id
      nodeId
      name
    }
    role(id: 1) {
      id
      nodeId
      name
    }
    documentType(id: 1) {
      id
      nodeId
      label
    }
    searchDocuments(q: "pièce") {
      facets {
        tags {
          tag {
            id
            nodeId
            name
          }
          count
        }
        correspondents {
          correspondent {
            id
            nodeId
            name
          }
          count
        }
      }
    }
  }
`;
const pageQuery = gql`
  query Page($first: Int, $after: String) {
    documents(first: $first, after: $after, orderBy: ID_ASC) {
      edges {
        cursor
        node {
          id
          nodeId
          title
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;
const nodeQuery = gql`
  query ByNodeId($nodeId: ID!) {
    node(nodeId: $nodeId) {
      nodeId
      ... on Tag {
        id
        name
      }
    }
  }
`;
const all = ['Pièce 1', 'Pièce 2', 'Pièce 3', 'Pièce 4', 'Pièce 5'];
const titlesOf = (data: any): string[] => data.documents.edges.map(({ node }: any) => node.title);
const named = (data: any): object => ({
  tag: data.tag.name,
  correspondent: data.correspondent.name,
  role: data.role.name,
  documentType: data.documentType.label,
});

const nodesOf = (types: IntrospectionQuery['__schema']['types']): string[] =>
  types
    .flatMap((type) => (type.name === 'Node' && 'possibleTypes' in type ? type.possibleTypes : []))
    .map(({ name }) => name);

async function introspection(): Promise<IntrospectionQuery> {
  const { data } = await server.graphql(getIntrospectionQuery(), {}, server.admin.token);
  return data as IntrospectionQuery;
}

test.each(['id', 'nodeId'])(
  'Apollo Client keeps records by %s: objects of one number apart, pages as one list',
  async (key) => {
    const { types } = (await introspection()).__schema;
    const names = nodesOf(types);
    const byKey = key === 'id' ? {} : Object.fromEntries(names.map((name) => [name, { keyFields: [key] }]));
    const client = new ApolloClient({
      link: new HttpLink({ uri: url, headers }),
      cache: new InMemoryCache({
        possibleTypes: { Node: names },
        typePolicies: { ...byKey, Query: { fields: { documents: relayStylePagination(['orderBy']) } } },
      }),
    });
    await client.query({ query: sameQuery });
    const data = client.readQuery<any>({ query: sameQuery });
    expect(named(data)).toEqual(same);
    expect(data.searchDocuments.facets).toMatchObject({
      tags: [{ tag: { name: same.tag }, count: 5 }],
      correspondents: [{ correspondent: { name: same.correspondent }, count: 5 }],
    });

    const page = async (after?: string): Promise<any> =>
      (await client.query<any>({ query: pageQuery, variables: { first: 2, after }, fetchPolicy: 'network-only' })).data;
    const first = await page();
    const second = await page(first.documents.pageInfo.endCursor);
    const third = await page(second.documents.pageInfo.endCursor);
    expect([titlesOf(third), third.documents.pageInfo.hasNextPage]).toEqual([all, false]);

    // What one query has changed, another one shows: the record is the same.
    await server.sql(`update tags set name = 'bail, relu' where id = 1`);
    await client.query({ query: nodeQuery, variables: { nodeId: nodeIdOf('Tag', 1) } });
    expect(client.readQuery<any>({ query: sameQuery }).tag.name).toBe('bail, relu');
    await server.sql(`update tags set name = ? where id = 1`, [same.tag]);
    client.stop();
  },
);

test.each(['id', 'nodeId'])("urql's graphcache, which reads the schema, keeps records by %s likewise", async (key) => {
  const schema = await introspection();
  const { types } = schema.__schema;
  const byKey = (data: any): string | null => (data[key] as string | undefined) ?? null;
  // Parts of a page have no key of their own and lie in their parent.
  const parts = types.filter(({ name }) => /(Connection|Edge|Facets?)$|^PageInfo$/.test(name));
  const warned = vi.spyOn(console, 'warn');
  const client = new Client({
    url,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        schema: schema as never,
        keys: {
          ...Object.fromEntries(parts.map(({ name }) => [name, () => null])),
          ...Object.fromEntries(nodesOf(types).map((name) => [name, byKey])),
        },
        resolvers: { Query: { documents: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
  const read = async (query: any, variables: object = {}): Promise<any> => {
    const { data, error } = await client.query(query, variables as never).toPromise();
    expect(error).toBeUndefined();
    return data;
  };
  expect(named(await read(sameQuery))).toEqual(same);
  const first = await read(pageQuery, { first: 2 });
  expect(titlesOf(first)).toEqual(all.slice(0, 2));
  const second = await read(pageQuery, { first: 2, after: first.documents.pageInfo.endCursor });
  const third = await read(pageQuery, { first: 2, after: second.documents.pageInfo.endCursor });
  expect([titlesOf(third), third.documents.pageInfo.hasNextPage]).toEqual([all, false]);

  await server.sql(`update tags set name = 'bail, relu' where id = 1`);
  await client.query(nodeQuery, { nodeId: nodeIdOf('Tag', 1) }, { requestPolicy: 'network-only' }).toPromise();
  expect(client.readQuery<any>(sameQuery, {})?.data.tag.name).toBe('bail, relu');
  await server.sql(`update tags set name = ? where id = 1`, [same.tag]);
  expect(warned.mock.calls).toEqual([]);
  warned.mockRestore();
});
