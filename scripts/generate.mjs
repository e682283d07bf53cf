/**
 * Writes the generated, committed files: `tsx scripts/generate.mjs [--check]`.
 *
 *   schema/schema.graphql                 the SDL of the schema that the code builds
 *   src/rest/<dialect>/operations.gen.ts  types and documents of every src/rest/<dialect>/*.graphql
 *   schema/rest/<dialect>.json            the OpenAPI document of every src/rest/<dialect>/dialect.ts
 *   packages/client/src/operations.gen.ts the same of src/mcp/operations and packages/client/operations, for programs
 *   console/src/<area>/operations.gen.ts  the same of every console/src/<area>/*.graphql, for the console
 *   packages/client/src/rest/*.gen.ts     types of every OpenAPI document
 *   schema/errors.md                      every code and reason of an error, of `src/lib/error-catalog.ts`
 *   .env.example                          every setting, from src/config/settings.ts
 *
 * A generated file whose source is gone is removed. `--check` writes and removes nothing: it names what is stale and
 * exits with 1.
 *
 * A dialect's module exports it under its folder's name, as a `Dialect` or as a function of what its health routes need
 * (called with `{}` here; no route is called). Names of operations and fragments begin with the dialect's name
 * (`KdocsListDocuments`), since logs and metrics show them without their dialect.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  concatAST,
  NoUnusedFragmentsRule,
  parse,
  printError,
  Source,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { openApiTypes } from './openapi-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...path) => join(root, ...path);
const load = (path) => import(pathToFileURL(at(path)).href);

/** A mistake in a source file: its message is for whoever wrote it, without a stack. */
class SourceError extends Error {}

/** What this run found, by path below the root. */
const current = new Set();
const stale = new Set();

