import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curlOf } from '../../web/curl-samples.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

const run = promisify(execFile);
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

interface Sample {
  operationId: string;
  method: string;
  command: string;
}

function samplesOf(document: any): Sample[] {
  return Object.entries<any>(document.paths).flatMap(([path, operations]) =>
    Object.entries<any>(operations).map(([method, operation]) => ({
      operationId: operation.operationId,
      method,
      command: curlOf(document, { path, method, operation }),
    })),
  );
}

test('each operation of the documents has a command that a shell takes, with its method and a whole address', async () => {
  const samples = readdirSync('schema/rest')
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => samplesOf(JSON.parse(readFileSync(join('schema/rest', name), 'utf8'))));
  expect(samples.length).toBeGreaterThan(300);
  // Prints what curl would be given: an argument a line, a blank line after each command.
  const script = [`curl() { printf '%s\\n' "$@" | tr '\\n' '\\t'; echo; }`, ...samples.map(({ command }) => command)];
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script.join('\n')], {
    env: { ...process.env, TOKEN: 'secret' },
    maxBuffer: 16 * 1024 * 1024,
  });
  const calls = stdout.trimEnd().split('\n');
  expect(calls).toHaveLength(samples.length);
  for (const [index, { operationId, method }] of samples.entries()) {
    const args = calls[index]?.split('\t') ?? [];
    const address = args.find((arg) => arg.startsWith('/')) ?? '';
    expect(address, operationId).not.toMatch(/[{}\s]|undefined|null|object/);
    const given = args.includes('-X')
      ? args[args.indexOf('-X') + 1]
      : args.some((arg) => /^(-d|-F|--data)/.test(arg))
        ? 'POST'
        : 'GET';
    expect(given, operationId).toBe(method.toUpperCase());
    if (args.includes('-d')) expect(() => JSON.parse(args[args.indexOf('-d') + 1] ?? '')).not.toThrow();
  }
});

test('the commands work as they are shown', async () => {
  const { json: document } = await server.request('GET', '/core-docs/kdocs.json');
  // The test's server takes whatever port is free.
  document.servers[0].url = `${server.url}/kdocs/api`;
  const samples = samplesOf(document);
  const answerOf = async (operationId: string): Promise<any> => {
    const command = samples.find((sample) => sample.operationId === operationId)?.command.replace('curl', 'curl -s');
    const { stdout } = await run('bash', ['-c', command ?? ''], { env: { ...process.env, TOKEN: person.token } });
    return JSON.parse(stdout);
  };
  expect(await answerOf('createTag')).toMatchObject({ success: true, data: { id: expect.any(Number) } });
  expect(await answerOf('listTags')).toMatchObject({ success: true, data: [{ id: expect.any(Number) }] });
  expect(await answerOf('listDocuments')).toMatchObject({ success: true });
});
