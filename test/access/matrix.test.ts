import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getIntrospectionQuery, type IntrospectionObjectType, type IntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { dialects } from '../../src/dialects.js';
import { type Answer, startTestServer, type TestServer } from '../support/harness.js';
import { objects } from './objects.js';
import { casting, type Column, columns, credentialOf, type Headers, presentsEndedCookie } from './people.js';
import type { GraphqlAnswer, GraphqlRow, RestRow, Stage, SubscriptionAnswer, SubscriptionRow } from './row.js';
import { archidriveRows } from './rows/archidrive.js';
import { budgetRows } from './rows/budget.js';
import { accountMutationRows } from './rows/graphql-accounts.js';
import { credentialMutationRows } from './rows/graphql-credentials.js';
import { documentMutationRows } from './rows/graphql-documents.js';
import { queryRows, subscriptionRows } from './rows/graphql-queries.js';
import { kdocsRows } from './rows/kdocs.js';
import { smartleakproRows } from './rows/smartleakpro.js';
import { xcoreRows } from './rows/xcore.js';
import { stateOf } from './state.js';

const restRows: Record<string, RestRow> = { ...xcoreRows, ...archidriveRows, ...kdocsRows, ...budgetRows, ...smartleakproRows };
const mutationRows: Record<string, GraphqlRow> = { ...credentialMutationRows, ...accountMutationRows, ...documentMutationRows };

let server: TestServer;
let people: ReturnType<typeof casting>;
let make: Stage['make'];
let state: () => Promise<Record<string, string>>;
beforeAll(async () => {
  server = await startTestServer();
  people = casting(server);
  make = objects(server, (name, text) => writeFile(join(server.ingestDir, name), text));
  state = await stateOf(server);
});
afterAll(() => server?.stop());

describe('nothing is missing', () => {
  const idle = { health: async () => ({ database: true, redis: true, disk: true }), metrics: async () => '', version: '', startedAt: new Date(0) };
  test('every route of every dialect has a row, and every row a route', () => {
    const routes = dialects(idle).flatMap(({ prefix, routes }) => routes.map(({ method, path }) => `${method.toUpperCase()} ${prefix}${path}`));
    expect(Object.keys(restRows).toSorted()).toEqual(routes.toSorted());
  });

  test('every root field of the schema that is served has a row, and every row a field', async () => {
    const { data } = await server.graphql(getIntrospectionQuery(), {}, server.admin.token);
    const { queryType, mutationType, subscriptionType, types } = (data as IntrospectionQuery).__schema;
    const fieldsOf = (name: string | undefined): string[] =>
      (types.find((type) => type.name === name) as IntrospectionObjectType).fields.map((field) => field.name).toSorted();
    expect(Object.keys(queryRows).toSorted()).toEqual(fieldsOf(queryType.name));
    expect(Object.keys(mutationRows).toSorted()).toEqual(fieldsOf(mutationType?.name));
    expect(Object.keys(subscriptionRows).toSorted()).toEqual(fieldsOf(subscriptionType?.name));
  });

  test.each(Object.entries({ ...restRows, ...queryRows, ...mutationRows, ...subscriptionRows }))('%s has an answer for every column', (_name, { expect: cells }) => {
    expect(Object.keys(cells).toSorted()).toEqual(columns.toSorted());
  });
});

/** What a cell answered, and where it must show the object or not. */
interface Outcome {
  code: number | string;
  text: string;
}

interface Plan {
  row: Pick<RestRow, 'who' | 'otherWho' | 'usesUp' | 'without'>;
  expectedOf: (column: Column) => number | string;
  changes: boolean;
  succeeds: (expected: number | string) => boolean;
  /** Makes the object, and answers how to ask for it with a credential. */
  prepare: (stage: Stage) => Promise<{ ask: (headers: Headers) => Promise<Outcome>; shows: string | undefined }>;
  /** Of the row in the list. */
  turn: number;
}

/**
 * Asks for all columns. Those that are refused, and those whose success changes nothing, share one object, and the
 * database must be the same after them; each of the others gets a fresh object, and the right person changes something.
 */