/** Writes a file unless it says `text` already. */
function emit(path, text, { check }) {
  current.add(path);
  const file = at(path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stale.add(path);
  if (check) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const generatedPaths = [
  'src/rest/*/operations.gen.ts',
  'schema/rest/*.json',
  'console/src/*/operations.gen.ts',
  'packages/client/src/rest/*.gen.ts',
];

/** Removes the generated files that no source stands behind any more. */
function removeOrphans({ check }) {
  for (const path of globSync(generatedPaths, { cwd: root })) {
    if (current.has(path)) continue;
    stale.add(path);
    if (!check) rmSync(at(path));
  }
}

/** Returns the SDL that operations are typed by. */
async function generateSchema(options) {
  const { printedSchema, printedDeclaredSchema } = await load('src/app/print-schema.ts');
  emit('schema/schema.graphql', `${printedSchema().trimEnd()}\n`, options);
  return printedDeclaredSchema();
}

async function generateOperations(sdl, options) {
  const schemaAst = buildSchema(sdl);
  const locations = globSync('src/rest/*/*.graphql', { cwd: root }).toSorted();
  for (const [dialect, own] of Object.entries(Object.groupBy(locations, dialectOf))) {
    const documents = readOperations(dialect, own, schemaAst);
    const text = await operationsModule({ dialect, documents, sdl, schemaAst });
    emit(`src/rest/${dialect}/operations.gen.ts`, text, options);
  }
}

/** `kdocs` for `src/rest/kdocs/tags.graphql`. */
const dialectOf = (path) => relative('src/rest', dirname(path));

/** The parsed documents of one dialect. Throws every mistake in them at once. */
function readOperations(dialect, locations, schema) {
  const documents = locations.map((location) => ({
    location,
    document: parse(new Source(readFileSync(at(location), 'utf8'), location)),
  }));
  const prefix = dialect[0].toUpperCase() + dialect.slice(1);
  const misnamed = documents.flatMap(({ location, document }) =>
    document.definitions
      .filter(({ name }) => !name?.value.startsWith(prefix))
      .map(({ name }) => `${location}: call ${name?.value ?? 'the operation'} ${prefix}…`),
  );
  // Validated together, since a resource may use another one's fragments.
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  const all = concatAST(documents.map(({ document }) => document));
  const mistakes = [...misnamed, ...validate(schema, all, rules, { maxErrors: 1000 }).map(printError)];
  if (mistakes.length > 0) throw new SourceError(mistakes.join('\n\n'));
  return documents;
}

/** How the graph's scalars travel through a route: as JSON. */
const scalars = {
  ID: { input: 'string | number', output: 'string' },
  DateTime: 'string',
  Date: 'string',
  Decimal: { input: 'string | number', output: 'number' },
  Degrees: { input: 'string | number', output: 'number' },
  BigInt: { input: 'string | number', output: 'number' },
  Position: 'string',
  JSON: 'unknown',
  Upload: { input: 'unknown', output: 'never' },
};

async function operationsModule({ dialect, documents, sdl, schemaAst }) {
  const text = await codegen({
    filename: 'operations.gen.ts',
    schema: parse(sdl),
    schemaAst,
    documents,
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      strictScalars: true,
      documentMode: 'documentNode',
      // `…Document` would read like the graph's type of that name.
      documentVariableSuffix: 'Operation',
      defaultScalarType: 'unknown',
      scalars,
    },
    plugins: [{ operationTypes: {} }, { typedDocuments: {} }],
    pluginMap: { operationTypes, typedDocuments },
  });
  return `// Generated by scripts/generate.mjs from src/rest/${dialect}/*.graphql.\n${text.trimEnd()}\n`;
}

/**
 * The operations that models get as tools, for programs: as texts, so that nothing has to print them, and typed by the
 * schema that is served.
 */
async function generateClientOperations(options) {
  const sources = ['src/mcp/operations/*.graphql', 'packages/client/operations/*.graphql'];
  const documents = globSync(sources, { cwd: root })
    .toSorted()
    .map((location) => ({
      location,
      document: visit(parse(new Source(readFileSync(at(location), 'utf8'), location)), {
        VariableDefinition: (node) => ({ ...node, description: undefined }),
        OperationDefinition: (node) => ({ ...node, description: undefined }),
      }),
    }));
  const text = await textsModule(documents, sources, clientSchema());
  emit('packages/client/src/operations.gen.ts', text, options);
}

async function generateConsoleOperations(options) {
  const schema = clientSchema();
  const locations = globSync('console/src/*/*.graphql', { cwd: root }).toSorted();
  for (const [folder, own] of Object.entries(Object.groupBy(locations, dirname))) {
    const documents = own.map((location) => ({
      location,
      document: parse(new Source(readFileSync(at(location), 'utf8'), location)),
    }));
    const all = concatAST(documents.map(({ document }) => document));
    const mistakes = validate(schema.schemaAst, all, specifiedRules, { maxErrors: 1000 });
    if (mistakes.length > 0) throw new SourceError(mistakes.map(printError).join('\n\n'));
    emit(`${folder}/operations.gen.ts`, await textsModule(documents, [`${folder}/*.graphql`], schema), options);
  }
}

/** The schema that is served, as programs get it. */
function clientSchema() {
  const sdl = readFileSync(at('schema/schema.graphql'), 'utf8');
  return { schema: parse(sdl), schemaAst: buildSchema(sdl) };
}

async function textsModule(documents, sources, { schema, schemaAst }) {
  const text = await codegen({
    filename: 'operations.gen.ts',
    schema,
    schemaAst,
    documents,
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      skipTypename: true,
      strictScalars: true,
      documentMode: 'string',
      // `Document` is a type of the graph.
      documentVariableSuffix: 'Operation',
      defaultScalarType: 'unknown',
      scalars: clientScalars,
    },
    plugins: [{ operationTypes: {} }, { typedDocuments: {} }],
    pluginMap: { operationTypes, typedDocuments },
  });
  // So that a bundle has only those that a program imports.
  const pure = text.replaceAll('= new TypedDocumentString(', '= /*#__PURE__*/ new TypedDocumentString(');
  return `// Generated by scripts/generate.mjs from ${sources.join(' and ')}.\n${pure.trimEnd()}\n`;
}

