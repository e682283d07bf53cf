import { parse } from 'graphql';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { dialects } from '../../../src/app/dialects.js';
import { acceptedDocumentTypes } from '../../../src/files/content-type.js';
import { portablePattern } from '../../../src/rest/engine/openapi-schemas.js';
import { openApiOf } from '../../../src/rest/engine/openapi.js';
import type { Dialect } from '../../../src/rest/engine/route.js';
import { rootToy, toy } from './toy.js';

/** As a reader of the file sees it. */
const documentOf = (dialect: Dialect): any =>
  JSON.parse(JSON.stringify(openApiOf(dialect, { publicUrl: 'https://firm.test' })));

const idle = {
  health: async () => ({ database: true, redis: true, disk: true }),
  metrics: { text: async () => '', token: undefined },
  version: '1.0.0',
  startedAt: new Date(0),
};

const served = [toy, rootToy, ...dialects(idle)].filter(({ routes }) => routes.length > 0);

/** All that is written in a document under the key, however deep. */
const valuesOf = (document: unknown, key: string): any[] => {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(value, key),
  ]);
};

const operationsOf = ({ paths }: any): any[] => Object.values(paths).flatMap((path: any) => Object.values(path));

const resolved = (document: any, { $ref, ...own }: any): any =>
  $ref ? document.components.responses[$ref.split('/').at(-1)] : own;
const withRetryAfter = expect.objectContaining({ 'Retry-After': expect.anything() });

describe.each(served)('the document of $name', (dialect) => {
  const document = documentOf(dialect);
  const { components } = document;

  test('has a name for each operation that reads well in code', () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId);
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has an example of every success that fits its shape', () => {
    for (const { method, path, response } of dialect.routes) {
      const { responses } = document.paths[path.replace(/:(\w+)/g, '{$1}')][method];
      const [success] = Object.entries<any>(responses).filter(([status]) => status.startsWith('2'));
      const answer = success?.[1].content?.['application/json'];
      expect(answer === undefined, `${method} ${path}`).toBe(response === undefined);
      const problems = response?.safeParse(answer.example).error?.issues ?? [];
      expect({ path, problems }).toEqual({ path, problems: [] });
    }
  });

  test('says nothing twice: refusals by reference, fragments once, parameters without their words in the schema', () => {
    const refusals = operationsOf(document).flatMap(({ responses }) =>
      Object.entries<any>(responses).filter(([status]) => /^[45]/.test(status) && status !== '503'),
    );
    expect(refusals.filter(([, answer]) => !answer.$ref?.startsWith('#/components/responses/'))).toEqual([]);
    const operations = valuesOf(document, 'x-graphql').join('\n');
    expect(operations).not.toContain('fragment ');
    // Together they are whole.
    parse([operations, ...Object.values<string>(document['x-graphql-fragments'])].join('\n'));
    const parameters = [...valuesOf(document, 'parameters').flat(), ...Object.values<any>(components.parameters ?? {})];
    expect(parameters.filter(({ description, schema }) => description && schema?.description)).toEqual([]);
  });

  test('says where room may be missing on the disk, and what may be away for a while, with the time to come again', () => {
    for (const { method, path, files, mayBeUnavailable, produces = [] } of dialect.routes) {
      const { responses } = document.paths[path.replace(/:(\w+)/g, '{$1}')][method];
      const refused = (status: number) => responses[status] && resolved(document, responses[status]);
      if (files || method === 'put') expect([path, refused(507)?.headers]).toEqual([path, withRetryAfter]);
      if (files || mayBeUnavailable || produces.includes('application/pdf'))
        expect([path, refused(503)?.headers]).toEqual([path, withRetryAfter]);
    }
  });

  test('has patterns that engines without flags, lookarounds and categories read', () => {
    for (const pattern of valuesOf(document, 'pattern').filter((each) => typeof each === 'string')) {
      expect(() => new RegExp(pattern, 'u'), pattern).not.toThrow();
      expect(() => RE2JS.compile(pattern), pattern).not.toThrow();
    }
  });

  test('has bearer tokens first, and names of its own for its schemas', () => {
    for (const security of valuesOf(document, 'security').filter((each) => each.length > 0))
      expect(Object.keys(security[0])).toEqual(['bearer']);
    const name = `${dialect.name[0]?.toUpperCase()}${dialect.name.slice(1)}`;
    expect(Object.keys(components.schemas).filter((each) => each.startsWith(name))).toEqual([]);
  });
});

