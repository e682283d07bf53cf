import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { entitiesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';

const path = join(resolve(import.meta.dirname, '../..'), 'schema/schema.graphql');

const schema = buildSchema(readFileSync(path, 'utf8'));

test('every type, field, argument and enum value of the graph has a description', () => {
  const bare: string[] = [];
  const look = (name: string, { description }: { description?: string | null | undefined }): void => {
    if (!description) bare.push(name);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      if ('args' in field) for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  expect(bare).toEqual([]);
});

/** Types with an `id` that stand for nothing which could be read again. */
const noNodes = ['BulkRefusal', 'DocumentHistoryEntry', 'SearchFacet'];

test('every entity is a Node, and so is every type with an id: caches tell all objects apart', () => {
  const entities = new Set(entitiesOf(modules).map(({ name }) => name));
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const bare = types.filter(
    (type) =>
      (entities.has(type.name) || type.getFields()['id']) && !type.getInterfaces().some(({ name }) => name === 'Node'),
  );
  expect(bare.map(({ name }) => name)).toEqual(noNodes);
});

test('every scalar of the graph says where it is specified', () => {
  const bare = Object.values(schema.getTypeMap()).filter(
    (type) => isScalarType(type) && !isSpecifiedScalarType(type) && !type.specifiedByURL,
  );
  expect(bare.map(({ name }) => name)).toEqual([]);
});
