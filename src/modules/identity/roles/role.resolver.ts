import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  FieldResolver,
  ID,
  Info,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { givenFilter } from '../../../kernel/read-model.js';
import { can, requirePermission } from '../../../kernel/viewer.js';
import { rowId } from '../../../lib/row-id.js';
import { permissionReads, roleReads } from '../identity.reads.js';
import {
  createPermission,
  deletePermission,
  grantPermission,
  revokePermission,
  updatePermission,
} from './manage-permissions.js';
import { createRole, deleteRole, updateRole } from './manage-roles.js';
import { Permission } from './permission.entity.js';
import { Role } from './role.entity.js';
import {
  CreatePermissionInput,
  CreateRoleInput,
  DeletePermissionInput,
  DeleteRoleInput,
  GrantPermissionInput,
  PermissionConnection,
  PermissionListArgs,
  PermissionPayload,
  RoleConnection,
  RevokePermissionInput,
  RoleListArgs,
  RolePayload,
  UpdatePermissionInput,
  UpdateRoleInput,
} from './role.inputs.js';

const payload = payloadOf('role', roleReads);
const permissionPayload = payloadOf('permission', permissionReads);

@Resolver(() => Role)
export class RoleResolver {
  @Planned
  @Query(() => RoleConnection, { description: 'Roles; needs `roles:read`.' })
  async roles(
    @Ctx() { viewer, read }: Context,
    @Args(() => RoleListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Role>> {
    requirePermission(viewer, 'roles:read');
    return read.list(roleReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => Role, { nullable: true, description: 'A role; needs `roles:read`. Null when there is none.' })
  async role(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the role.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Role | undefined> {
    requirePermission(viewer, 'roles:read');
    return rowId(id) === undefined ? undefined : read.one(roleReads, id, info);
  }

  @Planned
  @Query(() => PermissionConnection, { description: 'Everything that roles may allow; needs `roles:read`.' })
  async permissions(
    @Ctx() { viewer, read }: Context,
    @Args(() => PermissionListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Permission>> {
    requirePermission(viewer, 'roles:read');
    return read.list(permissionReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => Permission, {
    nullable: true,
    description: 'A permission; needs `roles:read`. Null when there is none.',
  })
  async permission(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the permission.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Permission | undefined> {
    requirePermission(viewer, 'roles:read');
    return rowId(id) === undefined ? undefined : read.one(permissionReads, id, info);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many people hold the role; null without `roles:read`.',
  })
  async userCount(@Root() role: Role, @Ctx() { viewer, load }: Context): Promise<number | null> {
    return can(viewer, 'roles:read') ? load.roleUsers.load(Number(role.id)) : null;
  }

  @Mutation(() => RolePayload, { description: 'Makes a role; needs `roles:read` and `roles:write`.' })
  async createRole(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateRoleInput, { description: 'The role.' }) input: CreateRoleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RolePayload> {
    const { roleId } = await createRole(ctx, input);
    return payload(ctx, roleId, info);
  }

  @Mutation(() => RolePayload, { description: 'Changes a role; needs `roles:read` and `roles:write`.' })
  async updateRole(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateRoleInput, { description: 'The changes.' }) input: UpdateRoleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RolePayload> {
    const { roleId } = await updateRole(ctx, input);
    return payload(ctx, roleId, info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a role that is no system role; needs `roles:read` and `roles:write`.',
  })
  async deleteRole(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteRoleInput, { description: 'Which role.' }) { id }: DeleteRoleInput,
  ): Promise<DeletedPayload> {
    return deleted('Role', await deleteRole(ctx, id));
  }

  @Mutation(() => RolePayload, { description: 'Lets a role do something; needs `roles:read` and `roles:write`.' })
  async grantPermission(
    @Ctx() ctx: Context,
    @Arg('input', () => GrantPermissionInput, { description: 'Role and permission.' }) input: GrantPermissionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RolePayload> {
    const { roleId } = await grantPermission(ctx, input);
    return payload(ctx, roleId, info);
  }

  @Mutation(() => RolePayload, { description: 'Takes a permission from a role; needs `roles:read` and `roles:write`.' })
  async revokePermission(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokePermissionInput, { description: 'Role and permission.' }) input: RevokePermissionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RolePayload> {
    const { roleId } = await revokePermission(ctx, input);
    return payload(ctx, roleId, info);
  }

  @Mutation(() => PermissionPayload, {
    description: 'Names something that roles may allow; needs `roles:read` and `roles:write`.',
  })
  async createPermission(
    @Ctx() ctx: Context,
    @Arg('input', () => CreatePermissionInput, { description: 'The permission.' }) input: CreatePermissionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PermissionPayload> {
    const { permissionId } = await createPermission(ctx, input);
    return permissionPayload(ctx, permissionId, info);
  }

  @Mutation(() => PermissionPayload, {
    description:
      'Changes a permission; roles keep it under its new name. Needs `roles:read` and `roles:write`, and the ' +
      'permission.',
  })
  async updatePermission(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdatePermissionInput, { description: 'The changes.' }) input: UpdatePermissionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PermissionPayload> {
    const { permissionId } = await updatePermission(ctx, input);
    return permissionPayload(ctx, permissionId, info);
  }

  @Mutation(() => DeletedPayload, {
    description:
      "Deletes a permission of one's own making; roles lose it. Needs `roles:read` and `roles:write`, and the " +
      'permission.',
  })
  async deletePermission(
    @Ctx() ctx: Context,
    @Arg('input', () => DeletePermissionInput, { description: 'Which permission.' }) { id }: DeletePermissionInput,
  ): Promise<DeletedPayload> {
    return deleted('Permission', await deletePermission(ctx, id));
  }
}
