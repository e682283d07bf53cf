import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { can, requirePermission, requireSignedIn } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { nodeIdOf } from '../../../lib/node-id.js';
import { seesEverybody } from '../identity.policy.js';
import { roleAssignmentReads, userReads } from '../identity.reads.js';
import { personNumber } from '../people/person-number.js';
import { assignRole } from './assign-role.js';
import { removeRole } from './remove-role.js';
import { RoleAssignment } from './role-assignment.entity.js';
import {
  AssignRoleInput,
  AssignRolePayload,
  RemoveRoleInput,
  RemoveRolePayload,
  SetUserRolesInput,
  SetUserRolesPayload,
  RoleAssignmentConnection,
  type RoleAssignmentFilter,
  RoleAssignmentListArgs,
} from './role-assignment.inputs.js';
import { setUserRoles } from './set-user-roles.js';

const assignmentPayload = payloadOf('roleAssignment', roleAssignmentReads);
const userPayload = payloadOf('user', userReads);

@Resolver(() => RoleAssignment)
export class RoleAssignmentResolver {
  @Planned
  @Query(() => RoleAssignmentConnection, {
    description: "Who holds which role within which bounds: one's own by `userId`; anybody's needs `roles:read`.",
  })
  async roleAssignments(
    @Ctx() { viewer, db, read }: Context,
    @Args(() => RoleAssignmentListArgs) args: ListArgs<RoleAssignmentFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<RoleAssignment>> {
    const me = requireSignedIn(viewer).userId;
    const { userId, roleId } = args.filter ?? {};
    const person = userId == null ? undefined : await personNumber(db, userId);
    if (userId == null) requirePermission(viewer, 'roles:read');
    else if (person === undefined) throw notFound('User');
    else if (person !== me && !can(viewer, 'roles:read')) {
      throw seesEverybody(viewer) ? forbidden('This needs the permission roles:read', 'permission') : notFound('User');
    }
    return read.list(
      roleAssignmentReads,
      { ...args, filter: { ...(person !== undefined && { userId: person }), ...(roleId != null && { roleId }) } },
      info,
    );
  }

  @Extensions({ needs: ['validFrom', 'validTo'] })
  @FieldResolver(() => Boolean, { description: 'True within its period, both days included.' })
  isValidToday(@Root() { validFrom, validTo }: RoleAssignment, @Ctx() { services }: Context): boolean {
    const today = services.now().toISOString().slice(0, 10);
    return (validFrom == null || validFrom <= today) && (validTo == null || today <= validTo);
  }

  @Mutation(() => AssignRolePayload, {
    description: 'Gives a person a role within bounds; needs `roles:read` and `roles:write`.',
  })
  async assignRole(
    @Ctx() ctx: Context,
    @Arg('input', () => AssignRoleInput, { description: 'Whom, which and within what.' }) input: AssignRoleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AssignRolePayload> {
    const { userId, assignmentId } = await assignRole(ctx, input);
    return { ...(await assignmentPayload(ctx, assignmentId, info)), ...(await userPayload(ctx, userId, info)) };
  }

  @Mutation(() => RemoveRolePayload, {
    description: 'Takes a role from a person, in one scope or in all; needs `roles:read` and `roles:write`.',
  })
  async removeRole(
    @Ctx() ctx: Context,
    @Arg('input', () => RemoveRoleInput, { description: 'Whom and which.' }) input: RemoveRoleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RemoveRolePayload> {
    const { userId, deletedIds } = await removeRole(ctx, input);
    return {
      deletedIds,
      deletedNodeIds: deletedIds.map((id) => nodeIdOf('RoleAssignment', id)),
      ...(await userPayload(ctx, userId, info)),
    };
  }

  @Mutation(() => SetUserRolesPayload, {
    description:
      'Makes these the roles that a person holds: others are taken, those that they hold stay as they are bounded. ' +
      'Needs `roles:read` and `roles:write`.',
  })
  async setUserRoles(
    @Ctx() ctx: Context,
    @Arg('input', () => SetUserRolesInput, { description: 'Whose and which.' }) input: SetUserRolesInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SetUserRolesPayload> {
    const { userId } = await setUserRoles(ctx, input);
    return userPayload(ctx, userId, info);
  }
}
