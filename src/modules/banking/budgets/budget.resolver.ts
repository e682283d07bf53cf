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
import { Decimal } from '../../../kernel/scalars.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { percentOf } from '../../../lib/money.js';
import { daysBetween } from '../../../lib/zoned-day.js';
import { Budget } from './budget.entity.js';
import {
  BudgetConnection,
  BudgetListArgs,
  BudgetPayload,
  CreateBudgetInput,
  DeleteBudgetInput,
  UpdateBudgetInput,
} from './budget.inputs.js';
import { budgetReads } from './budget.reads.js';
import { monthlyTarget } from './monthly-target.js';
import { createBudget, deleteBudget, updateBudget } from './save-budget.js';

const payload = payloadOf('budget', budgetReads);

@Resolver(() => Budget)
export class BudgetResolver {
  @Planned
  @Query(() => BudgetConnection, { description: 'One’s own budgets.' })
  budgets(
    @Ctx() { viewer, read }: Context,
    @Args(() => BudgetListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Budget>> {
    requireSignedIn(viewer);
    return read.list(budgetReads, args, info);
  }

  @Planned
  @Query(() => Budget, { nullable: true, description: 'One budget; null when there is none of one’s own.' })
  async budget(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the budget.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Budget | undefined> {
    requireSignedIn(viewer);
    return read.one(budgetReads, id, info);
  }

  @Mutation(() => BudgetPayload, { description: 'Makes a budget.' })
  async createBudget(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateBudgetInput, { description: 'The budget.' }) input: CreateBudgetInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BudgetPayload> {
    return payload(ctx, await createBudget(ctx, input), info);
  }

  @Mutation(() => BudgetPayload, { description: 'Changes a budget of one’s own.' })
  async updateBudget(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateBudgetInput, { description: 'The changes.' }) input: UpdateBudgetInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BudgetPayload> {
    return payload(ctx, await updateBudget(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a budget of one’s own.' })
  async deleteBudget(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteBudgetInput, { description: 'The budget.' }) { id }: DeleteBudgetInput,
  ): Promise<DeletedPayload> {
    return deleted('Budget', await deleteBudget(ctx, id));
  }

  @Extensions({ needs: ['targetAmount', 'currentAmount', 'targetDate'] })
  @FieldResolver(() => Decimal, {
    description:
      'What is missing, divided by the whole months from today (in the time zone of the person) until the target ' +
      'date, at least one; 0 once there is enough.',
  })
  async monthlyTarget(@Root() budget: Budget, @Ctx() { load, viewer }: Context): Promise<string> {
    return monthlyTarget(budget, await load.today.load(requireSignedIn(viewer).userId));
  }

  @Extensions({ needs: ['targetAmount', 'currentAmount'] })
  @FieldResolver(() => Decimal, {
    description: 'What there is in percent of the target, with one decimal; more than 100 beyond it.',
  })
  progressPercentage(@Root() { currentAmount, targetAmount }: Budget): string {
    return percentOf(currentAmount, targetAmount);
  }

  @Extensions({ needs: ['targetDate'] })
  @FieldResolver(() => Int, {
    description: 'Days from today, in the time zone of the person, until the target date; 0 once it has passed.',
  })
  async daysRemaining(@Root() { targetDate }: Budget, @Ctx() { load, viewer }: Context): Promise<number> {
    return Math.max(0, daysBetween(await load.today.load(requireSignedIn(viewer).userId), targetDate));
  }
}
