import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Problem, type Reply, type Route, route } from '../engine/route.js';
import { envelope, notFoundWords } from './envelope.js';
import { listOf, listOut, listQuery, listVariables, moment } from './lists.js';
import {
  XcoreActivateUserOperation,
  XcoreAssignRoleOperation,
  XcoreDeactivateUserOperation,
  XcoreDeleteUserOperation,
  XcoreListUsersOperation,
  XcoreReadUserOperation,
  XcoreRemoveRoleOperation,
  XcoreSetUserRolesOperation,
  type XcoreUserFragment,
} from './operations.gen.js';

const User = z
  .object({
    id: z.int(),
    email: z.string(),
    full_name: z.string(),
    is_active: z.boolean(),
    roles: z.array(z.string()),
    last_login: moment.nullable(),
    created_at: moment,
  })
  .meta({ id: 'AdministeredUser' });
const Activity = z.object({ id: z.int(), is_active: z.boolean() }).meta({ id: 'UserActivity' });

const userOut = (user: XcoreUserFragment): z.input<typeof User> => ({
  id: Number(user.id),
  email: user.email ?? '',
  full_name: user.fullName,
  is_active: user.isActive,
  roles: user.roles.map(({ name }) => name),
  last_login: user.lastLoginAt ?? null,
  created_at: user.createdAt,
});

const UserParams = z.object({ user_id: pathNumber("Numéro de l'utilisateur") });
const RoleOfUserParams = UserParams.extend({
  role_id: pathNumber('Numéro du rôle', 2),
});
const roleOfUser = ({ user_id, role_id }: z.output<typeof RoleOfUserParams>) => ({ userId: user_id, roleId: role_id });

/** In a path, a role that does not exist is 404 and no mistake in a field. */
const unknownRole = ({ code, fields, ...problem }: Problem): Reply | undefined =>
  code === 'BAD_USER_INPUT' && fields.some(({ name }) => name === 'roleId')
    ? {
        status: 404,
        json: envelope({ ...problem, status: 404, code: 'NOT_FOUND', message: notFoundWords.Role, fields: [] }),
      }
    : undefined;

/** A role by its number or its name. */
const RoleRef = z
  .union([z.int().transform(String), z.string()])
  .meta({ description: 'Numéro ou nom', example: 'user' });
const RoleRefs = z.array(RoleRef).max(100);
/** The list by itself, or under one of two names. */
const NewRoles = z.union([RoleRefs, z.object({ roles: RoleRefs.optional(), role_ids: RoleRefs.optional() })]);
const rolesOf = (body: z.output<typeof NewRoles>): readonly string[] | undefined =>
  Array.isArray(body) ? body : (body.roles ?? body.role_ids);

const example = {
  id: 1,
  email: 'user@example.com',
  full_name: 'John Doe',
  is_active: true,
  roles: ['user'],
  last_login: '2024-01-15T10:30:00Z',
  created_at: '2024-01-01T00:00:00Z',
};

