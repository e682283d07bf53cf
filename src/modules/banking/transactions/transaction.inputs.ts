import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { RecurrenceInput } from '../recurrences/recurrence-rule.inputs.js';
import { Transaction } from './transaction.entity.js';
import { transactionReads } from './transaction.reads.js';

export const TransactionConnection = connectionType('Transaction', () => Transaction);

@InputType({ description: 'Conditions on transactions; all that are given must hold.' })
export class TransactionFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this bank account.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'With this category, as a whole or in a part; null: without one.' })
  categoryId?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'On this day or later.' })
  startDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'On this day or earlier.' })
  endDate?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Signed amount at least this.' })
  amountMin?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Signed amount at most this.' })
  amountMax?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only those of a rule; false: only those that happened once.',
  })
  isRecurring?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Of this rule.' })
  recurrenceRuleId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only legs of transfers; false: all but those.' })
  isTransfer?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only reconciled ones; false: only those that are not.' })
  isReconciled?: boolean | null;

  @Field(() => String, { nullable: true, description: 'With exactly this label.' })
  label?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'With this text in its description, without regard to case and accents.',
  })
  search?: string | null;
}

export const TransactionListArgs = listArgs('Transaction', transactionReads.list, TransactionFilter);

@InputType({ description: 'A part of a transaction with a category of its own.' })
export class TransactionSplitInput {
  @Field(() => ID, { nullable: true, description: 'Number of its category.' })
  categoryId?: string | null;

  @Field(() => Decimal, { description: 'The part of the amount.' })
  amount!: string;

  @Field(() => String, { nullable: true, description: 'A word on the part: at most 500 characters.' })
  description?: string | null;
}

@InputType({ description: 'A new transaction.' })
export class CreateTransactionInput {
  @Field(() => ID, { description: 'Number of the bank account.' })
  accountId!: string;

  @Field(() => ID, { nullable: true, description: 'Number of its category.' })
  categoryId?: string | null;

  @Field(() => Decimal, { description: 'Negative when it leaves the account; at most two decimals.' })
  amount!: string;

  @Field(() => String, { description: 'What it is: 1 to 500 characters.' })
  description!: string;

  @Field(() => CalendarDate, { description: 'Day on which it counts, from 1900 to 2199.' })
  transactionDate!: string;

  @Field(() => [String], { nullable: true, description: 'At most 20 labels of 50 characters.' })
  labels?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What there is to note: at most 5000 characters.' })
  notes?: string | null;

  @Field(() => [TransactionSplitInput], {
    nullable: true,
    description: 'At most 50 parts that add up to the amount, instead of a category.',
  })
  splits?: TransactionSplitInput[] | null;

  @Field(() => RecurrenceInput, {
    nullable: true,
    description: 'It happens again: a rule writes the others, those of days that have passed at once. Not with parts.',
  })
  recurrence?: RecurrenceInput | null;
}

@InputType({
  description: 'Changes to a transaction; what is absent stays. Amount, day and account of a leg are the transfer’s.',
})
export class UpdateTransactionInput {
  @Field(() => ID, { description: 'Number of the transaction.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Number of the bank account that it moves to.' })
  accountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of its category, instead of parts; null removes it.' })
  categoryId?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Negative when it leaves the account.' })
  amount?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is: 1 to 500 characters.' })
  description?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Day on which it counts.' })
  transactionDate?: string | null;

  @Field(() => [String], { nullable: true, description: 'All its labels anew; null removes them.' })
  labels?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What there is to note; null empties it.' })
  notes?: string | null;

  @Field(() => [TransactionSplitInput], {
    nullable: true,
    description: 'All its parts anew; an empty list makes it whole.',
  })
  splits?: TransactionSplitInput[] | null;
}

@InputType({ description: 'Which transaction.' })
export class DeleteTransactionInput {
  @Field(() => ID, { description: 'Number of the transaction.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A transaction after a change.' })
export class TransactionPayload {
  @Field(() => Transaction, { description: 'The transaction as it is now.' })
  transaction!: Transaction;
}
