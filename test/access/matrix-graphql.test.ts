import { getIntrospectionQuery, type IntrospectionObjectType, type IntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Answer, RequestOptions } from '../support/harness.js';
import { type Column, columns, credentialOf, type Headers, presentsEndedCookie } from './people.js';
import { openTheatre, play, type Theatre } from './play.js';
import type { GraphqlAnswer, GraphqlRow, Stage, SubscriptionAnswer, SubscriptionRow } from './row.js';
import { accountMutationRows } from './rows/graphql-accounts.js';
import { approvalMutationRows, approvalQueryRows } from './rows/graphql-approvals.js';
import { bankingMutationRows, bankingQueryRows } from './rows/graphql-banking.js';
import { clientMutationRows, clientQueryRows } from './rows/graphql-clients.js';
import { credentialMutationRows } from './rows/graphql-credentials.js';
import { documentMutationRows } from './rows/graphql-documents.js';
import { extraMutationRows, extraQueryRows } from './rows/graphql-extras.js';
import { integrationMutationRows, integrationQueryRows } from './rows/graphql-integrations.js';
import { interventionMutationRows, interventionQueryRows } from './rows/graphql-interventions.js';
import { mediaMutationRows, mediaQueryRows } from './rows/graphql-media.js';
import { monitoringMutationRows, monitoringQueryRows } from './rows/graphql-monitoring.js';
import { noticeMutationRows, noticeQueryRows } from './rows/graphql-notices.js';
import { planningMutationRows, planningQueryRows } from './rows/graphql-planning.js';
import { pluginMutationRows, pluginQueryRows } from './rows/graphql-plugins.js';
import { queryRows as accountQueryRows } from './rows/graphql-queries.js';
import { reportMutationRows, reportQueryRows } from './rows/graphql-reports.js';
import { subscriptionRows } from './rows/graphql-subscriptions.js';
import { supplierInvoiceMutationRows, supplierInvoiceQueryRows } from './rows/graphql-supplier-invoices.js';
import { taskMutationRows, taskQueryRows } from './rows/graphql-tasks.js';
import { webhookMutationRows, webhookQueryRows } from './rows/graphql-webhooks.js';

const queryRows: Record<string, GraphqlRow> = {
  ...accountQueryRows,
  ...approvalQueryRows,
  ...noticeQueryRows,
  ...bankingQueryRows,
  ...clientQueryRows,
  ...planningQueryRows,
  ...supplierInvoiceQueryRows,
  ...extraQueryRows,
  ...webhookQueryRows,
  ...monitoringQueryRows,
  ...pluginQueryRows,
  ...taskQueryRows,
  ...integrationQueryRows,
  ...mediaQueryRows,
  ...interventionQueryRows,
  ...reportQueryRows,
};
const mutationRows: Record<string, GraphqlRow> = {
  ...credentialMutationRows,
  ...accountMutationRows,
  ...documentMutationRows,
  ...approvalMutationRows,
  ...noticeMutationRows,
  ...bankingMutationRows,
  ...clientMutationRows,
  ...taskMutationRows,
  ...planningMutationRows,
  ...supplierInvoiceMutationRows,
  ...extraMutationRows,
  ...webhookMutationRows,
  ...monitoringMutationRows,
  ...integrationMutationRows,
  ...pluginMutationRows,
  ...mediaMutationRows,
  ...interventionMutationRows,
  ...reportMutationRows,
};

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre();
});
afterAll(() => theatre?.server.stop());

describe('nothing is missing', () => {
  test('every root field of the schema that is served has a row, and every row a field', async () => {
    const { data } = await theatre.server.graphql(getIntrospectionQuery(), {}, theatre.server.admin.token);
    const { queryType, mutationType, subscriptionType, types } = (data as IntrospectionQuery).__schema;
    const fieldsOf = (name: string | undefined): string[] =>
      (types.find((type) => type.name === name) as IntrospectionObjectType).fields
        .map((field) => field.name)
        .toSorted();
    expect(Object.keys(queryRows).toSorted()).toEqual(fieldsOf(queryType.name));
    expect(Object.keys(mutationRows).toSorted()).toEqual(fieldsOf(mutationType?.name));
    expect(Object.keys(subscriptionRows).toSorted()).toEqual(fieldsOf(subscriptionType?.name));
  });

  test.each(Object.entries({ ...queryRows, ...mutationRows, ...subscriptionRows }))(
    '%s has an answer for every column',
    (_name, { expect: cells }) => {
      expect(Object.keys(cells).toSorted()).toEqual(columns.toSorted());
    },
  );
});

const codeOf = ({ status, json, text }: Answer, field: string): GraphqlAnswer => {
  const { data, errors } = json ?? {};
  if (errors?.length) return errors[0].extensions?.code;
  if (!data) throw new Error(`GraphQL answered ${status}: ${text}`);
  return data[field] === null ? 'null' : 'ok';
};

/** As JSON, or by the multipart request specification when there are files among the variables. */
function requestOf(query: string, variables: object, headers: Headers): RequestOptions {
  const files: { path: string; file: File }[] = [];
  const withoutFiles = (value: unknown, path: string): unknown => {
    if (value instanceof File) {
      files.push({ path, file: value });
      return null;
    }
    if (Array.isArray(value)) return value.map((inner, i) => withoutFiles(inner, `${path}.${i}`));
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, withoutFiles(inner, `${path}.${key}`)]),
    );
  };
  const operations = { query, variables: withoutFiles(variables, 'variables') };
  if (!files.length) return { json: operations, headers };
  const body = new FormData();
  body.set('operations', JSON.stringify(operations));
  body.set('map', JSON.stringify(Object.fromEntries(files.map(({ path }, i) => [i, [path]]))));
  files.forEach(({ file }, i) => body.set(String(i), file));
  return { body, headers: { ...headers, 'apollo-require-preflight': 'yes' } };
}

describe('GraphQL', () => {
  const rows: (readonly [string, GraphqlRow, boolean])[] = [
    ...Object.entries(queryRows).map(([name, row]) => [name, row, false] as const),
    ...Object.entries(mutationRows).map(([name, row]) => [name, row, true] as const),
  ];
  test.each(rows.map(([name, row, isMutation], turn) => ({ name, row, isMutation, turn })))(
    '$name',
    async ({ name, row, isMutation, turn }) => {
      await play(theatre, {
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
              const answer = await theatre.server.request(
                'POST',
                '/graphql',
                requestOf(row.document, variables, headers),
              );
              return { code: codeOf(answer, name), text: answer.text };
            },
          };
        },
      });
    },
  );
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
      url: `${theatre.server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams: { ...(authorization && { authorization }), ...(apiKey && { apiKey }) },
      retryAttempts: 0,
    });
  }

  async function hear(
    row: SubscriptionRow,
    column: Column,
    turn: number,
  ): Promise<{ name: string; answer: SubscriptionAnswer }> {
    const { server, people, make } = theatre;
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
        if (event.errors?.[0]?.extensions?.['code'] === 'FORBIDDEN') return { name, answer: 'FORBIDDEN' };
        const text = JSON.stringify(event);
        isHeard ||= text.includes(wanted);
        if (text.includes(mark)) break;
      }
      return { name, answer: isHeard ? 'ok' : 'silent' };
    } catch (error) {
      if (![4401, 4403].includes((error as CloseEvent).code)) throw error;
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
