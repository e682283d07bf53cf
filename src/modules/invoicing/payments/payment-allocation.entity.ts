import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Decimal } from '../../../kernel/scalars.js';
import { Transaction } from '../../banking/transactions/transaction.entity.js';
import { Invoice } from '../invoice.entity.js';
import { Payment } from './payment.entity.js';

@ObjectType({ simpleResolvers: true, description: 'What one payment settles of one invoice.' })
@Entity({ tableName: 'payment_allocations' })
export class PaymentAllocation {
  @Field(() => ID, { description: 'Number of the allocation.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Payment, { description: 'The payment.' })
  @ManyToOne({ entity: () => Payment, ref: true, deleteRule: 'cascade' })
  payment!: Ref<Payment>;

  @Field(() => Invoice, { description: 'The invoice.' })
  @ManyToOne({ entity: () => Invoice, ref: true })
  invoice!: Ref<Invoice>;

  /** Filled in by the database: the payment's. */
  @Field(() => Transaction, {
    nullable: true,
    description: 'The bank transaction by which it came in; null without one, or when the viewer may not see it.',
  })
  @ManyToOne({ entity: () => Transaction, ref: true, nullable: true })
  transaction?: Ref<Transaction> | null;

  @Field(() => Decimal, { description: 'How much, in the currency of both.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => DateTime, { description: 'When it was allocated.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
