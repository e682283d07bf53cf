import { buildSchema, type ExecutionResult, GraphQLError } from 'graphql';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { graphAdmission } from '../../src/graph/admission.js';
import { LiveSchema } from '../../src/graph/live-schema.js';
import { nobody, type Viewer } from '../../src/kernel/viewer.js';
import { boundedResult } from '../../src/mcp/bounded-result.js';
import { type Calling, callTool } from '../../src/mcp/call-tool.js';
import { type Tool, ToolSet, toolsOf } from '../../src/mcp/tools.js';

const log = pino({ level: 'silent' });
const sdl = `
  type Query { shelves(filter: ShelfFilter, first: Int = 5): [Shelf!] boxes(file: Upload): Int }
  type Mutation { emptyShelf(id: ID!): Shelf }
  type Subscription { shelfEvents: Shelf }
  type Shelf { id: ID! "What is in it." label: String }
  input ShelfFilter { "Its color." color: Color! "And more." all: [ShelfFilter!] }
  "What it looks like."
  enum Color { "Like the sea." BLUE RED }
  scalar Upload
`;
const schema = buildSchema(sdl);
const list = {
  name: 'shelves.graphql',
  text: '"Shelves." query ListShelves($filter: ShelfFilter, "How many." $first: Int = 5) { shelves(filter: $filter, first: $first) { ...Label } }',
};
const fragment = { name: 'labels.graphql', text: 'fragment Label on Shelf { id label }' };
const empty = {
  name: 'empty.graphql',
  text: '"Empties one." mutation EmptyShelf($id: ID!) { emptyShelf(id: $id) { ...Label } }',
};
const writer: Viewer = {
  ...nobody,
  userId: 1,
  scopes: new Set(['read', 'write']),
  credential: { kind: 'api_token', tokenId: 1 },
};

describe('the schema of arguments', () => {
  test('follows the types, and ends where input objects nest without end', () => {
    const { tools } = toolsOf(schema, [list, fragment]);
    const { filter, first }: any = (tools.get('list_shelves') as Tool).inputSchema.properties;
    expect(first).toEqual({
      type: 'integer',
      minimum: -(2 ** 31),
      maximum: 2 ** 31 - 1,
      default: 5,
      description: 'How many.',
    });
    expect(filter).toMatchObject({ type: 'object', required: ['color'], additionalProperties: false });
    expect(filter.properties.color).toEqual({
      type: 'string',
      enum: ['BLUE', 'RED'],
      description: 'Its color. What it looks like. BLUE: Like the sea.',
    });
    const depthOf = (node: any): number => (node?.properties ? 1 + depthOf(node.properties.all.items) : 0);
    expect(depthOf(filter)).toBe(6);
  });
});

describe('a set of tools', () => {
  test.each([
    ['query Nameless($first: Int) { shelves(first: $first) { id } }', /needs a description/],
    ['"X." query ($first: Int) { shelves(first: $first) { id } }', /needs a name/],
    ['"X." query Wrong { shelves { weight } }', /Cannot query field "weight"/],
    ['"X." query File($file: Upload) { boxes(file: $file) }', /Upload/],
    ['"X." subscription Follow { shelfEvents { id } }', /cannot subscribe/],
    ['"X." query Broken {', /Syntax Error/],
  ])('does not begin with %s', (text, problem) => {
    expect(() => new ToolSet(new LiveSchema(schema), [list, fragment, { name: 'x', text }], log)).toThrow(problem);
  });

  test('loses what the schema in use does not serve, and has it again when it does', () => {
    const live = new LiveSchema(schema);
    const tools = new ToolSet(live, [list, fragment, empty], log);
    const names = (viewer = writer) => tools.list(viewer).map(({ name }) => name);
    expect(names()).toEqual(['empty_shelf', 'list_shelves']);
    live.swap(buildSchema(sdl.replace('emptyShelf(id: ID!): Shelf', 'none: Int')));
    expect(names()).toEqual(['list_shelves']);
    expect(tools.find('empty_shelf')).toBeUndefined();
    live.swap(buildSchema(sdl));
    expect(names()).toEqual(['empty_shelf', 'list_shelves']);
    expect(names({ ...writer, scopes: new Set(['read']) })).toEqual(['list_shelves']);
    expect(names({ ...writer, credential: { kind: 'token', sessionId: 's' } })).toEqual(['list_shelves']);
  });

  test('has those of plugins as long as they are served, each by itself, the core first', () => {
    const live = new LiveSchema(schema);
    const tools = new ToolSet(live, [list, fragment], log);
    const names = () => tools.list(writer).map(({ name }) => name);
    const own = { name: 'own', text: 'query CountBoxes { boxes }', description: 'Counts.' };
    tools.serve([
      { name: 'taken', text: 'query ListShelves { boxes }', description: 'S.' },
      own,
      { ...own, text: 'query Wrong { crates }' },
      { ...own, text: 'query CountBoxes { shelves { id } }' },
    ]);
    expect(names()).toEqual(['count_boxes', 'list_shelves']);
    expect(tools.find('count_boxes')).toMatchObject({
      description: 'Counts.',
      isReadOnly: true,
      operationName: 'CountBoxes',
    });
    expect(tools.find('list_shelves')?.description).toBe('Shelves.');
    live.swap(buildSchema(sdl));
    expect(names()).toEqual(['count_boxes', 'list_shelves']);
    tools.serve([]);
    expect(names()).toEqual(['list_shelves']);
  });
});