async function play({ row, expectedOf, changes, succeeds, prepare, turn }: Plan): Promise<void> {
  const shared = row.usesUp ? undefined : await people.cast(row);
  const stageOf = async (): Promise<Stage> => ({ ...(shared ?? (await people.fresh(row))), server, make });
  const isIdle = (column: Column): boolean => !changes || !succeeds(expectedOf(column)) || (row.without?.includes(column) ?? false);
  const actual: Record<string, number | string> = {};
  const expected: Record<string, number | string> = {};

  const judge = (column: Column, name: string, { code, text }: Outcome, shows: string | undefined): void => {
    actual[name] = code;
    expected[name] = expectedOf(column);
    if (shows === undefined) return;
    const isShown = succeeds(expectedOf(column)) && expectedOf(column) !== 'null' && !row.without?.includes(column);
    expect.soft(text.includes(shows), `${name} ${isShown ? 'sees' : 'does not see'} the object in ${text.slice(0, 500)}`).toBe(isShown);
  };

  const stage = await stageOf();
  const { ask, shows } = await prepare(stage);
  const idle = await Promise.all(columns.filter(isIdle).map(async (column) => ({ column, ...(await credentialOf(column, stage, { server, turn })) })));
  const before = await state();
  const outcomes = await Promise.all(idle.map(({ headers }) => ask(headers)));
  const after = await state();
  idle.forEach(({ column, name }, i) => judge(column, name, outcomes[i] as Outcome, shows));

  for (const column of columns.filter((c) => !isIdle(c))) {
    const own = await stageOf();
    const prepared = await prepare(own);
    const { name, headers } = await credentialOf(column, own, { server, turn });
    const unchanged = column === 'right' ? await state() : undefined;
    judge(column, name, await prepared.ask(headers), prepared.shows);
    if (unchanged) expect.soft(await state(), `${name} changes something`).not.toEqual(unchanged);
  }
  expect.soft(actual).toEqual(expected);
  expect.soft(after, `what ${idle.map(({ name }) => name).join(', ')} asked changes nothing`).toEqual(before);
}

describe('REST', () => {
  test.each(Object.entries(restRows).map(([name, row], turn) => ({ name, row, turn })))('$name', async ({ name, row, turn }) => {
    const method = name.split(' ')[0] as string;
    await play({
      row,
      turn,
      expectedOf: (column) => row.expect[column],
      changes: row.changes ?? method !== 'GET',
      succeeds: (status) => Number(status) < 400,
      prepare: async (stage) => {
        const { path, shows, ...options } = await row.request(stage);
        return {
          shows,
          ask: async (headers) => {
            const { status, text } = await server.request(method, path, { ...options, headers: { ...options.headers, ...headers } });
            return { code: status, text };
          },
        };
      },
    });
  });
});

const codeOf = ({ status, json, text }: Answer, field: string): GraphqlAnswer => {
  const { data, errors } = json ?? {};
  if (errors?.length) return errors[0].extensions?.code;
  if (!data) throw new Error(`GraphQL answered ${status}: ${text}`);
  return data[field] === null ? 'null' : 'ok';
};

describe('GraphQL', () => {
  const rows: (readonly [string, GraphqlRow, boolean])[] = [
    ...Object.entries(queryRows).map(([name, row]) => [name, row, false] as const),
    ...Object.entries(mutationRows).map(([name, row]) => [name, row, true] as const),
  ];
  test.each(rows.map(([name, row, isMutation], turn) => ({ name, row, isMutation, turn })))('$name', async ({ name, row, isMutation, turn }) => {
    await play({
      row,
      turn,
      expectedOf: (column) => row.expect[row.signsIn && presentsEndedCookie(column, turn) ? 'none' : column],
      changes: row.changes ?? isMutation,
      succeeds: (answer) => answer === 'ok' || answer === 'null',
      prepare: async (stage) => {
        const variables = (await row.variables?.(stage)) ?? {};
        return {
          shows: row.shows?.(variables),
          ask: async (headers) => {
            const answer = await server.request('POST', '/graphql', { json: { query: row.document, variables }, headers });
            return { code: codeOf(answer, name), text: answer.text };
          },
        };
      },
    });
  });
});

describe('subscriptions', () => {
  /** The credential goes in `connectionParams`, or, being a cookie, in the headers of the upgrade. */
  function clientFor({ authorization, cookie, 'x-api-key': apiKey }: Headers) {
    class Socket extends WebSocket {
      constructor(url: string, protocols: string | string[]) {
        super(url, protocols, { headers: cookie ? { cookie } : {} });
      }
    }
    return createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams: { ...(authorization && { authorization }), ...(apiKey && { apiKey }) },
      retryAttempts: 0,
    });
  }

  async function hear(row: SubscriptionRow, column: Column, turn: number): Promise<{ name: string; answer: SubscriptionAnswer }> {
    const stage: Stage = { ...(await people.cast(row)), server, make };
    const { name, headers } = await credentialOf(column, stage, { server, turn });
    const [last] = await server.sql('select coalesce(max(position), 0)::text as position from events');
    const wanted = await row.happen(stage, stage.right);
    // What the listener surely hears comes later: until then the other must have come, or it never will.
    const mark = await row.happen(stage, column === 'other' || column === 'admin' ? stage[column] : stage.right);
    const client = clientFor(headers);
    try {
      let isHeard = false;
      for await (const event of client.iterate({ query: row.document, variables: { after: last.position } })) {
        const text = JSON.stringify(event);
        isHeard ||= text.includes(wanted);
        if (text.includes(mark)) break;
      }
      return { name, answer: isHeard ? 'ok' : 'silent' };
    } catch (error) {
      if ((error as CloseEvent).code !== 4403) throw error;
      return { name, answer: 'closed' };
    } finally {
      await client.dispose();
    }
  }

  test.each(Object.entries(subscriptionRows))('%s', async (_name, row) => {
    for (const [turn, column] of columns.entries()) {
      const { name, answer } = await hear(row, column, turn);
      expect.soft([name, answer]).toEqual([name, row.expect[column]]);
    }
  });
});
