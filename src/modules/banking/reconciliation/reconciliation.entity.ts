import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'That the transactions of an account were found equal to a statement of the bank.',
})
@Entity({ tableName: 'reconciliations' })
export class Reconciliation {
  @Field(() => ID, { description: 'Number of the reconciliation.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankAccount, { description: 'The account.' })
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  /** The account's owner, for finding rows; a foreign key keeps it so. */
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => CalendarDate, { description: 'Day of the statement.' })
  @Property({ type: 'date' })
  statementDate!: string;

  @Field(() => Decimal, {
    description: 'Closing balance of the statement: the opening balance plus all that was reconciled up to it.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  statementBalance!: string;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true, deleteRule: 'set null' })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  // In the graph: the connection `transactions` of reconciliation.resolver.ts
  @OneToMany({ entity: () => Transaction, mappedBy: 'reconciliation' })
  transactions = new Collection<Transaction>(this);
}