/** xcore.md, « Gestion Utilisateurs ». */
export const userRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/admin/users',
    section: 'xcore.md#get-adminusers',
    summary: 'Lister tous les utilisateurs',
    credential: 'required',
    query: listQuery(['id', 'email', 'full_name', 'created_at', 'last_login']).extend({
      search: z.string().max(200).optional().meta({ description: 'Recherche par email/nom' }),
      is_active: z
        .stringbool()
        .optional()
        .meta({ description: 'Filtrer par statut', override: { type: 'boolean' } }),
    }),
    operation: XcoreListUsersOperation,
    toVariables: ({ query: { search, is_active, sort_by, ...query } }) => ({
      ...listVariables({ ...query, sort_by: sort_by === 'last_login' ? 'last_login_at' : sort_by }),
      filter: { ...(search && { search }), ...(is_active !== undefined && { isActive: is_active }) },
    }),
    response: listOf(User),
    toResponse: ({ users: { nodes, totalCount } }, { query }) => listOut(query, totalCount, nodes.map(userOut)),
    examples: { response: { total: 50, skip: 0, limit: 20, items: [example], has_more: true } },
  }),
  route({
    method: 'get',
    path: '/admin/users/:user_id',
    section: 'DECISIONS.md#3-xcore-',
    summary: 'Récupérer un utilisateur',
    credential: 'required',
    params: UserParams,
    operation: XcoreReadUserOperation,
    toVariables: ({ params }) => ({ id: params.user_id }),
    response: User,
    toResponse: ({ users: { nodes } }) => {
      const [user] = nodes;
      if (!user) throw notFound('User');
      return userOut(user);
    },
    examples: { response: example },
  }),
  route({
    method: 'delete',
    path: '/admin/users/:user_id',
    section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: 'Effacer un utilisateur',
    credential: 'required',
    permission: 'users:write',
    confirms: true,
    params: UserParams,
    operation: XcoreDeleteUserOperation,
    toVariables: ({ params }) => ({ id: params.user_id }),
  }),
  route({
    method: 'put',
    path: '/admin/users/:user_id/roles',
    section: 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: "Remplacer les rôles d'un utilisateur par une liste : `[…]`, `{roles: […]}` ou `{role_ids: […]}`",
    credential: 'required',
    params: UserParams,
    body: NewRoles,
    check: ({ body }) =>
      rolesOf(body) ? [] : [{ name: 'roles', code: 'required', message: 'Ce champ est obligatoire' }],
    operation: XcoreSetUserRolesOperation,
    toVariables: ({ params, body }) => ({ input: { userId: params.user_id, roleIds: [...(rolesOf(body) ?? [])] } }),
    fields: { roleIds: 'roles' },
    response: User,
    toResponse: ({ setUserRoles: { user } }) => userOut(user),
    examples: { body: { roles: ['user'] }, response: example },
  }),
  route({
    method: 'post',
    path: '/admin/users/:user_id/roles/:role_id',
    section: 'xcore.md#post-adminusersuser_idrolesrole_id',
    summary: 'Assigner un rôle à un utilisateur',
    credential: 'required',
    params: RoleOfUserParams,
    operation: XcoreAssignRoleOperation,
    toVariables: ({ params }) => ({ input: { ...roleOfUser(params), replace: false } }),
    onProblem: unknownRole,
    response: z.object({ message: z.string() }),
    toResponse: () => ({ message: 'Rôle assigné avec succès' }),
    examples: { response: { message: 'Rôle assigné avec succès' } },
  }),
  route({
    method: 'delete',
    path: '/admin/users/:user_id/roles/:role_id',
    section: 'xcore.md#delete-adminusersuser_idrolesrole_id',
    summary: "Retirer un rôle d'un utilisateur",
    credential: 'required',
    params: RoleOfUserParams,
    operation: XcoreRemoveRoleOperation,
    toVariables: ({ params }) => ({ input: { ...roleOfUser(params), everyScope: true } }),
  }),
  route({
    method: 'post',
    path: '/admin/users/:user_id/activate',
    section: 'xcore.md#post-adminusersuser_idactivate',
    summary: 'Activer un utilisateur',
    credential: 'required',
    params: UserParams,
    operation: XcoreActivateUserOperation,
    toVariables: ({ params }) => ({ id: params.user_id }),
    response: Activity,
    toResponse: ({ activateUser: { user } }) => ({ id: Number(user.id), is_active: user.isActive }),
    examples: { response: { id: 1, is_active: true } },
  }),
  route({
    method: 'post',
    path: '/admin/users/:user_id/deactivate',
    section: 'xcore.md#post-adminusersuser_iddeactivate',
    summary: 'Désactiver un utilisateur',
    credential: 'required',
    params: UserParams,
    operation: XcoreDeactivateUserOperation,
    toVariables: ({ params }) => ({ id: params.user_id }),
    response: Activity,
    toResponse: ({ deactivateUser: { user } }) => ({ id: Number(user.id), is_active: user.isActive }),
    examples: { response: { id: 1, is_active: false } },
  }),
];
