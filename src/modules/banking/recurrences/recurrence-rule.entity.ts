import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Frequency } from '../../../kernel/frequency.js';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { Category } from '../categories/category.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A transaction that is written again and again, each time on its day, as a real one.',
})
@Entity({ tableName: 'recurrence_rules' })
export class RecurrenceRule {
  @Field(() => ID, { description: 'Number of the rule.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankAccount, { description: 'The account that is written into.' })
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  /** The account's owner, for finding rows; a foreign key keeps it so. */
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => Category, { nullable: true, description: 'What those to come are for.' })
  @ManyToOne({ entity: () => Category, ref: true, nullable: true, deleteRule: 'set null' })
  category?: Ref<Category> | null;

  @Field(() => Decimal, { description: 'Amount of those to come: negative when it leaves the account.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => String, { description: 'What those to come are called.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => [String], { description: 'Labels of those to come.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  labels: string[] & Opt = [];

  @Field(() => Frequency, { description: 'How often it happens.' })
  @Enum({ items: () => Frequency })
  frequency!: Frequency;

  @Field(() => Int, { description: 'Every how many days, weeks, months or years.' })
  @Property({ type: 'integer' })
  interval!: number;

  @Field(() => CalendarDate, { description: 'Day from which the others are counted: the first one.' })
  @Property({ type: 'date' })
  startDate!: string;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which it may happen; null: it has no end.' })
  @Property({ type: 'date', nullable: true })
  endDate?: string | null;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Day of the next one, which may have come already; null: there is none, or the rule was stopped.',
  })
  @Property({ type: 'date', nullable: true })
  nextOccurrence?: string | null;

  // The last day that was written or left out: an edit begins in a later period.
  @Property({ type: 'date', nullable: true })
  lastOccurrence?: string | null;

  @Field(() => [CalendarDate], { description: 'Days to come that are left out, or were written before.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  skippedDates: string[] & Opt = [];

  @Field(() => CalendarDate, {
    nullable: true,
    description:
      'Day on which the next one was last refused, as a savings account would be overdrawn; null: it was not.',
  })
  @Property({ type: 'date', nullable: true })
  refusedOn?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was stopped.' })
  @Property({ type: 'timestamptz', nullable: true })
  stoppedAt?: Date | null;

  @Field(() => Transaction, {
    nullable: true,
    description: 'The transaction that it was made with; null when that is gone.',
  })
  @ManyToOne({ entity: () => Transaction, ref: true, nullable: true, deleteRule: 'set null' })
  originTransaction?: Ref<Transaction> | null;

  @Field(() => User, {
    nullable: true,
    description:
      'Who made it: in whose time zone its days are counted, and whose rights are asked each time. Null when the ' +
      'viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  createdBy!: Ref<User>;

  @Property({ type: 'integer', persist: false, fieldName: 'created_by_id' })
  createdById!: number & Opt;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed by somebody.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
