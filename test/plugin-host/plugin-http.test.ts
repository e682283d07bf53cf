import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayReach } from '../../src/plugin-host/host-requests.js';
import { openPluginHttp, type PluginHttp } from '../../src/plugin-host/plugin-http.js';

let server: Server;
let url: string;
let http: PluginHttp;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/away') return void response.writeHead(302, { location: 'http://other.example/' }).end();
    if (request.url === '/long') return void response.end(Buffer.alloc(2 ** 20 + 1));
    response.setHeader('x-method', request.method ?? '').end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = openPluginHttp({ allowPrivate: ['127.0.0.1'] });
});
afterAll(async () => {
  await http.close();
  await new Promise((resolve) => server.close(resolve));
});

test('answers come whole, redirects are not followed, and what is too long is refused', async () => {
  expect(await http.send({ url, method: 'PUT', body: 'x' })).toMatchObject({
    status: 200,
    headers: { 'x-method': 'PUT' },
    body: 'hello',
  });
  const moved = await http.send({ url: `${url}/away` });
  expect([moved.status, moved.headers['location']]).toEqual([302, 'http://other.example/']);
  await expect(http.send({ url: `${url}/long` })).rejects.toThrow('longer than 1048576 bytes');
  await expect(http.send({ url, headers: { Host: 'other' } })).rejects.toThrow('does not set the header Host');
});

test('addresses that are not public are refused, by number and by name', async () => {
  const strict = openPluginHttp({ allowPrivate: [], addressesOf: async () => [{ address: '10.0.0.1', family: 4 }] });
  for (const where of [url, 'http://[::1]/', 'http://metadata.example/'])
    await expect(strict.send({ url: where })).rejects.toThrow('The address of the host is not public');
  await strict.close();
});

test('a grant names a host, or every host below one', () => {
  const grants = ['http:api.example.org', 'http:*.example.com', 'storage'];
  expect(mayReach('api.example.org', grants)).toBe(true);
  expect(mayReach('a.b.example.com', grants)).toBe(true);
  for (const host of ['example.org', 'example.com', 'notexample.com', 'api.example.org.evil.net', 'storage'])
    expect(mayReach(host, grants)).toBe(false);
});
