import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  // Here, so that the program finds its packages.
  folder = await mkdtemp(join(import.meta.dirname, 'node_modules/.codegen-'));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A consumer's program: its operations are typed by what the preset makes of the schema. */
const program = `
import { GraphQLClient } from 'graphql-request';
import { graphql } from './gql.js';

const Documents = graphql(\`
  query Documents($first: Int, $orderBy: DocumentOrder) {
    documents(first: $first, orderBy: $orderBy, filter: { search: "bail" }) {
      totalCount
      edges { cursor node { nodeId id title amount documentDate createdAt mimeType tags { name } owner { fullName } } }
      pageInfo { hasNextPage endCursor }
    }
  }
\`);
const NewTag = graphql(\`
  mutation NewTag($input: CreateTagInput!) { createTag(input: $input) { tag { ...TagFields } } }
\`);
export const TagFields = graphql(\`fragment TagFields on Tag { id name }\`);

export async function run(client: GraphQLClient): Promise<{ total: number; titles: (string | null)[] }> {
  await client.request(NewTag, { input: { name: 'codegen' } });
  const { documents } = await client.request(Documents, { first: 5 });
  const total: number = documents?.totalCount ?? 0;
  return { total, titles: documents?.edges.map(({ node }): string | null => node.title) ?? [] };
}

// @ts-expect-error the page size is a number
export const wrong = (client: GraphQLClient) => client.request(Documents, { first: 'five' });
`;

test("graphql-codegen's client preset types a program that then runs", async () => {
  const sdl = await readFile('schema/schema.graphql', 'utf8');
  const schema = parse(sdl);
  const documents = [...program.matchAll(/graphql\(`(.*?)`\)/gs)].map(([, text = '']) => ({
    location: join(folder, 'program.ts'),
    document: parse(text),
    rawSDL: text,
  }));
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: `${folder}/`,
    schema,
    schemaAst: buildASTSchema(schema),
    documents,
    config: {
      useTypeImports: true,
      emitLegacyCommonJSImports: false,
      importExtension: '.js',
      strictScalars: true,
      scalars: {
        DateTime: 'string',
        Date: 'string',
        Decimal: 'number',
        Degrees: 'number',
        Position: 'string',
        JSON: 'unknown',
        Upload: 'Blob',
        BigInt: 'number',
      },
    },
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
    profiler: { run: (work: () => unknown) => work() } as never,
  });
  expect(outputs.length).toBeGreaterThan(1);
  for (const output of outputs) await writeFile(output.filename, await codegen(output as never));
  await writeFile(join(folder, 'program.ts'), program);
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options =
    '--strict --module nodenext --moduleResolution nodenext --target es2023 --skipLibCheck --types node'.split(' ');
  const compiled = await promisify(execFile)(process.execPath, [tsc, ...options, join(folder, 'program.ts')], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  expect(compiled.stdout).toBe('');

  const { run } = (await import(join(folder, 'program.js'))) as {
    run: (client: GraphQLClient) => Promise<{ total: number; titles: unknown[] }>;
  };
  const body = new FormData();
  body.append('files', new Blob(['Le bail du magasin']), 'bail.txt');
  await server.request('POST', '/kdocs/api/documents/upload', { token: server.admin.token, body });
  const client = new GraphQLClient(`${server.url}/graphql`, {
    headers: { authorization: `Bearer ${server.admin.token}` },
  });
  expect(await run(client)).toEqual({ total: 1, titles: ['bail'] });
}, 60_000);
