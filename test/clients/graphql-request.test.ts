import { gql, GraphQLClient } from 'graphql-request';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

test('graphql-request: a query with its defaults, and the error of one that is refused', async () => {
  const query = gql`
    query Me {
      viewer {
        username
      }
    }
  `;
  const client = (token: string): GraphQLClient =>
    new GraphQLClient(`${server.url}/graphql`, { headers: { authorization: `Bearer ${token}` } });
  expect(await client(server.admin.token).request(query)).toEqual({ viewer: { username: server.admin.username } });
  await expect(client('nonsense').request(query)).rejects.toMatchObject({
    response: { status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  });
});
