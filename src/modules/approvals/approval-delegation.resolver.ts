import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import {
  ApprovalDelegationConnection,
  ApprovalDelegationListArgs,
  ApprovalDelegationPayload,
  DelegateApprovalsInput,
  RevokeApprovalDelegationInput,
} from './approval-delegation.inputs.js';
import { approvalDelegationReads } from './approval.reads.js';
import { delegateApprovals, revokeDelegation } from './delegate-approvals.js';

const payload = payloadOf('approvalDelegation', approvalDelegationReads);

@Resolver(() => ApprovalDelegation)
export class ApprovalDelegationResolver {
  @Planned
  @Query(() => ApprovalDelegationConnection, {
    description: "Delegations from or to the viewer; everybody's for administrators of approval.",
  })
  approvalDelegations(
    @Ctx() { viewer, read }: Context,
    @Args(() => ApprovalDelegationListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ApprovalDelegation>> {
    requireSignedIn(viewer);
    return read.list(approvalDelegationReads, args, info);
  }

  @Mutation(() => ApprovalDelegationPayload, {
    description: 'Lets another person decide with a right for some days. In person only.',
  })
  async delegateApprovals(
    @Ctx() ctx: Context,
    @Arg('input', () => DelegateApprovalsInput, { description: 'Whose right, to whom, when.' })
    input: DelegateApprovalsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalDelegationPayload> {
    return payload(ctx, await delegateApprovals(ctx, input), info);
  }

  @Mutation(() => ApprovalDelegationPayload, { description: 'Ends a delegation at once. In person only.' })
  async revokeApprovalDelegation(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeApprovalDelegationInput, { description: 'Which one.' }) {
      id,
    }: RevokeApprovalDelegationInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalDelegationPayload> {
    await revokeDelegation(ctx, id);
    return payload(ctx, id, info);
  }
}
