import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';
import { BankImport } from './bank-import.entity.js';

export enum BankImportRowStatus {
  NEW = 'new',
  DUPLICATE = 'duplicate',
  DUPLICATE_OF_DELETED = 'duplicate_of_deleted',
  FLAGGED = 'flagged',
  /** Never stored: a file with such a row is not taken in. */
  ERROR = 'error',
}

registerEnumType(BankImportRowStatus, {
  name: 'BankImportRowStatus',
  description: 'What a booking of a file is.',
  valuesConfig: {
    NEW: { description: 'The account does not have it yet: it becomes a transaction.' },
    DUPLICATE: { description: 'The account has it already.' },
    DUPLICATE_OF_DELETED: { description: 'Somebody deleted it: it becomes one only when its line is asked for.' },
    FLAGGED: { description: "The bank's id stands on another amount too: it becomes a marked one unless refused." },
    ERROR: { description: 'It cannot be read: its problems say why.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A booking of a file that was taken in, as the bank wrote it.' })
@Entity({ tableName: 'import_rows' })
export class BankImportRow {
  @Field(() => ID, { description: 'Number of the row.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankImport, { description: 'The import.' })
  @ManyToOne({ entity: () => BankImport, ref: true, deleteRule: 'cascade' })
  import!: Ref<BankImport>;

  /** The import's, for finding what an account knows. */
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  @Field(() => Int, {
    description: 'Of a table the line of the file, otherwise the number of the booking: both from 1.',
  })
  @Property({ type: 'integer' })
  line!: number;

  @Field(() => BankImportRowStatus, { description: 'What it was when it was taken in.' })
  @Enum({ items: () => BankImportRowStatus })
  status!: BankImportRowStatus;

  @Field(() => CalendarDate, { description: 'Day of the booking.' })
  @Property({ type: 'date' })
  transactionDate!: string;

  @Field(() => Decimal, { description: 'In the currency of the account: negative when it left.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => String, { description: 'What the bank calls it.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => String, { nullable: true, description: "The bank's own id of it; null without one." })
  @Property({ type: 'text', nullable: true })
  bankReference?: string | null;

  @Field(() => Transaction, {
    nullable: true,
    description: 'What it became, or what it was a duplicate of; null when that is gone, and when it became nothing.',
  })
  @ManyToOne({ entity: () => Transaction, ref: true, nullable: true, deleteRule: 'set null' })
  transaction?: Ref<Transaction> | null;

  /** It became a transaction, and no undo took that back: without a transaction it stands for a deleted one. */
  @Property({ type: 'boolean', default: false })
  isKnown: boolean & Opt = false;

  /** The row of a deleted transaction that it made anew. */
  @ManyToOne({ entity: () => BankImportRow, ref: true, nullable: true, deleteRule: 'set null' })
  recreates?: Ref<BankImportRow> | null;
}
