import { nameHash } from '../../../src/modules/identity/sessions/throttle-login.js';
import { unique } from '../objects.js';
import { accountRights, roleRights } from '../people.js';
import { change, graphqlCells as cells, type GraphqlRow, inPerson, input } from '../row.js';

/** People and their roles. */
export const accountMutationRows: Record<string, GraphqlRow> = {
  createUser: {
    who: accountRights,
    document: change('createUser', 'CreateUserInput', 'user { id }'),
    variables: input(() => ({ email: `${unique('person')}@example.org`, password: 'Motdepasse-1' })),
    expect: cells.grantedWrite,
  },
  updateUser: {
    document: change('updateUser', 'UpdateUserInput', 'user { id }'),
    variables: input(({ right }) => ({ id: String(right.id), firstName: unique('Prenom') })),
    expect: cells.ownWrite,
  },
  changePassword: {
    usesUp: true,
    document: change('changePassword', 'ChangePasswordInput', 'user { id }'),
    variables: input(({ right, admin }) => ({
      id: String(right.id),
      currentPassword: right.password,
      newPassword: 'Autrement-2',
      // Of an administrator who sets it.
      password: admin.password,
    })),
    expect: inPerson(cells.ownWrite),
  },
  activateUser: {
    who: accountRights,
    document: change('activateUser', 'ActivateUserInput', 'user { isActive }'),
    variables: input(async ({ make }) => ({ id: String((await make.person({ isActive: false })).id) })),
    expect: cells.grantedWrite,
  },
  deactivateUser: {
    who: accountRights,
    document: change('deactivateUser', 'DeactivateUserInput', 'user { isActive }'),
    variables: input(async ({ server }) => ({ id: String((await server.person()).id) })),
    expect: cells.grantedWrite,
  },
  deleteUser: {
    who: 'admin',
    document: change('deleteUser', 'DeleteUserInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.person()).uuid })),
    expect: { ...cells.grantedWrite, other: 'NOT_FOUND' },
  },
  deleteOwnAccount: {
    usesUp: true,
    document: change('deleteOwnAccount', 'DeleteOwnAccountInput', 'deletedId'),
    // Everybody's password is the same.
    variables: input(({ right }) => ({ password: right.password })),
    expect: inPerson(cells.anyWrite),
  },
  assignRole: {
    who: roleRights,
    document: change('assignRole', 'AssignRoleInput', 'user { id }'),
    variables: input(async ({ other, make }) => ({ userId: String(other.id), roleId: (await make.role()).id })),
    expect: cells.grantedWrite,
  },
  removeRole: {
    who: roleRights,
    document: change('removeRole', 'RemoveRoleInput', 'user { id }'),
    variables: input(async ({ other, make }) => ({
      userId: String(other.id),
      roleId: (await make.role({ holder: other })).id,
    })),
    expect: cells.grantedWrite,
  },
  createRole: {
    who: roleRights,
    document: change('createRole', 'CreateRoleInput', 'role { id }'),
    variables: input(() => ({ name: unique('role') })),
    expect: cells.grantedWrite,
  },
  updateRole: {
    who: roleRights,
    document: change('updateRole', 'UpdateRoleInput', 'role { id }'),
    variables: input(async ({ make }) => ({ id: (await make.role()).id, description: unique('Pour') })),
    expect: cells.grantedWrite,
  },
  deleteRole: {
    who: roleRights,
    document: change('deleteRole', 'DeleteRoleInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.role()).id })),
    expect: cells.grantedWrite,
  },
  grantPermission: {
    who: roleRights,
    document: change('grantPermission', 'GrantPermissionInput', 'role { id }'),
    variables: input(async ({ make }) => ({ roleId: (await make.role()).id, permissionId: 'users:read' })),
    expect: cells.grantedWrite,
  },
  revokePermission: {
    who: roleRights,
    document: change('revokePermission', 'RevokePermissionInput', 'role { id }'),
    variables: input(async ({ make }) => ({
      roleId: (await make.role({ permission: 'users:read' })).id,
      permissionId: 'users:read',
    })),
    expect: cells.grantedWrite,
  },
  createPermission: {
    who: roleRights,
    document: change('createPermission', 'CreatePermissionInput', 'permission { id }'),
    variables: input(() => ({ resource: unique('reports'), action: 'read' })),
    expect: cells.grantedWrite,
  },

  updatePermission: {
    who: 'admin',
    document: change('updatePermission', 'UpdatePermissionInput', 'permission { id }'),
    variables: input(async ({ make }) => ({ id: (await make.permission()).id, description: unique('Pour') })),
    expect: cells.grantedWrite,
  },
  deletePermission: {
    who: 'admin',
    document: change('deletePermission', 'DeletePermissionInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.permission()).id })),
    expect: cells.grantedWrite,
  },
  setUserRoles: {
    who: roleRights,
    document: change('setUserRoles', 'SetUserRolesInput', 'user { id }'),
    variables: input(async ({ make }) => ({
      userId: String((await make.person()).id),
      roleIds: ['user', (await make.role()).id],
    })),
    expect: cells.grantedWrite,
  },

  unlockUser: {
    who: accountRights,
    document: change('unlockUser', 'UnlockUserInput', 'user { id }'),
    variables: input(async ({ make, server }) => {
      const { id, username } = await make.person();
      await server.sql('insert into login_attempts (name_hash, ip, attempted_at) values (?, ?, now())', [
        nameHash(username),
        '203.0.113.7',
      ]);
      return { id: String(id) };
    }),
    expect: cells.grantedWrite,
  },
};