test('operations are called by what they do', () => {
  const verbs = new RegExp(
    '^(accept|activate|add|anonymize|apply|approve|assign|begin|bulkEdit|can|change|comment|complete|' +
      'confirm|count|create|deactivate|delete|disable|enable|download|dryRun|export|generate|get|grant|import|ingest|install|list|' +
      'login|logout|open|pause|post|preview|purge|put|read|reconcile|record|refresh|regenerate|register|reject|reload|' +
      'remind|remove|replace|replay|restore|resume|revoke|rotate|search|set|share|run|skip|stop|submit|suggest|sync|test|' +
      'trash|trigger|undo|uninstall|unshare|update|upload)',
  );
  const ids = dialects(idle).flatMap((dialect) =>
    operationsOf(documentOf(dialect)).map(({ operationId }) => operationId),
  );
  expect(ids.filter((id) => !verbs.test(id))).toEqual([]);
});

test('the documents hold the real types: of downloads, of numbers in paths, of days and moments', () => {
  const [archidrive, kdocs] = ['archidrive', 'kdocs'].map((name) =>
    documentOf(served.find((dialect) => dialect.name === name) as Dialect),
  ) as [any, any];
  const download = kdocs.paths['/documents/{id}/download'].get.responses;
  expect(Object.keys(download)).toEqual(expect.arrayContaining(['200', '206', '304', '416']));
  const { $ref } = download['200'];
  const file = kdocs.components.responses[$ref.split('/').at(-1)];
  expect(Object.keys(file.content).toSorted()).toEqual(acceptedDocumentTypes.toSorted());
  const numbers = valuesOf([archidrive, kdocs], 'parameters')
    .flat()
    .filter(({ in: place, name }) => place === 'path' && /id$|^number$/i.test(name));
  expect(new Set(numbers.map(({ schema }) => schema.type))).toEqual(new Set(['integer']));
  const { Document, HeldRole } = kdocs.components.schemas;
  expect(JSON.stringify([Document.properties.document_date, HeldRole.properties.valid_to])).toMatch(
    /("format":"date".*){2}/,
  );
  const { issuedAt, createdAt } = archidrive.components.schemas.Invoice.properties;
  expect(JSON.stringify([issuedAt, createdAt])).toMatch(/("format":"date-time".*){2}/);
});

test.each([
  ['^[a-z]+$', true, '^[A-Za-z]+$'],
  ['^\\P{Cc}*$', false, '^[^\\x00-\\x1f\\x7f-\\x9f]*$'],
  ['^(?!erased-)[a-z]+$', false, '^[a-z]+$'],
  ['(?<=a)b', false, undefined],
  ['\\p{L}', false, undefined],
])('the pattern %s (ignoring case: %s) is written as %s', (source, ignoresCase, written) => {
  expect(portablePattern(source, { ignoresCase })).toBe(written);
});

test('a route becomes an operation with its GraphQL equivalent', () => {
  const { servers, paths, tags, info } = documentOf(toy);
  expect(servers).toEqual([{ url: 'https://firm.test/toy/v1' }]);
  expect(tags).toEqual(
    ['books', 'login', 'broken', 'health'].map((name) => ({ name, description: `Bibliothèque: ${name}` })),
  );
  expect(info.description).toContain('- 100 requêtes par minute');

  const { get, post } = paths['/books'];
  expect(get.operationId).toBe('listBooks');
  expect(get['x-graphql']).toMatch(/^query ToyListBooks/);
  expect(get.security).toEqual([{ bearer: [] }, { apiKey: [] }, {}]);
  expect(get.parameters).toContainEqual({
    in: 'query',
    name: 'page',
    schema: { type: 'integer', minimum: 1, default: 1 },
  });
  expect(post.requestBody.required).toBe(true);
  expect(post.requestBody.content['application/json'].example).toEqual({ titre: 'Germinal' });
  expect(post.responses['2XX'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Livre' });
  expect(Object.keys(post.responses)).toEqual([
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '422',
    '429',
    '500',
    '507',
    '2XX',
  ]);
});

test('the second route with an operation is named by its method and path', () => {
  const { paths } = documentOf(toy);
  expect(paths['/books/{id}'].get.operationId).toBe('readBook');
  expect(paths['/books/latest'].get).toMatchObject({ operationId: 'getBooksLatest', deprecated: true, security: [] });
});

test('files are documented as binary parts, downloads by their type', () => {
  const { paths, components } = documentOf(toy);
  const { properties, required } = components.schemas.AttachRequest;
  const form = paths['/books/{id}/files'].post.requestBody.content['multipart/form-data'];
  expect(form.schema).toEqual({ $ref: '#/components/schemas/AttachRequest' });
  expect(properties.files).toEqual({ type: 'array', items: { type: 'string', format: 'binary' }, maxItems: 2 });
  expect(required).toEqual(['files']);
  expect(paths['/books/{id}/content'].get.responses['200'].content).toEqual({
    'text/plain': { schema: { type: 'string' }, example: expect.any(String) },
  });
  expect(Object.keys(paths['/login'].post.requestBody.content)).toEqual([
    'application/x-www-form-urlencoded',
    'application/json',
  ]);
});
