import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getOperationAST,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadersOf, readModelsOf, resolversOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { contextMaker } from '../../src/graph/context.js';
import { run } from '../../src/graph/executor.js';
import { assertWithinLimits, costOf, maxCost, maxTokens } from '../../src/graph/limits.js';
import { resolveNodeId } from '../../src/graph/reader/bind.js';
import { isComputed, maxConditions, PlanCompiler } from '../../src/graph/reader/compile.js';
import { type EntityShapes, entityShapes } from '../../src/graph/reader/metadata.js';
import { type PassThrough, passThrough } from '../../src/graph/reader/pass-through.js';
import { conditionsIn } from '../../src/graph/reader/selection.js';
import { buildReadableSchema } from '../../src/graph/schema.js';
import type { Context } from '../../src/kernel/context.js';
import { loadersFrom } from '../../src/kernel/loaders.js';
import { nobody, theSystem, type Viewer } from '../../src/kernel/viewer.js';
import type { CredentialCache } from '../../src/modules/identity/sessions/credential-cache.js';
import { resolveCredential } from '../../src/modules/identity/sessions/resolve-viewer.js';
import { isFull } from '../support/full.js';
import { startTestServer, type TestServer } from '../support/harness.js';
import { type Asker, fillFirm, type Firm } from '../support/random-firm.js';
import { type OperationSource, otherwise, type RandomOperation, randomOperation } from '../support/random-operation.js';
import { Random } from '../support/random.js';
import { shrinkOperation } from '../support/shrink-operation.js';

/** Operations to compare: FUZZ_OPERATIONS asks for another number, FUZZ_SEED for the run that a failure names. */
const operations = Number(process.env['FUZZ_OPERATIONS'] ?? (isFull ? 4_000 : 1_000));
const seed = Number(process.env['FUZZ_SEED'] ?? 20260615);
const isLong = operations > 1_000;
const atOnce = 8;
/** Fields that must not be null here, though they are in some rows: no null comes where the product forbids it. */
const stricter = [
  'Document.pageCount',
  'Tag.parent',
  'Approval.decidedBy',
  'Invoice.paidAt',
  'User.phone',
  'Notification.link',
];
const now = (): Date => new Date('2026-06-15T10:00:00Z');

let server: TestServer;
let firm: Firm;
let schema: GraphQLSchema;
let shapes: EntityShapes;
let compiler: PlanCompiler;
let pass: PassThrough;
let source: OperationSource;
let viewers: { name: string; viewer: Viewer }[];
/** Those to whom little is refused, so that there is something to compare. */
let mighty: typeof viewers;
let log: Context['log'];

