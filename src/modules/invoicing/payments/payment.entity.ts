import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { Transaction } from '../../banking/transactions/transaction.entity.js';
import { User } from '../../identity/people/user.entity.js';
import { PaymentAllocation } from './payment-allocation.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Money that a customer paid: for invoices, or in advance. What it settles is in its allocations.',
})
@Entity({ tableName: 'payments' })
export class Payment {
  @Field(() => ID, { description: 'Number of the payment.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => User, { nullable: true, description: 'Who paid; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  customer!: Ref<User>;

  @Field(() => ID, { description: 'Number of the person who paid.' })
  @Property({ type: 'integer', persist: false, fieldName: 'customer_id' })
  customerId!: number & Opt;

  @Field(() => String, { description: 'ISO 4217 code.' })
  @Property({ type: 'text' })
  currency!: string;

  @Field(() => Decimal, { description: 'How much: more than 0.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => Decimal, { description: 'What of it settles invoices.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, default: '0' })
  amountAllocated: string & Opt = '0';

  @Field(() => Decimal, { description: 'What of it is left for other invoices of the same customer.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, generated: '(amount - amount_allocated) stored' })
  amountUnallocated!: string & Opt;

  @Field(() => CalendarDate, { description: 'Day on which it was paid.' })
  @Property({ type: 'date', fieldName: 'paid_at' })
  paymentDate!: string;

  @Field(() => Transaction, {
    nullable: true,
    description: 'The bank transaction by which it came in; null without one, or when the viewer may not see it.',
  })
  @ManyToOne({ entity: () => Transaction, ref: true, nullable: true, deleteRule: 'set null' })
  transaction?: Ref<Transaction> | null;

  @Field(() => User, { nullable: true, description: 'Who recorded it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  createdBy!: Ref<User>;

  @Field(() => DateTime, { description: 'When it was recorded.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => [PaymentAllocation], {
    description: 'What it settles, oldest first, as far as the viewer may see the invoices: at most 100.',
  })
  @OneToMany({ entity: () => PaymentAllocation, mappedBy: 'payment', orderBy: { id: 'asc' } })
  allocations = new Collection<PaymentAllocation>(this);
}
