import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import { duplicateIsConflict } from './envelope.js';
import { listOf, listOut, listQuery, listVariables } from './lists.js';
import {
  XcoreCreatePermissionOperation,
  XcoreDeletePermissionOperation,
  XcoreListPermissionsOperation,
  type XcorePermissionFragment,
  XcoreReadPermissionOperation,
  XcoreUpdatePermissionOperation,
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
  return renamingProblemsOf(body);
}

/** A name, with what it repeats. */
function renamingProblemsOf(body: NewPermission): FieldIssue[] {
  const { resource, action } = partsOf(body);
  return body.name === undefined || body.name === `${resource}:${action}`
    ? []
    : [{ name: 'name', code: 'invalid', message: 'Doit être égal à resource:action' }];
}

const onePermission = {
  path: '/admin/permissions/:permission_id',
  section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
  credential: 'required',
  params: z.object({ permission_id: z.string().meta({ description: 'Numéro de la permission', example: '1' }) }),
} as const;
const example = { id: 1, name: 'users:read', description: 'Lire les utilisateurs', resource: 'users', action: 'read' };

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
        items: [example],
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
  route({
    ...onePermission,
    method: 'get',
    summary: 'Récupérer une permission',
    operation: XcoreReadPermissionOperation,
    toVariables: ({ params }) => ({ id: params.permission_id }),
    response: Permission,
    toResponse: ({ permission }) => {
      if (!permission) throw notFound('Permission');
      return permissionOut(permission);
    },
    examples: { response: example },
  }),
  route({
    ...onePermission,
    method: 'put',
    summary: 'Mettre à jour une permission : les champs donnés',
    body: NewPermission,
    check: ({ body }) => renamingProblemsOf(body),
    operation: XcoreUpdatePermissionOperation,
    toVariables: ({ params, body }) => ({
      input: { id: params.permission_id, ...partsOf(body), description: body.description },
    }),
    response: Permission,
    toResponse: ({ updatePermission }) => permissionOut(updatePermission.permission),
    onProblem: duplicateIsConflict,
    examples: { body: { description: 'Lire les utilisateurs' }, response: example },
  }),
  route({
    ...onePermission,
    method: 'delete',
    summary: 'Supprimer une permission ; les rôles la perdent',
    operation: XcoreDeletePermissionOperation,
    toVariables: ({ params }) => ({ id: params.permission_id }),
  }),
];
