import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  buildSchema,
  getNamedType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
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
const noNodes = ['BulkRefusal', 'OpenSubscription'];

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

test('connections are all alike: edges of Nodes, pages from both ends, null for the defaults, lists by ids', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const printed = (type: object | undefined): string => String(type).replaceAll('!', '');
  const wrong: string[] = [];
  for (const type of types) {
    for (const { name, args, type: returned } of Object.values(type.getFields())) {
      const connection = getNamedType(returned);
      if (!isObjectType(connection) || !connection.name.endsWith('Connection')) continue;
      const say = (what: string): number => wrong.push(`${type.name}.${name}: ${what}`);
      const given = new Map(args.map((arg) => [arg.name, arg]));
      for (const [arg, wanted] of Object.entries({
        first: 'Int',
        last: 'Int',
        after: 'String',
        before: 'String',
        offset: 'Int',
      })) {
        if (String(given.get(arg)?.type) !== wanted || given.get(arg)?.defaultValue !== undefined) say(arg);
      }
      const order = given.get('orderBy');
      if (order && (isNonNullType(order.type) || order.defaultValue === undefined)) say('orderBy');
      const filter = given.get('filter')?.type;
      if (!isInputObjectType(filter) || !/^\[(ID|Position)\]$/.test(printed(filter.getFields()['ids']?.type)))
        say('filter.ids');
      const { edges, nodes, pageInfo, totalCount } = connection.getFields();
      const edge = getNamedType(edges?.type as GraphQLObjectType);
      const { node, cursor } = isObjectType(edge) ? edge.getFields() : {};
      const row = getNamedType(node?.type as GraphQLObjectType);
      if (!isObjectType(row) || !row.getInterfaces().some((one) => one.name === 'Node')) say('edges.node');
      if (`${printed(nodes?.type)} ${printed(cursor?.type)}` !== `[${printed(row)}] String`) say('nodes, cursor');
      if (`${printed(pageInfo?.type)} ${printed(totalCount?.type)}` !== 'PageInfo Int') say('pageInfo, totalCount');
    }
  }
  expect(wrong).toEqual([]);
});

test('a list of objects that is no connection says what bounds it', () => {
  const found: string[] = [];
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (/(Connection|Payload)$/.test(type.name) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
      if (!isList || isLeafType(getNamedType(field.type))) continue;
      const arg = field.args.map(({ description }) => description).join();
      if (!/\b(at most|each|one for|hundred|last \d+)\b/i.test(`${field.description} ${arg}`))
        found.push(`${type.name}.${field.name}`);
    }
  }
  expect(found).toEqual([]);
});
