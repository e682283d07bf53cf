import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

test('an empty list', async () => {
  const answer = await server.graphql('{ documents { totalCount nodes { id tags { name } type { label } owner { username } } pageInfo { hasNextPage } } }', {}, server.admin.token);
  expect(answer).toEqual({ status: 200, data: { documents: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } } });
});
