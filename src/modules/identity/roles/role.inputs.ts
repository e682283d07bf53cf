import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { permissionReads, roleReads } from '../identity.reads.js';
import { Permission } from './permission.entity.js';
import { Role } from './role.entity.js';

export const RoleConnection = connectionType('Role', () => Role);

@InputType({ description: 'Conditions on roles.' })
export class RoleFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name or the description.' })
  search?: string;

  @Field(() => [String], { nullable: true, description: 'Called one of these.' })
  names?: string[];
}

export const RoleListArgs = listArgs('Role', roleReads.list, RoleFilter);

export const PermissionConnection = connectionType('Permission', () => Permission);

@InputType({ description: 'Conditions on permissions.' })
export class PermissionFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'About this kind of thing, such as `documents`.' })
  resource?: string;

  @Field(() => ID, { nullable: true, description: 'What this role allows.' })
  roleId?: string;
}

export const PermissionListArgs = listArgs('Permission', permissionReads.list, PermissionFilter);

@InputType({ description: 'A new role.' })
export class CreateRoleInput {
  @Field(() => String, { description: 'Unique name: a letter, then up to 49 letters, digits, _ or -.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  description?: string | null;
}

@InputType({ description: 'What changes of a role: the given fields only.' })
export class UpdateRoleInput {
  @Field(() => ID, { description: 'Number of the role.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Unique name; a system role keeps its own.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  description?: string | null;
}

@InputType({ description: 'Which role.' })
export class DeleteRoleInput {
  @Field(() => ID, { description: 'Number of the role.' })
  id!: string;
}

@InputType()
abstract class GrantInput {
  @Field(() => ID, { description: 'Number of the role.' })
  roleId!: string;

  @Field(() => ID, { description: 'Number of the permission, or its name `resource:action`.' })
  permissionId!: string;
}

@InputType({ description: 'What to let a role do.' })
export class GrantPermissionInput extends GrantInput {}

@InputType({ description: 'What to take from a role.' })
export class RevokePermissionInput extends GrantInput {}

@InputType({ description: 'A new permission.' })
export class CreatePermissionInput {
  @Field(() => String, { description: 'The kind of thing, such as `reports`, or `*`.' })
  resource!: string;

  @Field(() => String, { description: 'What may be done, such as `generate`, or `*`.' })
  action!: string;

  @Field(() => String, { nullable: true, description: 'What it allows, in words.' })
  description?: string | null;
}

@InputType({ description: 'What changes of a permission: the given fields only.' })
export class UpdatePermissionInput {
  @Field(() => ID, { description: 'Number of the permission, or its name `resource:action`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The kind of thing, such as `reports`, or `*`.' })
  resource?: string | null;

  @Field(() => String, { nullable: true, description: 'What may be done, such as `generate`, or `*`.' })
  action?: string | null;

  @Field(() => String, { nullable: true, description: 'What it allows, in words.' })
  description?: string | null;
}

@InputType({ description: 'Which permission.' })
export class DeletePermissionInput {
  @Field(() => ID, { description: 'Number of the permission, or its name `resource:action`.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The role after the change.' })
export class RolePayload {
  @Field(() => Role, { description: 'The role.' })
  role!: Role;
}

@ObjectType({ simpleResolvers: true, description: 'The permission after the change.' })
export class PermissionPayload {
  @Field(() => Permission, { description: 'The permission.' })
  permission!: Permission;
}
