import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Money that moved between two bank accounts: neither income nor expense in any figure.',
})
@Entity({ tableName: 'transfers' })
export class Transfer {
  @Field(() => ID, { description: 'Number of the transfer.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  /** Of the account that the money leaves, for finding rows; a check keeps it so. */
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => Transaction, {
    nullable: true,
    description: 'The leg that leaves an account; null when the viewer may not see that account.',
  })
  @OneToOne({ entity: () => Transaction, ref: true, owner: true, deleteRule: 'cascade' })
  fromTransaction!: Ref<Transaction>;

  @Field(() => Transaction, {
    nullable: true,
    description: 'The leg that comes into an account; null when the viewer may not see that account.',
  })
  @OneToOne({ entity: () => Transaction, ref: true, owner: true, deleteRule: 'cascade' })
  toTransaction!: Ref<Transaction>;

  @Field(() => Decimal, { description: 'More than 0, in the currency of both accounts.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => CalendarDate, { description: 'Day on which both legs count.' })
  @Property({ type: 'date' })
  transferDate!: string;

  @Field(() => String, { description: 'What it is for.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true, deleteRule: 'set null' })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
