import { z } from 'zod';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import { duplicateIsConflict } from './envelope.js';
import { listOf, listOut, listQuery, listVariables } from './lists.js';
import {
  XcoreCreatePermissionOperation,
  XcoreListPermissionsOperation,
  type XcorePermissionFragment,
} from './operations.gen.js';

export const Permission = z
  .object({ id: z.int(), name: z.string(), description: z.string(), resource: z.string(), action: z.string() })
  .meta({ id: 'Permission' });

export const permissionOut = ({
  id,
  name,
  description,
  resource,
  action,
}: XcorePermissionFragment): z.input<typeof Permission> => ({
  id: Number(id),
  name,
  description,
  resource,
  action,
});

export const permissionOrders = ['id', 'name', 'resource'] as const;

/** One side of `resource:action`, by the graph's rule. */
const part = z
  .string()
  .max(50)
  .regex(/^([a-z][a-z0-9_-]*|[*])$/);

const NewPermission = z.object({
  name: z
    .string()
    .regex(/^([a-z][a-z0-9_-]{0,49}|[*]):([a-z][a-z0-9_-]{0,49}|[*])$/)
    .optional()
    .meta({ description: '`resource:action`' }),
  description: z.string().nullish(),
  resource: part.optional().meta({ description: 'Déduit de `name` en son absence' }),
  action: part.optional().meta({ description: 'Déduite de `name` en son absence' }),
});
type NewPermission = z.output<typeof NewPermission>;

/** `resource` and `action`, taken from the name where they are absent. */
function partsOf({ name, resource, action }: NewPermission): {
  resource?: string | undefined;
  action?: string | undefined;
} {
  const [first, second] = name?.split(':') ?? [];
  return { resource: resource ?? first, action: action ?? second };
}

function problemsOf(body: NewPermission): FieldIssue[] {
  const { resource, action } = partsOf(body);
  const missing = Object.entries({ resource, action }).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length) return missing.map((name) => ({ name, code: 'required', message: 'Ce champ est obligatoire' }));
  return body.name === undefined || body.name === `${resource}:${action}`
    ? []
    : [{ name: 'name', code: 'invalid', message: 'Doit être égal à resource:action' }];
}

/** xcore.md, « Permissions ». */
export const permissionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/admin/permissions',
    section: 'xcore.md#get-adminpermissions',
    summary: 'Lister toutes les permissions',
    credential: 'required',
    query: listQuery(permissionOrders),
    operation: XcoreListPermissionsOperation,
    toVariables: ({ query }) => listVariables(query),
    response: listOf(Permission),
    toResponse: ({ permissions: { nodes, totalCount } }, { query }) =>
      listOut(query, totalCount, nodes.map(permissionOut)),
    examples: {
      response: {
        total: 10,
        skip: 0,
        limit: 20,
        items: [{ id: 1, name: 'users:read', description: 'Lire les utilisateurs', resource: 'users', action: 'read' }],
        has_more: true,
      },
    },
  }),
  route({
    method: 'post',
    path: '/admin/permissions',
    section: 'xcore.md#post-adminpermissions',
    summary: 'Créer une nouvelle permission',
    credential: 'required',
    body: NewPermission,
    check: ({ body }) => problemsOf(body),
    operation: XcoreCreatePermissionOperation,
    toVariables: ({ body }) => {
      const { resource = '', action = '' } = partsOf(body);
      return { input: { resource, action, description: body.description } };
    },
    status: 201,
    response: Permission,
    toResponse: ({ createPermission }) => permissionOut(createPermission.permission),
    onProblem: duplicateIsConflict,
    examples: {
      body: { name: 'reports:generate', description: 'Générer des rapports', resource: 'reports', action: 'generate' },
      response: {
        id: 11,
        name: 'reports:generate',
        description: 'Générer des rapports',
        resource: 'reports',
        action: 'generate',
      },
    },
  }),
];
