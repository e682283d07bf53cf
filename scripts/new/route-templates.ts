import type { ThingNames } from './names.js';

const prefixOf = (dialect: string): string => dialect.charAt(0).toUpperCase() + dialect.slice(1);

/** The operations of five routes. */
export function operationsText({ type, field, plural }: ThingNames, dialect: string): string {
  const prefix = prefixOf(dialect);
  return `fragment ${prefix}${type} on ${type} {
  id
  name
  createdAt
  updatedAt
}

query ${prefix}List${plural.type}($first: Int!, $offset: Int!, $filter: ${type}Filter) {
  ${plural.field}(first: $first, offset: $offset, filter: $filter) {
    nodes {
      ...${prefix}${type}
    }
    totalCount
  }
}

query ${prefix}Read${type}($id: ID!) {
  ${field}(id: $id) {
    ...${prefix}${type}
  }
}

mutation ${prefix}Create${type}($input: Create${type}Input!) {
  create${type}(input: $input) {
    ${field} {
      ...${prefix}${type}
    }
  }
}

mutation ${prefix}Update${type}($input: Update${type}Input!) {
  update${type}(input: $input) {
    ${field} {
      ...${prefix}${type}
    }
  }
}

mutation ${prefix}Delete${type}($id: ID!) {
  delete${type}(input: { id: $id }) {
    deletedId
  }
}
`;
}

/** Five routes in plain shapes; the contract says which they really are. */
export function routesText({ type, field, plural }: ThingNames, dialect: string): string {
  const prefix = prefixOf(dialect);
  const path = `/${plural.file}`;
  return `import { z } from 'zod';
import { Refusal } from '../engine/problem.js';
import { route } from '../engine/route.js';
import {
  ${prefix}Create${type}Operation,
  ${prefix}Delete${type}Operation,
  ${prefix}List${plural.type}Operation,
  ${prefix}Read${type}Operation,
  type ${prefix}${type}Fragment,
  ${prefix}Update${type}Operation,
} from './operations.gen.js';

const ${type}Out = z
  .object({ id: z.int(), name: z.string(), created_at: z.string(), updated_at: z.string() })
  .meta({ id: '${prefix}${type}' });

const ${field}Out = ({ id, name, createdAt, updatedAt }: ${prefix}${type}Fragment): z.input<typeof ${type}Out> => ({
  id: Number(id),
  name,
  created_at: createdAt,
  updated_at: updatedAt,
});

const ListQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(20),
  search: z.string().max(200).optional(),
});
const IdParams = z.object({ id: z.string() });
const Name = z.string().trim().min(1).max(200);

export const ${field}Routes = [
  route({
    method: 'get',
    path: '${path}',
    section: '${dialect}.md#${plural.file}',
    summary: 'List the ${plural.words}',
    credential: 'required',
    query: ListQuery,
    operation: ${prefix}List${plural.type}Operation,
    toVariables: ({ query: { page, per_page, search } }) => ({
      first: per_page,
      offset: (page - 1) * per_page,
      filter: search ? { search } : {},
    }),
    response: z.object({ items: z.array(${type}Out), total: z.int() }),
    toResponse: ({ ${plural.field}: { nodes, totalCount } }) => ({ items: nodes.map(${field}Out), total: totalCount }),
  }),
  route({
    method: 'get',
    path: '${path}/:id',
    section: '${dialect}.md#${plural.file}',
    summary: 'One of the ${plural.words}',
    credential: 'required',
    params: IdParams,
    operation: ${prefix}Read${type}Operation,
    toVariables: ({ params }) => params,
    response: ${type}Out,
    toResponse: ({ ${field} }) => {
      if (!${field}) throw new Refusal('NOT_FOUND', '${type} not found', { subject: '${type}' });
      return ${field}Out(${field});
    },
  }),
  route({
    method: 'post',
    path: '${path}',
    section: '${dialect}.md#${plural.file}',
    summary: 'Create one of the ${plural.words}',
    credential: 'required',
    body: z.object({ name: Name }),
    operation: ${prefix}Create${type}Operation,
    toVariables: ({ body }) => ({ input: body }),
    status: 201,
    response: ${type}Out,
    toResponse: ({ create${type} }) => ${field}Out(create${type}.${field}),
  }),
  route({
    method: 'put',
    path: '${path}/:id',
    section: '${dialect}.md#${plural.file}',
    summary: 'Change one of the ${plural.words}',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: Name.optional() }),
    operation: ${prefix}Update${type}Operation,
    toVariables: ({ params, body }) => ({ input: { ...params, ...body } }),
    response: ${type}Out,
    toResponse: ({ update${type} }) => ${field}Out(update${type}.${field}),
  }),
  route({
    method: 'delete',
    path: '${path}/:id',
    section: '${dialect}.md#${plural.file}',
    summary: 'Delete one of the ${plural.words}',
    credential: 'required',
    params: IdParams,
    operation: ${prefix}Delete${type}Operation,
    toVariables: ({ params }) => params,
    response: z.object({ deleted: z.int() }),
    toResponse: ({ delete${type} }) => ({ deleted: Number(delete${type}.deletedId) }),
  }),
];
`;
}
