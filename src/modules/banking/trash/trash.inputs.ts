import { Extensions, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { BankImportPayload } from '../imports/bank-import.inputs.js';
import { TransactionPayload } from '../transactions/transaction.inputs.js';
import { TransferPayload } from '../transfers/transfer.inputs.js';
import { RestoreLoss } from './put-back.js';

/** The field of the payloads below. */
const Lost: PropertyDecorator = (target, property) => {
  Extensions({ usualRows: 1 })(target, property);
  Field(() => [RestoreLoss], { description: 'What did not come back with it, each once; usually nothing.' })(
    target,
    property,
  );
};

@ObjectType({ simpleResolvers: true, description: 'A transaction that is back.' })
export class RestoreTransactionPayload extends TransactionPayload {
  @Lost
  lost!: RestoreLoss[];
}

@ObjectType({ simpleResolvers: true, description: 'A transfer that is back.' })
export class RestoreTransferPayload extends TransferPayload {
  @Lost
  lost!: RestoreLoss[];
}

@ObjectType({ simpleResolvers: true, description: 'An import that is back.' })
export class RestoreImportPayload extends BankImportPayload {
  @Field(() => Int, { description: 'How many transactions came back.' })
  restoredCount!: number;

  @Field(() => Int, { description: 'How many stay in the trash: a later file has brought their bookings again.' })
  leftCount!: number;

  @Lost
  lost!: RestoreLoss[];
}

@ObjectType({ simpleResolvers: true, description: 'A transaction that was deleted.' })
export class TrashedTransaction {
  @Field(() => ID, { description: 'The number that it had, for `restoreTransaction`.' })
  transactionId!: string;

  @Field(() => ID, { nullable: true, description: 'The transfer that it was a leg of, for `restoreTransfer`.' })
  transferId!: string | null;

  @Field(() => Decimal, { description: 'Negative when it had left the account.' })
  amount!: string;

  @Field(() => String, { description: 'ISO 4217 code of the account then.' })
  currency!: string;

  @Field(() => String, { description: 'What the bank or the person called it.' })
  description!: string;

  @Field(() => CalendarDate, { description: 'Day on which it counted.' })
  transactionDate!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The import with which it went when that was undone, for `restoreImport`; null: it went by itself.',
  })
  undoneImportId!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the file of that import.' })
  undoneImportName!: string | null;

  @Field(() => DateTime, { description: 'When it was deleted.' })
  deletedAt!: string;

  @Field(() => DateTime, { description: 'It is deleted for good soon after this moment.' })
  purgedAfter!: string;
}

@InputType({ description: 'Which transaction comes back.' })
export class RestoreTransactionInput {
  @Field(() => ID, { description: 'The number that it had.' })
  id!: string;
}

@InputType({ description: 'Which import comes back.' })
export class RestoreImportInput {
  @Field(() => ID, { description: 'Number of the import.' })
  id!: string;
}

@InputType({ description: 'Which transfer comes back.' })
export class RestoreTransferInput {
  @Field(() => ID, { description: 'The number that it had.' })
  id!: string;
}
