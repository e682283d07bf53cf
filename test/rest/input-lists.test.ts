import { expect, test } from 'vitest';
import { z } from 'zod';
import { dialects } from '../../src/app/dialects.js';

/** The paths of the lists in a JSON schema that say no most. */
function unboundedLists(schema: any, path: string, defs = schema?.$defs ?? {}, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const target = schema.$ref ? defs[String(schema.$ref).split('/').at(-1) as string] : undefined;
  return [
    ...(schema.type === 'array' && schema.maxItems === undefined && schema.prefixItems === undefined ? [path] : []),
    ...(target ? unboundedLists(target, path, defs, seen) : []),
    ...Object.entries(schema)
      .filter(([key]) => key !== '$defs')
      .flatMap(([key, inner]) => unboundedLists(inner, `${path}.${key}`, defs, seen)),
  ];
}

const shapes = dialects().flatMap(({ prefix, routes }) =>
  routes.flatMap(({ method, path, query, body }) =>
    Object.entries({ query, body }).flatMap(([part, shape]) =>
      shape ? [{ name: `${method.toUpperCase()} ${prefix}${path} ${part}`, shape }] : [],
    ),
  ),
);

test('every list that a route takes has a documented maximum length', () => {
  const schemas = shapes.map(({ name, shape }) => ({
    name,
    schema: z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }),
  }));
  expect(schemas.flatMap(({ name, schema }) => unboundedLists(schema, name))).toEqual([]);
});
