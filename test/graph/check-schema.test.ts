import { buildSchema, type GraphQLField, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../src/graph/check-schema.js';
import { bindEntities } from '../../src/graph/reader/bind.js';
import type { EntityShapes, Property } from '../../src/graph/reader/metadata.js';

const text = (name: string): [string, Property] => [
  name,
  { kind: 'scalar', property: name, column: name, isLong: false, sqlType: 'text', decode: (cell) => cell },
];

/** Authors with books; `Shelf` is no entity. */
const shapes = new Map(
  Object.entries({
    Author: [
      text('name'),
      ['books', { kind: 'to-many', target: 'Book', via: { column: 'author_id' }, order: (alias) => `${alias}.id` }],
    ],
    Book: [text('title'), ['author', { kind: 'to-one', target: 'Author', own: 'author_id', other: 'id' }]],
  } satisfies Record<string, [string, Property][]>).map(([name, properties]) => [
    name,
    { name, table: name, keyType: 'int', properties: new Map(properties as [string, Property][]), model: {} },
  ]),
) as unknown as EntityShapes;

const sdl = /* GraphQL */ `
  type Query {
    author: Author
    authors: [Author!]!
    books: BookConnection!
    shelf: Shelf
  }
  type Mutation {
    write: Book
  }
  type Author {
    name: String
    books: [Book!]!
    initials: String
  }
  type Book {
    title: String
    author: Author
  }
  type BookConnection {
    nodes: [Book!]!
    edges: [BookEdge!]!
    totalCount: Int!
    heaviest: Int
  }
  type BookEdge {
    cursor: String!
    node: Book!
  }
  type Shelf {
    books: [Book!]!
  }
`;

/** The schema with what is said of its fields, by `Type.field`. */
function schemaWith(fields: Record<string, { planned?: true; needs?: string[]; resolver?: true }>): GraphQLSchema {
  const schema = buildSchema(sdl.replace(fields['BookConnection.heaviest'] ? '' : '    heaviest: Int\n', ''));
  const all = { 'Author.initials': { needs: ['name'], resolver: true as const }, ...fields };
  for (const [path, { resolver, ...extensions }] of Object.entries(all)) {
    const [type = '', name = ''] = path.split('.');
    const field = (schema.getType(type) as GraphQLObjectType).getFields()[name] as GraphQLField<unknown, unknown>;
    field.extensions = extensions;
    if (resolver) field.resolve = () => null;
  }
  return bindEntities(schema, shapes);
}

const check = (fields: Parameters<typeof schemaWith>[0]) => () => checkSchema(schemaWith(fields), shapes);

test('entities, lists and connections of them may be planned; a computed field says what it needs', () => {
  const planned = { planned: true } as const;
  expect(check({ 'Query.author': planned, 'Query.authors': planned, 'Query.books': planned })).not.toThrow();
  expect(check({ 'Author.initials': { needs: [], resolver: true } })).not.toThrow();
  expect(check({ 'Shelf.books': { resolver: true } })).not.toThrow();
});

describe('the start is stopped, with type and field, by', () => {
  test.each([
    ['a planned field of another type', { 'Query.shelf': { planned: true } }, /^Query\.shelf is marked @Planned/m],
    [
      'a planned mutation',
      { 'Mutation.write': { planned: true } },
      /^Mutation\.write is marked @Planned and no query/m,
    ],
    [
      'a planned connection with a field of its own',
      { 'Query.books': { planned: true }, 'BookConnection.heaviest': { resolver: true } },
      /^Query\.books .*BookConnection\.heaviest/m,
    ],
    ['a computed field that declares nothing', { 'Author.initials': { resolver: true } }, /^Author\.initials .*needs/m],
    [
      'a need that is no column',
      { 'Author.initials': { needs: ['name', 'nom', 'books'], resolver: true } },
      /^Author\.initials needs nom, books/m,
    ],
    ['a field that nothing answers', { 'Author.initials': { needs: ['name'] } }, /^Author\.initials is no property/m],
    ['a column with a resolver that declares nothing', { 'Book.title': { resolver: true } }, /^Book\.title .*needs/m],
  ] as const)('%s', (_name, fields, message) => {
    expect(check(fields as Parameters<typeof schemaWith>[0])).toThrow(message);
  });

  test('a relation to what has no read model', () => {
    const fewer = new Map([...shapes].filter(([name]) => name !== 'Book'));
    expect(() => checkSchema(schemaWith({}), fewer)).toThrow(/^Author\.books leads to Book/m);
  });
});
