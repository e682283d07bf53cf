import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const ask = (token: string, sql = true) =>
  server.request('POST', '/graphql', {
    token,
    headers: sql ? { 'x-graphql-sql': 'include' } : {},
    json: { query: '{ documents(first: 3) { nodes { title } } users(first: 3) { nodes { username } } }' },
  });

test('X-GraphQL-SQL shows an administrator each statement of the operation, its time and its rows', async () => {
  for (let time = 0; time < 2; time += 1) {
    const { json } = await ask(server.admin.token);
    const { statements, more } = json.extensions.sql;
    expect(more).toBe(0);
    const tables = statements.map(({ text }: { text: string }) => /from (\w+)/.exec(text)?.[1]).toSorted();
    expect(tables).toEqual(['documents', 'users']);
    expect(statements.map(({ rows }: { rows: number }) => rows).toSorted()).toEqual([0, 1]);
    expect(statements.every(({ durationMs }: { durationMs: number }) => durationMs >= 0)).toBe(true);
  }
});

test('nobody else, and nobody who did not ask', async () => {
  const { token } = await server.person();
  expect((await ask(token)).json).not.toHaveProperty('extensions');
  expect((await ask(server.admin.token, false)).json).toEqual({ data: expect.anything() });
});

test('requests at the same time do not see one another', async () => {
  const { token } = await server.person();
  const [shown] = await Promise.all([ask(server.admin.token), ...Array.from({ length: 10 }, () => ask(token))]);
  const alone = await ask(server.admin.token);
  expect(shown?.json.extensions.sql.statements.length).toBe(alone.json.extensions.sql.statements.length);
});