describe('a call', () => {
  const context: any = { viewer: writer, requestId: 'r1', notes: {}, services: { count: () => {} }, log };
  const { tools } = toolsOf(schema, [list, fragment, empty]);
  const ask = (name: string, execute: () => Promise<ExecutionResult>, signal = new AbortController().signal) =>
    callTool(
      {
        tool: tools.get(name) as never,
        arguments: name === 'empty_shelf' ? { id: '1' } : {},
        context,
        idempotencyHeader: undefined,
        signal,
      },
      {
        execute: { values: execute, json: () => Promise.reject(new Error('unused')) },
        admission: graphAdmission(undefined),
        idempotencyKeys: {} as Calling['idempotencyKeys'],
        count: () => {},
        log,
        timeoutMs: 20,
      },
    );

  test('ends when its time is over or the client has gone, and says that a change may be made', async () => {
    const never = () => new Promise<ExecutionResult>(() => {});
    const late: any = await ask('empty_shelf', never);
    expect(late.isError).toBe(true);
    expect(late.structuredContent.errors).toMatchObject([
      { code: 'TIMED_OUT', message: /may be made/, requestId: 'r1' },
    ]);
    await ask('list_shelves', never, AbortSignal.abort());
  });

  test('says nothing of what went wrong inside', async () => {
    const broken: any = await ask('list_shelves', () => Promise.reject(new Error('password=hunter2')));
    expect(broken.structuredContent.errors).toEqual([
      { message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
    ]);
  });

  test('gives what was read beside an error', async () => {
    const error = new GraphQLError('no', { path: ['shelves', 0, 'label'], extensions: { code: 'FORBIDDEN' } });
    const partly: any = await ask('list_shelves', async () => ({
      data: { shelves: [{ id: '1', label: null }] },
      errors: [error],
    }));
    expect(partly).toMatchObject({
      isError: true,
      structuredContent: {
        errors: [{ code: 'FORBIDDEN', path: ['shelves', 0, 'label'] }],
        data: { shelves: [{ id: '1', label: null }] },
      },
    });
  });

  test('gives as much of a large answer as fits, and says so', async () => {
    const shelves = Array.from({ length: 400 }, (_, id) => ({ id: String(id), label: 'é'.repeat(500) }));
    const cut: any = await ask('list_shelves', async () => ({ data: { shelves } }));
    expect(cut.isError).toBeUndefined();
    expect(cut.structuredContent.shelves.length).toBeLessThan(400);
    expect(cut.structuredContent.shelves[0].label).toBe('é'.repeat(500));
    expect(cut.structuredContent.truncated).toMatch(/first \d+ entries/);
    expect(cut.content[0].text).toBe(cut.structuredContent.truncated);
    expect(boundedResult('🙂'.repeat(40), 80).data).toEqual({});
    expect(boundedResult({ text: '🙂'.repeat(4000) }, 1000).json.length).toBeLessThan(1000);
  });
});
