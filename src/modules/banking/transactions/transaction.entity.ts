import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Extensions, Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { PaymentAllocation } from '../../invoicing/payments/payment-allocation.entity.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { Category } from '../categories/category.entity.js';
import { BankImport } from '../imports/bank-import.entity.js';
import { Receipt } from '../receipts/receipt.entity.js';
import { Reconciliation } from '../reconciliation/reconciliation.entity.js';
import { RecurrenceRule } from '../recurrences/recurrence-rule.entity.js';
import { Transfer } from '../transfers/transfer.entity.js';
import { TransactionSplit } from './transaction-split.entity.js';

@ObjectType({ simpleResolvers: true, description: 'Money that came into a bank account or left it.' })
@Entity({ tableName: 'transactions' })
export class Transaction {
  @Field(() => ID, { description: 'Number of the transaction.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankAccount, { description: 'The account.' })
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  /** The account's owner, for finding rows; a foreign key keeps it so. */
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => Category, { nullable: true, description: 'What it is for; null without one, or when it is split.' })
  @ManyToOne({ entity: () => Category, ref: true, nullable: true })
  category?: Ref<Category> | null;

  @Field(() => Decimal, { description: 'In the currency of the account: negative when it left.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => String, { description: 'What the bank or the person calls it.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => CalendarDate, { description: 'Day on which it counts.' })
  @Property({ type: 'date' })
  transactionDate!: string;

  @Extensions({ usualRows: 1 })
  @Field(() => [String], { description: 'Free labels, in the order that they were given.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  labels: string[] & Opt = [];

  @Field(() => String, { description: 'What the person wrote about it; may be empty.' })
  @Property({ type: 'text', default: '' })
  notes: string & Opt = '';

  @Field(() => RecurrenceRule, {
    nullable: true,
    description: 'The rule that wrote it, or that was made with it; null: it happened once.',
  })
  @ManyToOne({ entity: () => RecurrenceRule, ref: true, nullable: true, deleteRule: 'set null' })
  recurrenceRule?: Ref<RecurrenceRule> | null;

  @Field(() => CalendarDate, {
    nullable: true,
    description: "Which of the rule's days it stands for, also when it was moved to another one.",
  })
  @Property({ type: 'date', nullable: true })
  occurrenceDate?: string | null;

  @Field(() => Transfer, { nullable: true, description: 'The transfer that it is a leg of, if any.' })
  @ManyToOne({ entity: () => Transfer, ref: true, nullable: true, deleteRule: 'set null' })
  transfer?: Ref<Transfer> | null;

  @Field(() => Reconciliation, { nullable: true, description: 'The reconciliation that marked it, if any.' })
  @ManyToOne({ entity: () => Reconciliation, ref: true, nullable: true, deleteRule: 'set null' })
  reconciliation?: Ref<Reconciliation> | null;

  @Field(() => Boolean, {
    description: 'Whether it was found on a statement of the bank: its amount, day and account are then locked.',
  })
  @Property({ type: 'boolean', generated: '(reconciliation_id is not null) stored' })
  isReconciled!: boolean & Opt;

  @Property({ type: 'boolean', default: false })
  isSplit: boolean & Opt = false;

  @Field(() => BankImport, { nullable: true, description: 'The file of the bank that it came from; null without one.' })
  @ManyToOne({ entity: () => BankImport, ref: true, nullable: true, deleteRule: 'set null' })
  import?: Ref<BankImport> | null;

  @Field(() => String, { nullable: true, description: "The bank's own id of it; null when it gave none." })
  @Property({ type: 'text', nullable: true })
  bankReference?: string | null;

  @Field(() => Boolean, { description: "Whether its import found the bank's id on another amount too." })
  @Property({ type: 'boolean', default: false })
  isFlagged: boolean & Opt = false;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true, deleteRule: 'set null' })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Extensions({ usualRows: 1 })
  @Field(() => [TransactionSplit], {
    description: 'How it is shared out among categories: at most 50 parts, none when it is whole.',
  })
  @OneToMany({ entity: () => TransactionSplit, mappedBy: 'transaction', orderBy: { position: 'asc' } })
  splits = new Collection<TransactionSplit>(this);

  @Extensions({ usualRows: 1 })
  @Field(() => [Receipt], { description: 'Documents that prove it, at most 20.' })
  @OneToMany({ entity: () => Receipt, mappedBy: 'transaction', orderBy: { id: 'asc' } })
  receipts = new Collection<Receipt>(this);

  @Extensions({ usualRows: 1 })
  @Field(() => [PaymentAllocation], {
    description: 'Invoices that it pays, oldest first, as far as the viewer may see them: at most 100.',
  })
  @OneToMany({ entity: () => PaymentAllocation, mappedBy: 'transaction', orderBy: { id: 'asc' } })
  settles = new Collection<PaymentAllocation>(this);
}
