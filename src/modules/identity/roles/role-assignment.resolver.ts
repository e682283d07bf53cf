import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { can, requirePermission, requireSignedIn } from '../../../kernel/viewer.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { seesEverybody } from '../identity.policy.js';
import { roleAssignmentReads } from '../identity.reads.js';
import { personNumber } from '../people/person-number.js';
import { deleteRoleAssignment } from './delete-role-assignment.js';
import { RoleAssignment } from './role-assignment.entity.js';
import {
  DeleteRoleAssignmentInput,
  DeleteRoleAssignmentPayload,
  RoleAssignmentConnection,
  type RoleAssignmentFilter,
  RoleAssignmentListArgs,
  RoleAssignmentPayload,
  SaveRoleAssignmentInput,
} from './role-assignment.inputs.js';
import { saveRoleAssignment } from './save-role-assignment.js';

const payload = payloadOf('roleAssignment', roleAssignmentReads);

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

  @Mutation(() => RoleAssignmentPayload, {
    description: 'Gives a person a role within bounds, or sets its bounds anew; needs `roles:write`.',
  })
  async saveRoleAssignment(
    @Ctx() ctx: Context,
    @Arg('input', () => SaveRoleAssignmentInput, { description: 'Person, role and bounds.' })
    input: SaveRoleAssignmentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RoleAssignmentPayload> {
    const { assignmentId } = await saveRoleAssignment(ctx, input);
    return payload(ctx, assignmentId, info);
  }

  @Mutation(() => DeleteRoleAssignmentPayload, {
    description: 'Takes a role in one scope from a person; needs `roles:write`.',
  })
  async deleteRoleAssignment(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteRoleAssignmentInput, { description: 'Person, role and scope.' })
    input: DeleteRoleAssignmentInput,
  ): Promise<DeleteRoleAssignmentPayload> {
    return deleteRoleAssignment(ctx, input);
  }
}
