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
import { payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { occurrencesBetween } from '../../../lib/occurrences.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { bankAccountReads } from '../accounts/bank-account.reads.js';
import { CurrencyArg } from '../statistics/statistics.types.js';
import { forecastBalance, longestForecast } from './forecast-balance.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';
import {
  BalanceForecast,
  PendingOccurrence,
  RecurrenceRuleConnection,
  type RecurrenceRuleFilter,
  RecurrenceRuleListArgs,
  RecurrenceRulePayload,
  SkipOccurrenceInput,
  StopRecurrenceRuleInput,
  UpdateRecurrenceRuleInput,
} from './recurrence-rule.inputs.js';
import { recurrenceRuleReads } from './recurrence-rule.reads.js';
import { skipOccurrence } from './skip-occurrence.js';
import { stopRecurrenceRule } from './stop-recurrence-rule.js';
import { updateRecurrenceRule } from './update-recurrence-rule.js';

const payload = payloadOf('recurrenceRule', recurrenceRuleReads);
const mostPending = 1000;

@Resolver(() => RecurrenceRule)
export class RecurrenceRuleResolver {
  @Planned
  @Query(() => RecurrenceRuleConnection, {
    description: 'Rules that write into the accounts that the viewer may see, without those that were stopped.',
  })
  recurrenceRules(
    @Ctx() { viewer, read }: Context,
    @Args(() => RecurrenceRuleListArgs) args: ListArgs<RecurrenceRuleFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<RecurrenceRule>> {
    requireSignedIn(viewer);
    return read.list(recurrenceRuleReads, args, info);
  }

  @Planned
  @Query(() => RecurrenceRule, {
    nullable: true,
    description: 'One rule, also one that was stopped; null when there is none that the viewer may see.',
  })
  async recurrenceRule(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the rule.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecurrenceRule | undefined> {
    requireSignedIn(viewer);
    return read.one(recurrenceRuleReads, id, info);
  }

  @Query(() => BalanceForecast, {
    description:
      'How a balance will move by the rules and by transactions of later days. What would overdraw a savings account ' +
      'waits.',
  })
  async balanceForecast(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg('accountId', () => ID, {
      nullable: true,
      description: "Of this bank account; absent: all of one's own in one currency.",
    })
    accountId?: string | null,
    @Arg('days', () => Int, {
      defaultValue: 90,
      description: `How many days from tomorrow on: 1 to ${longestForecast}.`,
    })
    days = 90,
    @CurrencyArg currency?: string | null,
  ): Promise<BalanceForecast> {
    const { accountId: id, ...forecast } = await forecastBalance(ctx, { accountId, days, currency });
    const account = id === null ? undefined : await ctx.read.one(bankAccountReads, id, info, { path: ['account'] });
    return { account: account ?? null, ...forecast };
  }

  @Mutation(() => RecurrenceRulePayload, {
    description: 'Changes what is to come of a rule; what it wrote stays as it is.',
  })
  async updateRecurrenceRule(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateRecurrenceRuleInput, { description: 'The changes.' }) input: UpdateRecurrenceRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecurrenceRulePayload> {
    return payload(ctx, await updateRecurrenceRule(ctx, input), info);
  }

  @Mutation(() => RecurrenceRulePayload, { description: 'Ends a rule; what it wrote stays.' })
  async stopRecurrenceRule(
    @Ctx() ctx: Context,
    @Arg('input', () => StopRecurrenceRuleInput, { description: 'The rule.' }) { id }: StopRecurrenceRuleInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecurrenceRulePayload> {
    return payload(ctx, await stopRecurrenceRule(ctx, id), info);
  }

  @Mutation(() => RecurrenceRulePayload, { description: 'Leaves out one day of a rule, pending or to come.' })
  async skipOccurrence(
    @Ctx() ctx: Context,
    @Arg('input', () => SkipOccurrenceInput, { description: 'The rule and the day.' }) input: SkipOccurrenceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecurrenceRulePayload> {
    return payload(ctx, await skipOccurrence(ctx, input), info);
  }

  @Extensions({
    needs: ['amount', 'createdById', 'endDate', 'frequency', 'interval', 'nextOccurrence', 'skippedDates', 'startDate'],
  })
  @FieldResolver(() => [PendingOccurrence], {
    description:
      'What was due by today and is not written, the earliest first: the next run of the job writes it, unless a ' +
      `savings account would be overdrawn. At most ${mostPending}.`,
  })
  async pendingOccurrences(
    @Root() rule: RecurrenceRule,
    @Ctx() { load, services }: Context,
  ): Promise<PendingOccurrence[]> {
    if (!rule.nextOccurrence) return [];
    const zone = await load.timeZones.load(Number(rule.createdById));
    const until = dayIn(zone ?? services.config.timeZone, services.now());
    const schedule = { ...rule, endDate: rule.endDate ?? null };
    return occurrencesBetween(schedule, { from: rule.nextOccurrence, until, limit: mostPending })
      .filter((date) => !rule.skippedDates.includes(date))
      .map((date) => ({ date, amount: rule.amount }));
  }
}