beforeAll(async () => {
  server = await startTestServer({ now });
  await hold(server);
  firm = await fillFirm(server, seed);
  await server.app.consumers.caughtUp();
  shapes = entityShapes(server.db.orm, readModelsOf(modules));
  compiler = new PlanCompiler(shapes);
  schema = buildReadableSchema(resolversOf(modules), shapes);
  for (const name of stricter) {
    const [type, field] = name.split('.') as [string, string];
    const strict = (schema.getType(type) as GraphQLObjectType).getFields()[field] as GraphQLField<unknown, unknown>;
    strict.type = new GraphQLNonNull(strict.type);
  }
  pass = passThrough(compiler);
  ({ log } = server.app.contextFor(theSystem, anonymous));
  const { accessTokens } = server.services;
  viewers = await Promise.all(
    firm.askers.map(async ({ name, credential }) => ({
      name,
      viewer: credential
        ? ((await resolveCredential(credential, server.db.readPrimary, accessTokens, now()))?.viewer as Viewer)
        : nobody,
    })),
  );
  mighty = viewers.filter(({ name }) => /^person [18]$|\(read.*person 1$/.test(name));
  source = { schema, isPlanned, uuids: firm.uuids, cursors: await realCursors() };
});
afterAll(() => server?.stop());

/**
 * What a server does by itself it does at times of its own: not between two answers that are compared. Both have the
 * same of it.
 */
async function hold({ sql }: TestServer): Promise<void> {
  await sql(`update tasks set status = 'paused', next_run_at = null`);
  await vi.waitFor(
    async () => expect(await sql(`select 1 from task_runs where status = 'running'`)).toEqual([]),
    20_000,
  );
  await sql('delete from task_runs');
  await sql(`
    update tasks set last_run_at = null, last_success_at = null, success_count = 0, failure_count = 0, skipped_count = 0,
                     updated_at = created_at, alert_since = created_at`);
  await sql(`
    update processes set id = '00000000-0000-4000-8000-000000000000', pid = 1, plugin_revision = 0,
                         started_at = '2026-06-15', heard_at = '2026-06-15'`);
  await sql(`create function stays() returns trigger language plpgsql as $$ begin return null; end $$`);
  await sql(`
    create trigger stays before insert or update or delete on processes for each row execute function stays()`);
}

/** Viewers are given here. */
const uncached: CredentialCache = {
  find: (_presented, _now, look) => look(),
  count: () => 0,
  stop: async () => undefined,
};
const loadersFor = loadersFrom(loadersOf(modules));
const anonymous = { credential: undefined, requestId: 'req_fuzz', ip: undefined, userAgent: undefined };

interface Case extends RandomOperation {
  document: DocumentNode;
  asker: string;
  viewer: Viewer;
}

interface Compared {
  passed: boolean;
  /** graphql-js gave data and no error. */
  clean: boolean;
  /** What the pass-through answered, and graphql-js. */
  text: string | undefined;
  result: string;
  differs: boolean;
  /** Read statements that the pass-through made. */
  statements: number;
}

/** One operation both ways, each with a context of its own. */
async function compare({
  document,
  variables,
  operationName,
  viewer,
}: Omit<Case, 'query' | 'asker'>): Promise<Compared> {
  let statements = 0;
  const counted =
    (read: TestServer['db']['read']): TestServer['db']['read'] =>
    (text, parameters) => {
      statements += 1;
      return read(text, parameters);
    };
  const { db, services } = server;
  const contextOf = (database: TestServer['db']) =>
    contextMaker({
      database,
      compiler,
      services,
      credentials: uncached,
      ownWrites: undefined,
      loadersFor,
      log,
    }).forViewer(viewer, anonymous);
  const execution = { schema, document, operationName, variables };
  const text = await pass.json({
    ...execution,
    context: contextOf({ ...db, read: counted(db.read), readSlow: counted(db.readSlow), count: counted(db.count) }),
  });
  const values = await pass.values({ ...execution, context: contextOf(db) });
  const result = await run({ ...execution, context: contextOf(db) });
  const clean = !result.errors && result.data != null;
  return {
    passed: text !== undefined,
    clean,
    text,
    statements,
    result: JSON.stringify(result),
    // The text itself is compared: reading it back would forgive a key that stands twice.
    differs:
      text !== undefined &&
      (!clean || text !== JSON.stringify(result.data) || (values !== undefined && text !== JSON.stringify(values))),
  };
}

/** undefined for what the server would refuse before it runs anything. */
function accepted(
  query: string,
  variables: RandomOperation['variables'],
  operationName: RandomOperation['operationName'],
): DocumentNode | undefined {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens });
  } catch {
    return undefined;
  }
  if (validate(schema, document).length) return undefined;
  try {
    assertWithinLimits(schema, document);
    if (costOf(schema, document, variables, operationName) > maxCost) return undefined;
  } catch {
    // An argument that does not fit has no cost; that it is refused is for both to say.
  }
  return document;
}

/** A document with whoever asks first, and sometimes somebody who asks the same document otherwise: what is kept for it must serve both. */
function casesOf(caseSeed: number): Case[] {
  const random = new Random(caseSeed);
  const operation = randomOperation(source, random);
  const document = accepted(operation.query, operation.variables, operation.operationName);
  if (!document) return [];
  const asking = (): Pick<Case, 'asker' | 'viewer'> => {
    const { name, viewer } = random.pick(random.chance(0.55) ? mighty : viewers);
    return { asker: name, viewer };
  };
  const first = { ...operation, document, ...asking() };
  return random.chance(0.15) ? [first, { ...first, ...otherwise(operation, random), ...asking() }] : [first];
}

