import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

const run = promisify(execFile);
const source = resolve('packages/client');
let folder: string;
let server: TestServer;
let person: Person;

/** An empty folder of somebody else's, with the package as npm packs it, and what it depends on. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-package-'));
  const [{ stdout }] = await Promise.all([
    run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source }),
    startTestServer().then(async (started) => {
      server = started;
      person = await server.person({ roles: ['manager'] });
    }),
  ]);
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf('[\n')))[0];
  const target = join(folder, 'node_modules/@passerelle/client');
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', join(folder, filename), '-C', target, '--strip-components=1']);
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(target, 'package.json'), 'utf8'));
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), 'openapi-typescript-helpers']) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve('node_modules', name), link);
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ ...process.env, BASE: server.url, TOKEN: person.token });

async function node(...args: string[]): Promise<string> {
  // Its dependencies are links, which must not lead out of the folder again.
  const { stdout } = await run(process.execPath, ['--preserve-symlinks', ...args], { cwd: folder, env: environment() });
  return stdout;
}

/** Throws with what the compiler says. */
async function compile(files: readonly string[]): Promise<void> {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    preserveSymlinks: true,
    types: [],
    target: 'es2023',
    module: 'nodenext',
    lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(resolve('node_modules/.bin/tsc'), ['-p', folder]).catch((error) => {
    throw new Error(error.stdout);
  });
}

const readme = await readFile(join(source, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block as string);

describe('the package', () => {
  test('has what its exports name, and nothing else', async () => {
    const target = join(folder, 'node_modules/@passerelle/client');
    const files = (await readdir(target, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(target.length + 1));
    expect(files).toContain('README.md');
    expect(files.filter((file) => !/^(?:package\.json|README\.md|dist\/.*\.(?:js|d\.ts|graphql))$/.test(file))).toEqual(
      [],
    );
    const { exports } = JSON.parse(await readFile(join(target, 'package.json'), 'utf8'));
    const named = Object.values(exports).flatMap((each) =>
      typeof each === 'string' ? [each] : Object.values(each as object),
    );
    for (const file of named) expect(files).toContain(file.slice(2));
    for (const file of files.filter((each) => each.endsWith('.js')))
      expect(await readFile(join(target, file), 'utf8'), file).not.toMatch(/from '(?:node:|fs|http|ws')|require\(/);
  });

  test('does what its README says', async () => {
    const programs = blocks('js');
    expect(programs.length).toBeGreaterThanOrEqual(4);
    for (const [index, program] of programs.entries()) await writeFile(join(folder, `readme-${index}.mjs`), program);
    const outputs = await Promise.all(programs.map((_, index) => node(`readme-${index}.mjs`)));
    const said = outputs.join('\n');
    expect(said).toContain(`signed in as ${person.username}`);
    expect(said).toContain('BAD_USER_INPUT name required');
    expect(said).toMatch(/filed \d+ note/);
    expect(said).toMatch(/DOCUMENT_CREATED \d+ at \d+/);
    expect(said).toMatch(/\d+ tags of K-Docs/);
  });

  test("types the operations that a program writes itself, by the README's settings", async () => {
    const { schema: schemaPath, generates } = JSON.parse(blocks('json')[0] as string);
    const [output, { plugins, config }] = Object.entries(generates)[0] as [string, any];
    expect(plugins).toEqual(['typescript-operations', 'typed-document-node']);
    const sdl = await readFile(join(folder, schemaPath), 'utf8');
    const document = parse(blocks('graphql')[0] as string);
    const text = await codegen({
      filename: output,
      schema: parse(sdl),
      schemaAst: buildSchema(sdl),
      documents: [{ location: 'own.graphql', document }],
      config,
      plugins: [{ operations: {} }, { documents: {} }],
      pluginMap: { operations: operationTypes, documents: typedDocuments },
    });
    const program = blocks('ts')[0] as string;
    await mkdir(dirname(join(folder, output)), { recursive: true });
    await writeFile(join(folder, output), text);
    await writeFile(join(folder, 'src/own.ts'), program.replace('process.env', '({} as Record<string, string>)'));
    await compile(['src/own.ts']);
    const wrong = program.replace("{ status: 'OVERDUE' }", "{ status: 'LATE' }");
    expect(wrong).not.toBe(program);
    await writeFile(join(folder, 'src/own.ts'), wrong.replace('process.env', '({} as Record<string, string>)'));
    await expect(compile(['src/own.ts'])).rejects.toThrow(/LATE/);
  });

  test('types the REST APIs by their documents', async () => {
    const uses = `
      import { createArchidriveClient } from '@passerelle/client/archidrive';
      import { createBudgetClient } from '@passerelle/client/budget';
      import { createKdocsClient } from '@passerelle/client/kdocs';
      import { createSmartleakproClient } from '@passerelle/client/smartleakpro';
      import { createXcoreClient, type components } from '@passerelle/client/xcore';
      const options = { url: 'http://127.0.0.1', token: async () => 't' };
      const { data, error } = await createKdocsClient(options).POST('/tags', { body: { name: 'Urgent' } });
      export const id: number | undefined = data?.data.id;
      export const message: string | undefined = error && 'message' in error ? error.message : undefined;
      const invoice = await createArchidriveClient(options).GET('/invoices/{id}', { params: { path: { id: 1 } } });
      export const total: number | undefined = invoice.data?.invoice.total;
      await createBudgetClient(options).GET('/transactions', {});
      await createSmartleakproClient(options).GET('/clients', {});
      const health = await createXcoreClient(options).GET('/health', {});
      export const tokens: components['schemas']['RefreshedToken'] | undefined = undefined;
      export const status: string | undefined = health.data?.status;
      // @ts-expect-error: there is no such path
      await createKdocsClient(options).GET('/none', {});
      // @ts-expect-error: a tag needs a name
      await createKdocsClient(options).POST('/tags', { body: {} });
    `;
    await writeFile(join(folder, 'rest.ts'), uses);
    await compile(['rest.ts']);
  });
});

test('the examples run', async () => {
  person = await server.person();
  await cp('examples/client', join(folder, 'examples'), { recursive: true });
  const filed = await node('examples/file-document.mjs', resolve('examples/facture-edf.pdf'), 'Facture EDF');
  expect(filed).toMatch(/^filed as \d+: Facture EDF$/m);
  const followed = await node('examples/follow.mjs', '0', '1');
  expect(followed).toMatch(/^DOCUMENT_CREATED .*Facture EDF/m);
  expect(await readFile(join(folder, 'position'), 'utf8')).toMatch(/^\d+$/);
  expect(await node('examples/rest.mjs')).toMatch(/^1 documents, the newest: Facture EDF$/m);
  const ofTheServer = await readFile('README.md', 'utf8');
  const [, program = ''] = /```ts\n(.*?)```/s.exec(ofTheServer) ?? [];
  await writeFile(join(folder, 'hello.mts'), program);
  expect(await node('hello.mts')).toMatch(/^\d+ Facture EDF\n\d+ DOCUMENT_CREATED Facture EDF$/m);
  await writeFile(join(folder, 'hello.mts'), program.replace('process.env', '({} as Record<string, string>)'));
  await compile(['hello.mts']);
});