/** As programs have the graph's scalars. */
const clientScalars = { ...scalars, Upload: { input: 'Blob', output: 'never' } };

async function generateClientRest(options) {
  for (const path of globSync('schema/rest/*.json', { cwd: root }).toSorted()) {
    const types = openApiTypes(JSON.parse(readFileSync(at(path), 'utf8')));
    const text = `// Generated by scripts/generate.mjs from ${path}.\n${types.trimEnd()}\n`;
    emit(`packages/client/src/rest/${basename(path, '.json')}.gen.ts`, text, options);
  }
}

async function generateOpenApi(options) {
  const { openApiOf } = await load('src/rest/engine/openapi.ts');
  for (const path of globSync('src/rest/*/dialect.ts', { cwd: root }).toSorted()) {
    const dialect = await loadDialect(path);
    const document = openApiOf(dialect, { publicUrl: '' });
    emit(`schema/rest/${dialect.name}.json`, `${JSON.stringify(document, null, 2)}\n`, options);
  }
}

async function loadDialect(path) {
  const name = dialectOf(path);
  const exported = (await load(path))[name];
  if (!exported) throw new SourceError(`${path} must export \`${name}\``);
  return typeof exported === 'function' ? exported({}) : exported;
}

async function generateErrors(options) {
  const { errorMeanings, requestErrorMeanings, toolErrorMeanings, fieldMeanings, errorReasons } =
    await load('src/lib/error-catalog.ts');
  const table = (heads, rows) =>
    [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const meanings = (of) => Object.entries(of).map(([name, meaning]) => [`\`${name}\``, meaning]);
  const reasons = Object.entries(errorReasons).map(([name, { code, meaning }]) => [
    `\`${name}\``,
    `\`${code}\``,
    meaning,
  ]);
  const text = `<!-- Generated by scripts/generate.mjs from src/lib/error-catalog.ts. -->

# Errors

An error of the graph has \`extensions\`: a \`code\`, a \`requestId\`, and where there is more to say a \`reason\` finer than
the code, the type \`subject\` that it is about, \`details\`, and \`fields: [{ path, code, message }]\` with everything that is
wrong at once. A \`path\` is as GraphQL writes paths, from the argument on: \`["input", "items", 0, "quantity"]\`. The REST
APIs answer the same errors in the envelopes and words of their contracts.

## Codes

${table(['code', 'meaning'], meanings(errorMeanings))}

Before anything is executed GraphQL itself also answers:

${table(['code', 'meaning'], meanings(requestErrorMeanings))}

Tools of the Model Context Protocol also answer:

${table(['code', 'meaning'], meanings(toolErrorMeanings))}

## Reasons

${table(['reason', 'code', 'meaning'], reasons)}

## Codes of fields

${table(['code', 'meaning'], meanings(fieldMeanings))}
`;
  emit('schema/errors.md', text, options);
}

async function generateEnvExample(options) {
  const { envExample } = await load('src/config/env-example.ts');
  emit('.env.example', envExample(), options);
}

/** In this order: operations are checked against the schema, and the dialects import their operations. */
async function generate(options) {
  const sdl = await generateSchema(options);
  await generateOperations(sdl, options);
  await generateOpenApi(options);
  await generateClientOperations(options);
  await generateConsoleOperations(options);
  await generateClientRest(options);
  await generateErrors(options);
  await generateEnvExample(options);
  removeOrphans(options);
}

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
try {
  await generate({ check });
} catch (error) {
  console.error(error instanceof SourceError ? error.message : error);
  process.exit(1);
}
for (const path of stale) {
  if (check) console.error(`stale: ${path}`);
  else console.log(`${current.has(path) ? 'wrote' : 'removed'} ${path}`);
}
if (check && stale.size > 0) {
  console.error('Run `npm run generate`.');
  process.exit(1);
}