/** A column, a relation, a part of a list, or a row's scalar of a resolver; everything else is graphql-js's. */
function isPlanned(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
  const { name, resolve } = field;
  if (resolve === resolveNodeId) return true;
  if (isComputed(field)) return shapes.has(type.name) && isLeafType(getNamedType(field.type));
  return shapes.get(type.name)?.properties.has(name) ?? /(Connection|Edge)$|^PageInfo$/.test(type.name);
}

/** Why graphql-js may have to answer: everything else has to pass. */
function hasReason({ document, operationName }: Case): boolean {
  let found =
    hasConditionalRoot(document, operationOf({ document, operationName })) ||
    conditionsIn([document]).length > maxConditions;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        const [parent, field] = [types.getParentType(), types.getFieldDef()];
        if (parent === schema.getQueryType()) found ||= !field?.extensions['planned'];
        else if (!isInterfaceType(parent))
          found ||= name.value !== '__typename' && !(isObjectType(parent) && field && isPlanned(parent, field));
      },
    }),
  );
  const keys = rootsOf(document, operationOf({ document, operationName })).map(
    ({ alias, name }) => (alias ?? name).value,
  );
  return found || new Set(keys).size < keys.length;
}

/** Whether it hangs on a condition which roots there are. */
const hasConditionalRoot = (document: DocumentNode, { selections }: SelectionSetNode): boolean =>
  selections.some(
    (selection) =>
      Boolean(selection.directives?.length) ||
      (selection.kind !== Kind.FIELD && hasConditionalRoot(document, bodyOf(document, selection))),
  );

/** What the operation selects that `operationName` names; nothing when there is none. */
const operationOf = ({ document, operationName }: Pick<Case, 'document' | 'operationName'>): SelectionSetNode =>
  getOperationAST(document, operationName)?.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] };

function rootsOf(document: DocumentNode, { selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection] : rootsOf(document, bodyOf(document, selection)),
  );
}

function bodyOf(
  document: DocumentNode,
  selection: Exclude<SelectionSetNode['selections'][number], FieldNode>,
): SelectionSetNode {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet;
  const fragment = document.definitions.find(
    (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === selection.name.value,
  );
  return (fragment as { selectionSet: SelectionSetNode }).selectionSet;
}

/** The most statements that an operation may take: one a list that it nests and one a count, and one in all for a row by its id. */
function mostStatements(one: Case): number {
  const { document } = one;
  const query = schema.getQueryType() as GraphQLObjectType;
  return rootsOf(document, operationOf(one)).reduce((most, node) => {
    const field = query.getFields()[node.name.value];
    if (!field || !isMany(field)) return most + 1;
    const lists = new Set<string>();
    collectLists(document, [node], field, '', lists);
    return most + lists.size;
  }, 0);
}

const isMany = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  isListType(isNonNullType(type) ? type.ofType : type) || getNamedType(type).name.endsWith('Connection');

/** Paths of the lists and counts below a field. */
function collectLists(
  document: DocumentNode,
  nodes: readonly FieldNode[],
  field: GraphQLField<unknown, unknown>,
  path: string,
  found: Set<string>,
): void {
  const type = getNamedType(field.type);
  if (isInterfaceType(type)) {
    for (const one of schema.getPossibleTypes(type)) collectOfType(document, nodes, one, `${path}.${one.name}`, found);
    return;
  }
  if (!isObjectType(type)) return;
  if (isMany(field) && field.name !== 'nodes' && field.name !== 'edges') found.add(path);
  for (const node of nodes.flatMap(({ selectionSet }) => (selectionSet ? rootsOf(document, selectionSet) : []))) {
    const below = type.getFields()[node.name.value];
    const at = `${path}.${(node.alias ?? node.name).value}`;
    if (type.name.endsWith('Connection') && below?.name === 'totalCount') found.add(at);
    if (below) collectLists(document, [node], below, at, found);
  }
}

/** What is asked of an interface's field when it is of that type: a read of its own, and the lists below. */
function collectOfType(
  document: DocumentNode,
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  path: string,
  found: Set<string>,
): void {
  found.add(path);
  const ofType = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      const name =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection.typeCondition?.name.value
          : (
              document.definitions.find(
                (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === selection.name.value,
              ) as FragmentDefinitionNode
            ).typeCondition.name.value;
      const applies = !name || name === type.name || isInterfaceType(schema.getType(name));
      return applies ? ofType(bodyOf(document, selection)) : [];
    });
  for (const node of nodes.flatMap(({ selectionSet }) => (selectionSet ? ofType(selectionSet) : []))) {
    const below = type.getFields()[node.name.value];
    if (below) collectLists(document, [node], below, `${path}.${(node.alias ?? node.name).value}`, found);
  }
}

