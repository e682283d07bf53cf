import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Frequency } from '../../../kernel/frequency.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { longestInterval } from '../../../lib/occurrences.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { RecurrenceRule } from './recurrence-rule.entity.js';
import { recurrenceRuleReads } from './recurrence-rule.reads.js';

export const RecurrenceRuleConnection = connectionType('RecurrenceRule', () => RecurrenceRule);

@InputType({ description: 'Conditions on rules; all that are given must hold.' })
export class RecurrenceRuleFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'That write into this bank account.' })
  accountId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only those that were stopped. Default: only the others.',
  })
  isStopped?: boolean | null;
}

export const RecurrenceRuleListArgs = listArgs('RecurrenceRule', recurrenceRuleReads.list, RecurrenceRuleFilter);

@InputType({ description: 'When a transaction happens again.' })
export class RecurrenceInput {
  @Field(() => Frequency, { description: 'How often.' })
  frequency!: Frequency;

  @Field(() => Int, {
    nullable: true,
    description: `Every how many days, weeks, months or years: 1 to ${longestInterval}, 1 by default.`,
  })
  interval?: number | null;

  @Field(() => CalendarDate, {
    nullable: true,
    description: "Day from which the others are counted; the transaction's own by default. What is past is caught up.",
  })
  startDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which it may happen.' })
  endDate?: string | null;
}

@InputType({ description: 'Changes to a rule, for what is to come; what is absent stays.' })
export class UpdateRecurrenceRuleInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;

  @Field(() => Frequency, { nullable: true, description: 'How often.' })
  frequency?: Frequency | null;

  @Field(() => Int, { nullable: true, description: `Every how many: 1 to ${longestInterval}.` })
  interval?: number | null;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Day from which the others are counted. The next one lies in a later period than the last.',
  })
  startDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which it may happen; null: it has no end.' })
  endDate?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the bank account that is written into from now on.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the category; null: none.' })
  categoryId?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Negative when it leaves the account.' })
  amount?: string | null;

  @Field(() => String, { nullable: true, description: 'What they are called: 1 to 500 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'All labels anew; null removes them.' })
  labels?: string[] | null;
}

@InputType({ description: 'Which rule.' })
export class StopRecurrenceRuleInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;
}

@InputType({ description: 'Which day of a rule to leave out.' })
export class SkipOccurrenceInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;

  @Field(() => CalendarDate, { description: 'A day on which it would happen.' })
  date!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A rule after a change.' })
export class RecurrenceRulePayload {
  @Field(() => RecurrenceRule, { description: 'The rule as it is now.' })
  recurrenceRule!: RecurrenceRule;
}

@ObjectType({ simpleResolvers: true, description: 'A transaction that a rule has yet to write.' })
export class PendingOccurrence {
  @Field(() => CalendarDate, { description: 'Its own day.' })
  date!: string;

  @Field(() => Decimal, { description: 'Amount.' })
  amount!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A balance at the end of a day.' })
export class ForecastPoint {
  @Field(() => CalendarDate, { description: 'The day.' })
  date!: string;

  @Field(() => Decimal, { description: 'The balance.' })
  balance!: string;
}

@ObjectType({ simpleResolvers: true, description: 'How a balance will move by what is known today.' })
export class BalanceForecast {
  @Field(() => BankAccount, {
    nullable: true,
    description: "The account; null: all of the viewer's own in the currency together.",
  })
  account!: BankAccount | null;

  @Field(() => String, { description: 'ISO 4217 code of all amounts.' })
  currency!: string;

  @Field(() => [ForecastPoint], { description: 'One for each day, from today on.' })
  points!: ForecastPoint[];
}
