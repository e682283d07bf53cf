import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { conventions } from '../support/graph-conventions.js';

const schema = buildSchema(readFileSync(join(resolve(import.meta.dirname, '../..'), 'schema/schema.graphql'), 'utf8'));

test.each(Object.entries(conventions))('%s', (_convention, breaches) => {
  expect(breaches(schema)).toEqual([]);
});

test('each convention finds what breaks it', () => {
  const broken = buildSchema(/* GraphQL */ `
    type Query {
      account: Int!
    }
    type Mutation {
      deleteTag(input: FilingInput!): DeleteTagPayload
    }
    input FilingInput {
      id: ID
    }
    type DeleteTagPayload {
      deletedId: ID!
      status: String
      size: Float
    }
  `);
  for (const [convention, breaches] of Object.entries(conventions))
    expect(breaches(broken), convention).not.toEqual([]);
});