/** Cursors as the server gives them, of every list in every order. */
async function realCursors(): Promise<OperationSource['cursors']> {
  const found = new Map<string, Map<string, string[]>>();
  const { viewer } = viewers.find(({ name }) => name === 'person 1') as (typeof viewers)[number];
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const order = field.args.find(({ name }) => name === 'orderBy');
    if (!field.extensions['planned'] || !order) continue;
    const orders = schema.getType(getNamedType(order.type).name) as {
      getValues: () => readonly { name: string }[];
    } & object;
    for (const { name } of orders.getValues()) {
      const { result } = await compare({
        document: parse(`{ list: ${field.name}(first: 100, orderBy: ${name}) { edges { cursor } } }`),
        variables: {},
        operationName: null,
        viewer,
      });
      const cursors = (JSON.parse(result) as { data: { list: { edges: { cursor: string }[] } } }).data.list.edges.map(
        ({ cursor }) => cursor,
      );
      const byOrder = found.get(getNamedType(field.type).name) ?? new Map<string, string[]>();
      found.set(
        getNamedType(field.type).name,
        byOrder.set(name, cursors.length ? cursors : (byOrder.get(name) ?? [''])),
      );
    }
  }
  return found;
}

/** The case as small as it gets, with both answers. */
async function report(
  failing: Case,
  caseSeed: number,
  problem: string,
  isBad: (compared: Compared, one: Case) => boolean,
): Promise<string> {
  const { variables, operationName, viewer, asker } = failing;
  const query = await shrinkOperation(failing.query, async (smaller) => {
    const document = accepted(smaller, variables, operationName);
    return (
      document !== undefined &&
      isBad(await compare({ document, variables, operationName, viewer }), { ...failing, query: smaller, document })
    );
  });
  const { text, result, statements } = await compare({ document: parse(query), variables, operationName, viewer });
  return [
    `${problem}; seed ${seed}, case ${caseSeed}, asked by ${asker}`,
    query,
    `variables: ${JSON.stringify(variables)}`,
    `operationName: ${JSON.stringify(operationName)}`,
    `statements: ${statements}`,
    `pass-through: ${text}`,
    `graphql-js:   ${result}`,
  ].join('\n');
}

