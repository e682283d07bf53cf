import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sendStream } from '../../../src/rest/engine/stream.js';

async function serve(parts: AsyncIterable<string>): Promise<{ url: string; sent: Promise<unknown> }> {
  const sent = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    sendStream(request, response, { name: 'a.csv', mimeType: 'text/csv', parts }).then(sent.resolve, sent.resolve);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent: sent.promise };
}

test('parts are made as the client takes them, and no more when it goes', async () => {
  let made = 0;
  const ended = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) {
        made += 1;
        yield 'x'.repeat(100_000);
      }
    } finally {
      ended.resolve();
    }
  }
  const { url, sent } = await serve(endless());
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.csv"');
  await response.body?.getReader().read();
  abort.abort();
  await ended.promise;
  expect(await sent).toBeUndefined();
  // What the sockets hold, and not all that there is.
  expect(made).toBeLessThan(1000);
});

test('a part that cannot be made closes the connection, so that a beginning does not pass for the whole', async () => {
  async function* broken(): AsyncGenerator<string> {
    yield 'id;amount\n';
    throw new Error('The database is gone');
  }
  const { url, sent } = await serve(broken());
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect(await sent).toMatchObject({ message: 'The database is gone' });
});

test('HEAD makes nothing', async () => {
  let made = 0;
  async function* parts(): AsyncGenerator<string> {
    made += 1;
    yield 'x';
  }
  const { url } = await serve(parts());
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect(made).toBe(0);
});
