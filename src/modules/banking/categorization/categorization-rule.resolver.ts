import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { transactionReads } from '../transactions/transaction.reads.js';
import { applyCategorizationRule, dryRunCategorizationRule } from './apply-categorization-rule.js';
import { CategorizationRule } from './categorization-rule.entity.js';
import {
  ApplyCategorizationRuleInput,
  ApplyCategorizationRulePayload,
  CategorizationCondition,
  CategorizationDryRun,
  CategorizationRuleConnection,
  CategorizationRuleListArgs,
  CategorizationRulePayload,
  CreateCategorizationRuleInput,
  CreateRuleFromTransactionInput,
  DeleteCategorizationRuleInput,
  UpdateCategorizationRuleInput,
} from './categorization-rule.inputs.js';
import { categorizationRuleReads } from './categorization-rule.reads.js';
import { createRuleFromTransaction } from './create-rule-from-transaction.js';
import {
  createCategorizationRule,
  deleteCategorizationRule,
  updateCategorizationRule,
} from './save-categorization-rule.js';

const payload = payloadOf('categorizationRule', categorizationRuleReads);

@Resolver(() => CategorizationRule)
export class CategorizationRuleResolver {
  @Planned
  @Query(() => CategorizationRuleConnection, { description: 'One’s own categorisation rules, in their order.' })
  categorizationRules(
    @Ctx() { viewer, read }: Context,
    @Args(() => CategorizationRuleListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<CategorizationRule>> {
    requireSignedIn(viewer);
    return read.list(categorizationRuleReads, args, info);
  }

  @Planned
  @Query(() => CategorizationRule, {
    nullable: true,
    description: 'One categorisation rule; null when there is none that is the viewer’s.',
  })
  async categorizationRule(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the rule.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategorizationRule | undefined> {
    requireSignedIn(viewer);
    return read.one(categorizationRuleReads, id, info);
  }

  @Query(() => CategorizationDryRun, {
    description: 'What a rule, by itself, would change among the transactions without a category; changes nothing.',
  })
  async categorizationRuleDryRun(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the rule.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategorizationDryRun> {
    const { count, isComplete, transactionIds } = await dryRunCategorizationRule(ctx, id);
    const transactions = await ctx.read.many(transactionReads, transactionIds, info, { path: ['transactions'] });
    return { count, isComplete, transactions };
  }

  @Mutation(() => CategorizationRulePayload, { description: 'Makes a categorisation rule.' })
  async createCategorizationRule(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCategorizationRuleInput, { description: 'The rule.' })
    input: CreateCategorizationRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategorizationRulePayload> {
    return payload(ctx, await createCategorizationRule(ctx, input), info);
  }

  @Mutation(() => CategorizationRulePayload, {
    description: 'Makes a categorisation rule for transactions like one that there is.',
  })
  async createRuleFromTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateRuleFromTransactionInput, { description: 'The transaction.' })
    input: CreateRuleFromTransactionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategorizationRulePayload> {
    return payload(ctx, await createRuleFromTransaction(ctx, input), info);
  }

  @Mutation(() => CategorizationRulePayload, { description: 'Changes a categorisation rule, also its place.' })
  async updateCategorizationRule(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateCategorizationRuleInput, { description: 'The changes.' })
    input: UpdateCategorizationRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategorizationRulePayload> {
    return payload(ctx, await updateCategorizationRule(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a categorisation rule; what it gave stays.' })
  async deleteCategorizationRule(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteCategorizationRuleInput, { description: 'The rule.' })
    { id }: DeleteCategorizationRuleInput,
  ): Promise<DeletedPayload> {
    return deleted('CategorizationRule', await deleteCategorizationRule(ctx, id));
  }

  @Mutation(() => ApplyCategorizationRulePayload, {
    description: 'Applies a rule, by itself, to the transactions without a category in accounts that one may write.',
  })
  async applyCategorizationRule(
    @Ctx() ctx: Context,
    @Arg('input', () => ApplyCategorizationRuleInput, { description: 'The rule.' })
    { id }: ApplyCategorizationRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApplyCategorizationRulePayload> {
    const { ruleId, changedCount, isComplete } = await applyCategorizationRule(ctx, id);
    return { ...(await payload(ctx, ruleId, info)), changedCount, isComplete };
  }

  @FieldResolver(() => [CategorizationCondition], { description: 'What must hold, all of it; at most 10.' })
  @Extensions({ needs: ['conditions'] })
  conditions(@Root() { conditions }: CategorizationRule): CategorizationCondition[] {
    return conditions.map(({ field, operator, values }) => ({ field, operator, values: [...values] }));
  }
}