test(
  `pass-through and graphql-js give the same over ${operations} random operations`,
  async () => {
    const counts = { operations: 0, refused: 0, compared: 0, clean: 0, passed: 0 };
    const passedRoots = new Set<string>();
    const problems: string[] = [];
    const checks: [string, (compared: Compared, one: Case) => boolean][] = [
      ['The answers differ', ({ differs }) => differs],
      ['Fell back without a reason', ({ passed, clean }, one) => clean && !passed && !hasReason(one)],
      [
        'Took too many statements',
        // What a resolver of an object reads is its own affair: the documents of a saved view are a list for each.
        ({ passed, statements }, one) =>
          passed && statements > 1 && statements > mostStatements(one) && !hasReason(one),
      ],
    ];
    const planned = Object.values(schema.getQueryType()?.getFields() ?? {})
      .filter((field) => field.extensions['planned'])
      .map(({ name }) => name);
    // Few may ask for some roots: until each has passed once, the operations go on, twice as many at most.
    const isEnough = (): boolean =>
      counts.operations >= operations * (planned.every((name) => passedRoots.has(name)) ? 1 : 2);
    let next = 0;
    const work = async (): Promise<void> => {
      while (!isEnough() && problems.length < 3) {
        const caseSeed = seed + (next += 1);
        const cases = casesOf(caseSeed);
        if (cases.length) counts.operations += 1;
        else counts.refused += 1;
        for (const one of cases) {
          const compared = await compare(one);
          counts.compared += 1;
          if (compared.clean) counts.clean += 1;
          if (compared.passed) {
            counts.passed += 1;
            for (const { name } of rootsOf(one.document, operationOf(one))) passedRoots.add(name.value);
          }
          for (const [problem, isBad] of checks)
            if (isBad(compared, one)) problems.push(await report(one, caseSeed, problem, isBad));
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(problems.join('\n\n')).toBe('');
    // What is compared must be worth it: most is allowed and nearly all of that is planned.
    const figures = JSON.stringify(counts);
    expect(counts.refused / counts.operations, figures).toBeLessThan(0.2);
    expect(counts.clean / counts.compared, figures).toBeGreaterThan(0.55);
    expect(counts.passed / counts.clean, figures).toBeGreaterThan(0.8);
    expect([...passedRoots].toSorted()).toEqual(planned.toSorted());
  },
  isLong ? 600_000 : 120_000,
);

test('whoever comes in by a door gets the same whether the pass-through is on or off', async () => {
  const off = await startTestServer({ now, env: { PASS_THROUGH: 'off' } });
  try {
    // The same rows with the same keys, and secrets of its own.
    await hold(off);
    const others = (await fillFirm(off, seed)).askers;
    // The uses of API keys are counted, each server at times of its own.
    const comparable = [...others.keys()].filter((i) => !others[i]?.name.startsWith('API key'));
    await off.app.consumers.caughtUp();
    const random = new Random(seed);
    const lists = [
      '/kdocs/api/documents',
      '/kdocs/api/documents/trash',
      '/kdocs/api/tags',
      '/kdocs/api/correspondents',
      '/kdocs/api/document-types',
      '/kdocs/api/custom-fields',
      '/kdocs/api/saved-views',
      '/kdocs/api/notifications',
      '/kdocs/api/validation/pending',
      '/kdocs/api/roles',
      '/v1/users',
      '/v1/invoices',
      '/admin/users',
      '/admin/roles',
      '/admin/permissions',
      '/api/utilisateurs',
      '/api/api-keys',
      '/api/audit/logs',
      '/auth/me',
      '/v1/users/me',
    ];
    const rows = [
      '/kdocs/api/documents',
      '/kdocs/api/tags',
      '/kdocs/api/correspondents',
      '/kdocs/api/saved-views',
      '/v1/users',
      '/v1/invoices',
      '/admin/users',
      '/admin/roles',
      '/api/utilisateurs',
    ];
    const pathOf = (): string =>
      random.chance(0.5)
        ? random.pick(lists)
        : `${random.pick(rows)}/${random.pick(['1', '2', '3', '5', '8', '99', 'x'])}`;
    const headersOf = ({ credential }: Asker): Record<string, string> =>
      credential && 'bearer' in credential ? { authorization: `Bearer ${credential.bearer}` } : {};
    let answered = 0;
    for (let i = 0; i < 200; i += 1) {
      const { query, variables, operationName } = randomOperation(source, random);
      const asker = random.pick(comparable);
      const isRest = random.chance(0.4);
      const path = isRest ? pathOf() : '/graphql';
      const logged = server.log.length;
      const [on, without] = await Promise.all(
        [
          { server, asker: firm.askers[asker] },
          { server: off, asker: others[asker] },
        ].map(async (at) => {
          const options = {
            headers: { ...headersOf(at.asker as Asker), 'x-request-id': `req_same_${i}` },
            ...(!isRest && { json: { query, variables, operationName } }),
          };
          const { status, text } = await at.server.request(isRest ? 'GET' : 'POST', path, options);
          // Some dialects say in an error when it was.
          return { status, text: text.replace(/"timestamp":"[^"]+"/, '') };
        }),
      );
      if (on?.status === 200) answered += 1;
      expect(on, `${path} ${query} ${JSON.stringify(variables)}, asked by ${firm.askers[asker]?.name}`).toEqual(
        without,
      );
      // No command stores some of the values here, and a dialect's shape refuses them.
      const isUnshowable = isRest && server.log.slice(logged).some((line) => line.includes('"type":"ZodError"'));
      if (!isUnshowable)
        expect(on?.status, `${path} ${query} ${JSON.stringify(variables)}: ${on?.text}`).toBeLessThan(500);
    }
    expect(answered).toBeGreaterThan(100);
  } finally {
    await off.stop();
  }
}, 120_000);
