import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import { french } from '../engine/words.js';
import { duplicateIsConflict } from './envelope.js';
import { listOf, listOut, listQuery, listVariables, moment } from './lists.js';
import {
  XcoreCreateRoleOperation,
  XcoreDeleteRoleOperation,
  XcoreGrantPermissionOperation,
  XcoreListRolePermissionsOperation,
  XcoreListRolesOperation,
  XcoreReadRoleOperation,
  XcoreRevokePermissionOperation,
  type XcoreRoleFragment,
  XcoreUpdateRoleOperation,
} from './operations.gen.js';
import { Permission, permissionOrders, permissionOut } from './permissions.js';

const Role = z
  .object({ id: z.int(), name: z.string(), description: z.string(), created_at: moment })
  .meta({ id: 'Role' });
const RoleDetail = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.object({ id: z.int(), name: z.string(), description: z.string() })),
    users_count: z.int(),
  })
  .meta({ id: 'RoleDetail' });

const roleOut = ({ id, name, description, createdAt }: XcoreRoleFragment): z.input<typeof Role> => ({
  id: Number(id),
  name,
  description,
  created_at: createdAt,
});

const { field: sentenceOf } = french();

const RoleParams = z.object({ role_id: pathNumber('Numéro du rôle') });

/** A permission by number or by name. */
const ByNumberOrName = z.object({
  permission_id: z.int().min(1).max(999_999_999).optional(),
  name: z.string().optional().meta({ description: "`resource:action`, en l'absence de `permission_id`" }),
});
interface Grant {
  params: z.output<typeof RoleParams>;
  body: z.output<typeof ByNumberOrName>;
}
const grantOf = ({ params, body: { permission_id, name = '' } }: Grant) => ({
  input: { roleId: params.role_id, permissionId: permission_id === undefined ? name : String(permission_id) },
});
const oneOfBoth = ({ body: { permission_id, name } }: Grant): FieldIssue[] =>
  permission_id === undefined && !name
    ? [{ name: 'permission_id', code: 'required', message: sentenceOf('required') ?? '' }]
    : [];

const example = { id: 1, name: 'admin', description: 'Administrateur système', created_at: '2024-01-01T00:00:00Z' };
const rolePermissions = {
  path: '/admin/roles/:role_id/permissions',
  section: 'DECISIONS.md#3-xcore-',
  credential: 'required',
  params: RoleParams,
} as const;

/** xcore.md, « Rôles »; the permissions of a role by DECISIONS.md, section 3. */
export const roleRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/admin/roles',
    section: 'xcore.md#get-adminroles',
    summary: 'Lister tous les rôles',
    credential: 'required',
    query: listQuery(['id', 'name', 'created_at']),
    operation: XcoreListRolesOperation,
    toVariables: ({ query }) => listVariables(query),
    response: listOf(Role),
    toResponse: ({ roles: { nodes, totalCount } }, { query }) => listOut(query, totalCount, nodes.map(roleOut)),
    examples: { response: { total: 3, skip: 0, limit: 20, items: [example], has_more: true } },
  }),
  route({
    method: 'post',
    path: '/admin/roles',
    section: 'xcore.md#post-adminroles',
    summary: 'Créer un nouveau rôle',
    credential: 'required',
    body: z.object({ name: z.string(), description: z.string().nullish() }),
    operation: XcoreCreateRoleOperation,
    toVariables: ({ body }) => ({ input: body }),
    status: 201,
    response: Role,
    toResponse: ({ createRole }) => roleOut(createRole.role),
    onProblem: duplicateIsConflict,
    examples: {
      body: { name: 'manager', description: "Gestionnaire d'équipe" },
      response: { id: 2, name: 'manager', description: "Gestionnaire d'équipe", created_at: '2024-01-15T10:30:00Z' },
    },
  }),
  route({
    method: 'get',
    path: '/admin/roles/:role_id',
    section: 'xcore.md#get-adminrolesrole_id',
    summary: 'Récupérer un rôle spécifique',
    credential: 'required',
    params: RoleParams,
    operation: XcoreReadRoleOperation,
    toVariables: ({ params }) => ({ id: params.role_id }),
    response: RoleDetail,
    toResponse: ({ role }) => {
      if (!role) throw notFound('Role');
      const { id, name, description, permissions, userCount } = role;
      return {
        id: Number(id),
        name,
        description,
        permissions: permissions.map((p) => ({ ...p, id: Number(p.id) })),
        users_count: userCount ?? 0,
      };
    },
    examples: {
      response: {
        id: 1,
        name: 'admin',
        description: 'Administrateur système',
        permissions: [{ id: 1, name: 'users:read', description: 'Lire les utilisateurs' }],
        users_count: 5,
      },
    },
  }),
  route({
    method: 'put',
    path: '/admin/roles/:role_id',
    section: 'xcore.md#put-adminrolesrole_id',
    summary: 'Mettre à jour un rôle',
    credential: 'required',
    params: RoleParams,
    body: z.object({ name: z.string().optional(), description: z.string().nullish() }),
    operation: XcoreUpdateRoleOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.role_id, ...body } }),
    response: Role,
    toResponse: ({ updateRole }) => roleOut(updateRole.role),
    onProblem: duplicateIsConflict,
    examples: {
      body: { name: 'admin', description: 'Super administrateur' },
      response: { ...example, description: 'Super administrateur' },
    },
  }),
  route({
    method: 'delete',
    path: '/admin/roles/:role_id',
    section: 'xcore.md#delete-adminrolesrole_id',
    summary: 'Supprimer un rôle',
    credential: 'required',
    params: RoleParams,
    operation: XcoreDeleteRoleOperation,
    toVariables: ({ params }) => ({ id: params.role_id }),
  }),
  route({
    ...rolePermissions,
    method: 'get',
    summary: "Lister les permissions d'un rôle",
    query: listQuery(permissionOrders),
    operation: XcoreListRolePermissionsOperation,
    toVariables: ({ params, query }) => ({ id: params.role_id, ...listVariables(query) }),
    response: listOf(Permission),
    toResponse: ({ role, permissions: { nodes, totalCount } }, { query }) => {
      if (!role) throw notFound('Role');
      return listOut(query, totalCount, nodes.map(permissionOut));
    },
  }),
  route({
    ...rolePermissions,
    method: 'post',
    summary: 'Donner une permission à un rôle',
    body: ByNumberOrName,
    operation: XcoreGrantPermissionOperation,
    check: oneOfBoth,
    toVariables: grantOf,
    fields: { permissionId: 'permission_id' },
    response: z.object({ message: z.string() }),
    toResponse: () => ({ message: 'Permission accordée avec succès' }),
    examples: { body: { name: 'users:read' }, response: { message: 'Permission accordée avec succès' } },
  }),
  route({
    ...rolePermissions,
    method: 'delete',
    summary: "Retirer une permission d'un rôle",
    body: ByNumberOrName,
    operation: XcoreRevokePermissionOperation,
    check: oneOfBoth,
    toVariables: grantOf,
    fields: { permissionId: 'permission_id' },
    examples: { body: { name: 'users:read' } },
  }),
];
