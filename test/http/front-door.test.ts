import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

/** Sends the request line as it is, which `fetch` would put in order. */
function ask(line: string, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), new URL(server.url).hostname);
    socket
      .on('data', (chunk: Buffer) => (answer += chunk.toString()))
      .on('close', () => resolve(answer))
      .on('error', reject);
    socket.write(`${line} HTTP/1.1\r\nHost: passerelle\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`);
  });
}

let asked = 0;
test.each([
  ['GET /', 200, 'text/html'],
  ['GET //', 200, 'text/html'],
  ['GET http://passerelle', 200, 'text/html'],
  ['GET /CORE-DOCS/', 200, 'text/html'],
  ['GET /core-docs/kdocs.json', 200, 'application/json'],
  ['GET /core-docs/none.json', 404, 'application/json'],
  ['GET /Static/%zz', 404, 'text/html'],
  ['GET /static-none', 404, 'application/json'],
  ['POST /', 404, 'application/json'],
  ['GET /GraphQL?query={__typename}', 400, 'application/json'],
  ['PUT /graphql', 400, 'application/json'],
  ['GET /health', 200, 'application/json'],
  ['GET http://passerelle/health?x=1', 200, 'application/json'],
  ['GET /HEALTH', 404, 'application/json'],
  ['GET /kdocs/login', 200, 'text/html'],
  ['GET /kdocs/apix', 404, 'application/json'],
  ['GET /kdocs/api/t%61gs', 404, 'application/json'],
  ['GET /%zz', 400, 'application/json'],
  ['OPTIONS *', 404, 'application/json'],
  ['PROPFIND /health', 405, 'application/json'],
])('%s is %i in %s, under an id and the headers that keep it to itself', async (line, status, type) => {
  const id = `door-${(asked += 1)}.`;
  const answer = await ask(line, id);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(new RegExp(`\r\ncontent-type: ${type}`, 'i'));
  expect(answer).toContain(`\r\nX-Request-Id: ${id}\r\n`);
  expect(answer).toContain("\r\nContent-Security-Policy: default-src 'none'");
  expect(answer).not.toMatch(/x-powered-by/i);
  await expect
    .poll(() => server.log.filter((text) => text.includes(`"requestId":"${id}"`) && text.includes('"msg":"request"')))
    .toHaveLength(1);
});
