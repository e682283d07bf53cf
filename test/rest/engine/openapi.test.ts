import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { dialects } from '../../../src/app/dialects.js';
import { openApiOf } from '../../../src/rest/engine/openapi.js';
import type { Dialect } from '../../../src/rest/engine/route.js';
import { rootToy, toy } from './toy.js';

/** As a reader of the file sees it. */
const documentOf = (dialect: Dialect): any =>
  JSON.parse(JSON.stringify(openApiOf(dialect, { publicUrl: 'https://firm.test' })));

const idle = {
  health: async () => ({ database: true, redis: true, disk: true }),
  metrics: async () => '',
  version: '1.0.0',
  startedAt: new Date(0),
};

test.each([toy, rootToy, ...dialects(idle)])('the document of $name is valid', async (dialect) => {
  const problems = await lintFromString({
    source: JSON.stringify(documentOf(dialect)),
    config: await createConfig({ extends: ['recommended'] }),
  });
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual([]);
});

test('a route becomes an operation with its GraphQL equivalent', () => {
  const { servers, paths, tags, info } = documentOf(toy);
  expect(servers).toEqual([{ url: 'https://firm.test/toy/v1' }]);
  expect(tags).toEqual([{ name: 'books' }, { name: 'login' }, { name: 'broken' }, { name: 'health' }]);
  expect(info.description).toContain('- 100 requêtes par minute');

  const { get, post } = paths['/books'];
  expect(get.operationId).toBe('ToyListBooks');
  expect(get['x-graphql']).toMatch(/^query ToyListBooks/);
  expect(get.description).toContain('```graphql\nquery ToyListBooks');
  expect(get.security).toEqual([{}, { bearer: [] }, { apiKey: [] }]);
  expect(get.parameters).toContainEqual({
    in: 'query',
    name: 'page',
    schema: { type: 'integer', minimum: 1, default: 1 },
  });
  expect(post.requestBody.required).toBe(true);
  expect(post.requestBody.content['application/json'].example).toEqual({ titre: 'Germinal' });
  expect(post.responses['2XX'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Livre' });
  expect(Object.keys(post.responses)).toEqual(['400', '401', '403', '409', '413', '415', '422', '429', '500', '2XX']);
});

test('the second route with an operation is named by its method and path', () => {
  const { paths } = documentOf(toy);
  expect(paths['/books/{id}'].get.operationId).toBe('ToyReadBook');
  expect(paths['/books/latest'].get).toMatchObject({ operationId: 'get_books_latest', deprecated: true, security: [] });
});

test('files are documented as binary parts, downloads by their type', () => {
  const { paths } = documentOf(toy);
  const { properties, required } = paths['/books/{id}/files'].post.requestBody.content['multipart/form-data'].schema;
  expect(properties.files).toEqual({ type: 'array', items: { type: 'string', format: 'binary' }, maxItems: 2 });
  expect(required).toEqual(['files']);
  expect(paths['/books/{id}/content'].get.responses['200'].content).toEqual({
    'text/plain': { schema: { type: 'string' } },
  });
  expect(Object.keys(paths['/login'].post.requestBody.content)).toEqual([
    'application/x-www-form-urlencoded',
    'application/json',
  ]);
});
