import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { createLogger } from '@stoplight/prism-core';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { createServer as createPrism } from '@stoplight/prism-http-server';
import spectral from '@stoplight/spectral-core';
import { Json } from '@stoplight/spectral-parsers';
import { oas } from '@stoplight/spectral-rulesets';
import openapiTs, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { startTestServer } from '../support/harness.js';

const documentOf = (dialect: string): Promise<string> => readFile(`schema/rest/${dialect}.json`, 'utf8');
const dialects = ['archidrive', 'budget', 'kdocs', 'smartleakpro', 'xcore'];

describe.each(dialects)('the OpenAPI document of %s', (dialect) => {
  test('is clean by all rules that Spectral has for OpenAPI', async () => {
    const linter = new spectral.Spectral();
    linter.setRuleset({ extends: [oas as never] });
    const found = await linter.run(new spectral.Document(await documentOf(dialect), Json, dialect));
    expect(found.map(({ code, message, path }) => `${code} ${path.join('/')}: ${message}`)).toEqual([]);
  });

  test("is clean by Redocly's recommended rules", async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const found = await lintFromString({ source: await documentOf(dialect), config });
    const problems = found.map(({ ruleId, message, location }) => ({
      ruleId,
      says: `${location[0]?.pointer}: ${message}`,
    }));
    // K-Docs' own document has /validation/can-validate/{id} beside /validation/{id}/…, and consumers of SmartLeakPro call
    // /webhooks/trigger/{event_type} beside /webhooks/{id}/…; fixed segments win.
    const given = ['`/validation/can-validate/{documentId}`', '`/webhooks/trigger/{event_type}`'];
    const byContract = problems.filter(
      ({ ruleId, says }) => ruleId === 'no-ambiguous-paths' && given.some((path) => says.includes(path)),
    );
    expect(problems.filter((problem) => !byContract.includes(problem))).toEqual([]);
    expect(byContract.length > 0).toBe(dialect === 'kdocs' || dialect === 'smartleakpro');
  });

  test('becomes types of openapi-typescript that compile strictly, with a client that uses them', async () => {
    const types = astToString(await openapiTs(await documentOf(dialect)));
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-openapi-'));
    try {
      const file = join(folder, 'api.ts');
      await writeFile(file, types + (uses[dialect] ?? ''));
      const program = ts.createProgram([file], {
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        target: ts.ScriptTarget.ES2022,
        noEmit: true,
        types: [],
      });
      const problems = ts.getPreEmitDiagnostics(program);
      expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test.each(dialects)('the types of %s in our own client say what those of openapi-typescript say', async (dialect) => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-openapi-'));
  try {
    const theirs = astToString(await openapiTs(await documentOf(dialect), { defaultNonNullable: false }));
    await writeFile(join(folder, 'theirs.ts'), theirs);
    await cp(`packages/client/src/rest/${dialect}.gen.ts`, join(folder, 'ours.ts'));
    const file = join(folder, 'same.ts');
    await writeFile(file, sameTypes);
    const program = ts.createProgram([file], {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noEmit: true,
      types: [],
    });
    const problems = ts.getPreEmitDiagnostics(program);
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Both ways for each part, so that neither may say less than the other. */
const sameTypes = `
  import type * as Ours from './ours';
  import type * as Theirs from './theirs';
  export const ours: Pick<Ours.components, keyof Theirs.components> = null as unknown as Theirs.components;
  export const theirs: Pick<Theirs.components, keyof Ours.components> = null as unknown as Ours.components;
  export const ourPaths: Ours.paths = null as unknown as Theirs.paths;
  export const theirPaths: Theirs.paths = null as unknown as Ours.paths;
  export const ourOperations: Ours.operations = null as unknown as Theirs.operations;
  export const theirOperations: Theirs.operations = null as unknown as Ours.operations;
`;

/** Each compiles only when names and types are those that a reader expects. */
const uses: Record<string, string> = {
  kdocs: `
    type Answer = operations['listDocuments']['responses'][200]['content']['application/json'];
    export const titleOf = (answer: Answer): string => answer.data.map(({ title }) => title).join();
    export const tag: components['schemas']['CreateTagRequest'] = { name: 'Urgent' };
    export const path: operations['readDocument']['parameters']['path'] = { id: 1 };
    export const refusal: components['schemas']['Error'] = { error: true, message: 'Accès refusé' };
  `,
  archidrive: `
    export const due = (invoice: components['schemas']['Invoice']): number => invoice.total;
    export const path: operations['updateUser']['parameters']['path'] = { id: 1 };
  `,
};

/** Prism in front of the dialects of a server: what it finds wrong, while requests go through. */
async function prismInFrontOf(url: string, prefixes: Record<string, string>) {
  const violations: string[] = [];
  const seen: string[] = [];
  const prisms = await Promise.all(
    Object.entries(prefixes).map(async ([dialect, prefix]) => {
      const operations = await getHttpOperationsFromSpec(JSON.parse(await documentOf(dialect)));
      const prism = createPrism(operations, {
        cors: false,
        components: { logger: createLogger('prism', { level: 'silent' }) },
        config: {
          isProxy: true,
          upstream: new URL(`${url}${prefix}`),
          upstreamProxy: undefined,
          validateRequest: true,
          validateResponse: true,
          checkSecurity: true,
          errors: false,
          mock: { dynamic: false },
        },
      });
      return { prefix, prism, address: await prism.listen(0, '127.0.0.1') };
    }),
  );
  const front: Server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const by = prisms.find(({ prefix }) => path.startsWith(`${prefix}/`) && !path.startsWith('/graphql'));
    if (by) seen.push(`${incoming.method} ${path}`);
    forward(incoming, outgoing, by ? `${by.address}${path.slice(by.prefix.length)}` : `${url}${path}`, (found) =>
      violations.push(`${incoming.method} ${path}: ${found}`),
    );
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    violations,
    seen,
    stop: async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await Promise.all(prisms.map(({ prism }) => prism.close()));
    },
  };
}

/** Of a list that multipart carries Prism sees one part as no list. */
const isOnePart = ({ location, code }: { location?: string[]; code?: string }): boolean =>
  location?.join('.') === 'request.body.files' && code === 'type';

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: string,
  onViolations: (text: string) => void,
): void {
  const { host: _, ...headers } = incoming.headers;
  const onward = request(to, { method: incoming.method, headers }, (answer) => {
    const found = answer.headers['sl-violations'];
    const problems = (found ? JSON.parse(String(found)) : []).filter((each: object) => !isOnePart(each));
    if (problems.length > 0) onViolations(JSON.stringify(problems));
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

test('a Prism proxy finds the tour of the README as documented', { timeout: 120_000 }, async () => {
  const server = await startTestServer();
  const prism = await prismInFrontOf(server.url, {
    kdocs: '/kdocs/api',
    budget: '/api/v1',
    archidrive: '/v1',
    xcore: '',
  });
  try {
    const tour = (await readFile('README.md', 'utf8')).split('## Tour')[1]?.split('\n## ')[0] ?? '';
    const blocks = [...tour.matchAll(/```bash\n(.*?)```/gs)].map(([, block]) => block as string);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\necho\n')], {
      env: { ...process.env, BASE: prism.url },
    });
    const file = `${prism.url}/kdocs/api/documents/1/download`;
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(file, { headers: { authorization: `Bearer ${server.admin.token}`, ...headers } });
    const whole = await ask({});
    const etag = whole.headers.get('etag') ?? '';
    const others = [
      await ask({ range: 'bytes=0-9' }),
      await ask({ 'if-none-match': etag }),
      await ask({ range: 'bytes=9999999-' }),
    ];
    expect([whole, ...others].map(({ status }) => status)).toEqual([200, 206, 304, 416]);
    expect(prism.violations).toEqual([]);
    expect(prism.seen.length).toBeGreaterThanOrEqual(8);
    expect(stdout).toContain('"original_filename":"facture-edf.pdf"');
    expect(stdout).toContain('200 application/pdf');
    expect(stdout).toContain('200 application/zip');
  } finally {
    await prism.stop();
    await server.stop();
  }
});
