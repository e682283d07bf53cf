import {
  type GraphQLEnumType,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readModelsOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { refusal } from '../../src/graph/plugins/plugin-resolvers.js';
import { composeSchema } from '../../src/graph/plugins/plugin-schema.js';
import { type GraphCall, NotComposable, type SchemaPart } from '../../src/graph/plugins/schema-part.js';
import { PlanCompiler } from '../../src/graph/reader/compile.js';
import { entityShapes } from '../../src/graph/reader/metadata.js';
import { DomainError } from '../../src/lib/errors.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { type Answers, partOf } from '../support/plugin-parts.js';
import { statementsOf } from '../support/sql-log.js';

let server: TestServer;
let owner: Person;
let stranger: Person;
let core: GraphQLSchema;

beforeAll(async () => {
  server = await startTestServer();
  [owner, stranger] = [await server.person(), await server.person()];
  core = server.app.graph.live.current;
  await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content,
       document_type_id, owner_id, amount, currency)
     select 'Document ' || i, i || '.pdf', i || '.pdf', 'k', lpad(to_hex(i), 64, '0'), 1000 + i, 'application/pdf', 'Texte ' || i,
       1, ?, i * 1.1, 'EUR' from generate_series(1, 50) i`,
    [owner.id],
  );
});
afterEach(() => server.app.graph.live.swap(core));
afterAll(() => server?.stop());

const compose = (...parts: SchemaPart[]): GraphQLSchema =>
  composeSchema(core, parts, {
    shapes: new PlanCompiler(entityShapes(server.db.orm, readModelsOf(modules))).shapes,
    mayHear: () => true,
  });

const sdl = /* GraphQL */ `
  scalar Score
  enum Mood {
    GOOD
    BAD
  }
  type Rating {
    stars: Int!
    mood: Mood
    score: Score
    at: DateTime
    document: Document
    documents: [Document!]!
    words(max: Int = 2): [String!]!
  }
  input RatingFilter {
    minStars: Int
    since: DateTime
    type: EventType
    or: [RatingFilter!]
  }
  extend type Document {
    rating(filter: RatingFilter): Rating!
  }
  extend type Query {
    ratings: [Rating!]!
    bestDocuments: [Document]
  }
  extend type Mutation {
    rate(stars: Int!): Rating
  }
`;

const rating = (extra: object = {}): object => ({ stars: 4, mood: 'GOOD', score: { a: [1] }, ...extra });
const answers: Answers = {
  'Document.rating': () => rating(),
  'Rating.words': () => ['one', 'two'],
  'Query.ratings': () => [rating(), rating()],
  'Query.bestDocuments': () => [{ id: 2 }, '3', 4_000_000],
  'Mutation.rate': () => rating(),
};

/** Serves the parts until the end of the test. */
function serve(own: Answers = {}, calls: GraphCall[] = []): void {
  server.app.graph.live.swap(compose(partOf(sdl, { answers: { ...answers, ...own }, calls })));
}

describe('the core', () => {
  /** All that is said of a type of the core, but for what plugins added. */
  function facts(type: GraphQLNamedType): unknown {
    const { description, extensions } = type;
    const own = { description, extensions };
    if (isScalarType(type)) return [own, type.serialize, type.parseValue, type.parseLiteral, type.specifiedByURL];
    if (isEnumType(type)) return [own, type.getValues().map((value) => [value.name, value.value, value.description])];
    if (isInputObjectType(type))
      return [
        own,
        Object.values(type.getFields()).map((field) => [
          field.name,
          String(field.type),
          field.description,
          field.defaultValue,
        ]),
      ];
    if (!isObjectType(type) && !isInterfaceType(type)) return own;
    const fields = Object.values(type.getFields()).filter((field) => !field.extensions['plugin']);
    return [
      own,
      type.getInterfaces().map(String),
      fields.map((field) => [
        field.name,
        String(field.type),
        field.description,
        field.deprecationReason,
        field.resolve,
        field.subscribe,
        field.extensions,
        field.args.map((arg) => [arg.name, String(arg.type), arg.description, arg.defaultValue]),
      ]),
    ];
  }

  test('is the same, type by type and function by function, and untouched where it stands', () => {
    const before = Object.values(core.getTypeMap()).map((type) => [type.name, facts(type)]);
    const composed = compose(partOf(sdl, { answers }));
    for (const [name, known] of before) {
      expect(facts(composed.getType(name as string) as GraphQLNamedType), String(name)).toEqual(known);
      expect(facts(core.getType(name as string) as GraphQLNamedType), String(name)).toEqual(known);
    }
    expect((core.getType('Document') as GraphQLObjectType).getFields()['rating']).toBeUndefined();
    expect((composed.getType('EventType') as GraphQLEnumType).serialize('of.a_plugin')).toBe('UNKNOWN');
    expect(compose(partOf('')), 'nothing is added').toBe(core);
  });

  test('still passes through, and what has a field of a plugin does not', async () => {
    serve();
    const { graph, contextFor } = server.app;
    const viewer = await viewerOf(owner);
    const ask = async (query: string): Promise<string> => {
      const context = contextFor(viewer, {
        credential: undefined,
        requestId: 'r',
        ip: undefined,
        userAgent: undefined,
      });
      const answer = await graph.execute.json({ schema: graph.live.current, document: parse(query), context });
      return 'dataJson' in answer ? 'passed' : JSON.stringify(answer.result.errors ?? 'run');
    };
    expect(
      await ask('{ documents { nodes { id title amount createdAt type { code } tags { name } } totalCount } }'),
    ).toBe('passed');
    expect(await ask('{ documents { nodes { id rating { stars } } } }')).toBe('"run"');
    const [statement] = await statementsOf(server, () =>
      server.graphql('{ documents { nodes { title rating { stars } } } }', {}, owner.token),
    );
    expect(statement?.text).toMatch(/^select t\.id, t\.title, t\.id from/);
  });

  const viewerOf = async ({ id }: Person) => ({
    userId: id,
    permissions: new Set(['documents:read']),
    scopes: new Set(['read', 'write'] as const),
    credential: { kind: 'none' as const },
  });
});

describe('fields of plugins', () => {
  test('take one call for all parents, with what names each of them, and rows of the core one statement', async () => {
    const calls: GraphCall[] = [];
    serve({ 'Document.rating': ({ ...call }) => rating({ document: { id: (call as any).parents[0].id } }) }, calls);
    const statements = await statementsOf(server, async () => {
      const { data, errors } = await server.graphql(
        `query ($since: DateTime!) { documents(first: 50, orderBy: ID_ASC) { nodes { title
           rating(filter: { minStars: 2, since: $since, type: USER_LOGIN, or: [{ minStars: 1 }] }) { stars mood score words document { id title } } } } }`,
        { since: '2026-01-02T03:04:05Z' },
        owner.token,
      );
      expect(errors).toBeUndefined();
      expect(data.documents.nodes).toHaveLength(50);
      expect(data.documents.nodes[6].rating).toEqual({
        stars: 4,
        mood: 'GOOD',
        score: { a: [1] },
        words: ['one', 'two'],
        document: { id: '7', title: 'Document 7' },
      });
    });
    expect(calls.map((call) => [call.field, call.kind === 'resolve' && call.parents.length])).toEqual([
      ['rating', 50],
      ['words', 50],
    ]);
    expect(calls[0]).toMatchObject({
      type: 'Document',
      parents: Array.from({ length: 50 }, (_, i) => ({ id: i + 1 })),
      args: { filter: { minStars: 2, since: '2026-01-02T03:04:05Z', type: 'USER_LOGIN', or: [{ minStars: 1 }] } },
    });
    expect(calls[1]).toMatchObject({ args: { max: 2 } });
    expect(statements.filter(({ text }) => text.includes('from documents'))).toHaveLength(2);
  });

  test('show of the core what the viewer may see, and nothing that the plugin makes up', async () => {
    serve({ 'Query.ratings': () => [rating({ document: { id: 1, title: 'made up' }, documents: [1, 2] })] });
    const query = '{ bestDocuments { id title } ratings { document { title } documents { id } } }';
    expect((await server.graphql(query, {}, owner.token)).data).toEqual({
      bestDocuments: [{ id: '2', title: 'Document 2' }, { id: '3', title: 'Document 3' }, null],
      ratings: [{ document: { title: 'Document 1' }, documents: [{ id: '1' }, { id: '2' }] }],
    });
    expect((await server.graphql(query, {}, stranger.token)).data).toEqual({
      bestDocuments: [null, null, null],
      ratings: [{ document: null, documents: [] }],
    });
    const { data, errors } = await server.graphql('{ ratings { stars } }');
    expect([data, errors?.[0].extensions.code]).toEqual([{ ratings: null }, 'UNAUTHENTICATED']);
  });

  test('may fail: it costs the field, says nothing of the inside, and the log names the plugin', async () => {
    const failing = (fail: () => unknown): unknown => serve({ 'Document.rating': fail as never });
    const ask = async () => {
      const { data, errors } = await server.graphql(
        '{ documents(first: 1, orderBy: ID_ASC) { nodes { id rating { stars mood } } } }',
        {},
        owner.token,
      );
      expect(data).toEqual({ documents: { nodes: [{ id: '1', rating: null }] } });
      return errors?.map(({ message, extensions }) => ({ message, ...extensions, requestId: undefined }));
    };
    failing(() => {
      throw new DomainError('UNAVAILABLE', 'The plugin crm failed', { reason: 'plugin.failed' });
    });
    expect(await ask()).toEqual([{ message: 'The plugin crm failed', code: 'UNAVAILABLE', reason: 'plugin.failed' }]);
    failing(() => {
      throw refusal('No stars here', 'CONFLICT', [{ path: ['filter', 'or', '0'], message: 'none' }]);
    });
    expect(await ask()).toEqual([
      {
        message: 'No stars here',
        code: 'CONFLICT',
        fields: [{ path: ['filter', 'or', 0], code: 'invalid', message: 'none' }],
      },
    ]);
    const wrong = [{ message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' }];
    for (const value of [{ stars: 'secret-inside' }, 'text', [], { stars: null }]) {
      failing(() => value);
      expect(await ask(), JSON.stringify(value)).toEqual(wrong);
    }
    expect(server.log.filter((line) => line.includes('Plugin crm: Rating.stars resolved to'))).not.toEqual([]);
    expect(server.log.some((line) => line.includes('secret-inside'))).toBe(false);
  });

  test('count: lists of them, and what they nest', async () => {
    serve();
    const cost = async (fields: string): Promise<number> => {
      const { json } = await server.request('POST', '/graphql', {
        token: owner.token,
        headers: { 'x-graphql-cost': 'include' },
        json: { query: `{ documents(first: 100) { nodes { ${fields} } } }` },
      });
      return json.extensions?.cost.points ?? json.errors[0].extensions.cost;
    };
    expect((await cost('id rating { stars }')) - (await cost('id'))).toBe(200);
    expect(
      await cost('rating { documents { rating { documents { tags { id } rating { stars } } } } }'),
    ).toBeGreaterThan(25_000);
  });

  test('are signed: in the schema stands whose they are', () => {
    const composed = compose(partOf(sdl, { answers }));
    const document = composed.getType('Document') as GraphQLObjectType;
    const { rating: added } = document.getFields();
    expect(String(added?.type)).toBe('Rating');
    expect([added?.extensions, added?.description]).toEqual([{ plugin: 'crm', needs: ['id'] }, 'Of the plugin crm.']);
    expect(added?.args[0]?.description).toBe('Of the plugin crm.');
    expect(composed.getType('Mood')?.extensions).toEqual({ plugin: 'crm' });
    expect(String(composed.getQueryType()?.getFields()['ratings']?.type)).toBe('[Rating!]');
  });
});

describe('a plugin is refused', () => {
  const tooMany = Array.from({ length: 501 }, (_, i) => `type T${i} { a: Int }`).join('\n');
  const resolvers = { Query: ['documents', 'a', 'b'], Document: ['a', 'title'] };
  test.each<[string, RegExp, ('clash' | 'invalid')?]>([
    ['type Document { a: Int }', /type Document is there already, of the core/, 'clash'],
    ['extend type Query { documents: Int }', /field Query\.documents is there already, of the core/, 'clash'],
    ['type Query { a: Int }', /write extend type Query/, 'clash'],
    ['extend type Document { title: Int }', /Document\.title is there already/, 'clash'],
    ['type Other { a: Int }', /type Other is there already, of the plugin first/, 'clash'],
    ['extend type Query { b: Int }', /Query\.b is there already, of the plugin first/, 'clash'],
    ['type A { a: Int', /line 1 of the SDL: Syntax Error/],
    ['extend type Nowhere { a: Int }', /extends Nowhere, which there is not/],
    ['extend type Query { a: Nowhere }', /answers Nowhere, which there is not/],
    ['extend type Query { a(in: Rating): Int } type Rating { a: Int }', /must be Input Type/],
    ['type A implements Node { nodeId: ID! }', /implements Node, which only objects of the core can be/],
    ['extend type Query { a(file: Upload): Int }', /Upload: a plugin gets no files/],
    ['extend type Query { a: DocumentConnection }', /answers DocumentConnection: of the core's objects/],
    ['extend type Query { a: Node }', /answers Node/],
    ['extend type Query { a: Other }', /Other is of the plugin first, which is none of its dependencies/],
    ['extend type DocumentConnection { a: Int }', /what has an id of its own/],
    ['extend enum EventType { MINE }', /only fields of its objects can be added/],
    ['extend input DocumentFilter { a: Int }', /only fields of its objects can be added/],
    ['extend scalar DateTime @specifiedBy(url: "https://example.org")', /only fields of its objects can be added/],
    ['extend type Document implements Own { a: Int } interface Own { a: Int }', /no interfaces and directives/],
    ['directive @mine on FIELD', /types and fields alone/],
    ['schema { query: Query }', /types and fields alone/],
    ['query { documents { totalCount } }', /no operations/],
    ['type __A { a: Int }', /begin with __/],
    ['type A { __a: Int }', /begin with __/],
    ['type A { a: Int } type A { b: Int }', /type A is defined twice/],
    ['type A { a: Int a: Int }', /A\.a is defined twice/],
    ['union Mixed = Document', /a union with Document/],
    ['type A', /must define one or more fields/],
    [tooMany, /more than 500 types/],
    [`"${'x'.repeat(200_000 + 5_000)}" type A { a: Int }`, /more than 204800 bytes/],
    ['extend type Document { unresolved: Int }', /Document\.unresolved has no resolver/],
    ['extend type Subscription { heard: Int }', /names no event that it delivers/],
  ])('%.60s', (text, reason, kind = 'invalid') => {
    const first = partOf('type Other { a: Int } extend type Query { b: Int }', {
      id: 'first',
      answers: { 'Query.b': () => 1 },
    });
    const used = Object.fromEntries(
      Object.entries(resolvers).map(([type, names]) => [
        type,
        names.filter((name) => new RegExp(`extend type ${type}[^}]*\\b${name}\\b[(:]`).test(text)),
      ]),
    );
    let refused: unknown;
    try {
      compose(first, partOf(text, { id: 'second', resolvers: used }));
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(NotComposable);
    expect(refused).toMatchObject({ plugin: 'second', kind, message: expect.stringMatching(reason) });
  });

  test('and is not for what it may: types of its dependencies, input that recurses, unions and interfaces of its own', () => {
    const first = partOf('type Other { a: Int }', { id: 'first' });
    const second = partOf(
      `extend type Other { b: Other } interface Shape { a: Int } type Round implements Shape { a: Int }
       union Any = Round | Other input Tree { children: [Tree!] } extend type Query { any(tree: Tree): Any shape: Shape }`,
      {
        id: 'second',
        dependencies: ['first'],
        answers: { 'Query.any': () => null, 'Query.shape': () => null, 'Other.b': () => null },
      },
    );
    expect(String(compose(first, second).getQueryType()?.getFields()['any']?.type)).toBe('Any');
    expect(() => compose(second)).toThrow(/extends Other, which there is not/);
  });
});

test('no secret is in the log', async () => {
  expect(await server.leaks()).toEqual([]);
});
