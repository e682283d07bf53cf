import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { Transfer } from './transfer.entity.js';
import { transferReads } from './transfer.reads.js';

export const TransferConnection = connectionType('Transfer', () => Transfer);

@InputType({ description: 'Conditions on transfers; all that are given must hold.' })
class TransferFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'From or into this bank account.' })
  accountId?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'On this day or later.' })
  startDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'On this day or earlier.' })
  endDate?: string | null;
}

export const TransferListArgs = listArgs('Transfer', transferReads.list, TransferFilter);

@InputType({ description: 'Money to move between two bank accounts that the viewer may write.' })
export class CreateTransferInput {
  @Field(() => ID, { description: 'Number of the account that it leaves.' })
  fromAccountId!: string;

  @Field(() => ID, { description: 'Number of the account that it comes into: another one, of the same currency.' })
  toAccountId!: string;

  @Field(() => Decimal, { description: 'More than 0; at most two decimals.' })
  amount!: string;

  @Field(() => CalendarDate, { description: 'Day on which it counts, from 1900 to 2199.' })
  transferDate!: string;

  @Field(() => String, { description: 'What it is for: 1 to 500 characters; both legs get it.' })
  description!: string;
}

@InputType({ description: 'Changes to a transfer, and so to both its legs; what is absent or null stays.' })
export class UpdateTransferInput {
  @Field(() => ID, { description: 'Number of the transfer.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Number of the account that it leaves.' })
  fromAccountId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the account that it comes into.' })
  toAccountId?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'More than 0; at most two decimals.' })
  amount?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Day on which it counts.' })
  transferDate?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it is for; a leg that was given another description keeps that.',
  })
  description?: string | null;
}

@InputType({ description: 'Which transfer.' })
export class DeleteTransferInput {
  @Field(() => ID, { description: 'Number of the transfer.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A transfer after a change.' })
export class TransferPayload {
  @Field(() => Transfer, { description: 'The transfer as it is now.' })
  transfer!: Transfer;
}
