import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { ApprovalRule } from './approval-rule.entity.js';
import {
  ApprovalRuleConnection,
  ApprovalRuleListArgs,
  ApprovalRulePayload,
  CreateApprovalRuleInput,
  DeleteApprovalRuleInput,
  UpdateApprovalRuleInput,
} from './approval-rule.inputs.js';
import { approvalRuleReads } from './approval.reads.js';
import { deleteApprovalRule, saveApprovalRule } from './save-approval-rule.js';

const payload = payloadOf('approvalRule', approvalRuleReads);

@Resolver(() => ApprovalRule)
export class ApprovalRuleResolver {
  @Planned
  @Query(() => ApprovalRuleConnection, { description: 'The rules of approval.' })
  approvalRules(
    @Ctx() { viewer, read }: Context,
    @Args(() => ApprovalRuleListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ApprovalRule>> {
    requireSignedIn(viewer);
    return read.list(approvalRuleReads, args, info);
  }

  @Planned
  @Query(() => ApprovalRule, { nullable: true, description: 'One rule of approval; null when there is none.' })
  async approvalRule(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the rule.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalRule | undefined> {
    requireSignedIn(viewer);
    return read.one(approvalRuleReads, id, info);
  }

  @Mutation(() => ApprovalRulePayload, { description: 'Makes a rule; needs `approval_rules:write`.' })
  async createApprovalRule(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateApprovalRuleInput, { description: 'The rule.' }) input: CreateApprovalRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalRulePayload> {
    return payload(ctx, await saveApprovalRule(ctx, input), info);
  }

  @Mutation(() => ApprovalRulePayload, {
    description: 'Changes a rule for what is submitted from now on; needs `approval_rules:write`.',
  })
  async updateApprovalRule(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateApprovalRuleInput, { description: 'The changes.' }) input: UpdateApprovalRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalRulePayload> {
    return payload(ctx, await saveApprovalRule(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a rule; what it sent into approval stays there. Needs `approval_rules:write`.',
  })
  async deleteApprovalRule(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteApprovalRuleInput, { description: 'The rule.' }) { id }: DeleteApprovalRuleInput,
  ): Promise<DeletedPayload> {
    await deleteApprovalRule(ctx, id);
    return deleted('ApprovalRule', id);
  }
}
