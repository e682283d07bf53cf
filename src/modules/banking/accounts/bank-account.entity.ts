import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Reconciliation } from '../reconciliation/reconciliation.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';
import { AccountShare } from './account-share.entity.js';
import { BankAccountType } from './bank-account-type.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A bank account of a person, with its transactions.' })
@Entity({ tableName: 'bank_accounts' })
export class BankAccount {
  @Field(() => ID, { description: 'Number of the account.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => User, { nullable: true, description: 'Whose it is; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { description: 'Name.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => BankAccountType, { description: 'What kind of account it is.' })
  @ManyToOne({ entity: () => BankAccountType, ref: true, fieldName: 'account_type_id' })
  type!: Ref<BankAccountType>;

  @Field(() => String, { description: 'ISO 4217 code.' })
  @Property({ type: 'text' })
  currency!: string;

  @Field(() => Decimal, { description: 'Balance before the first transaction.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  openingBalance!: string;

  @Field(() => Decimal, { description: 'Opening balance plus the sum of all transactions, at every moment.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  balance!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it, or what is in it, was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  // In the graph: the connection `transactions` of bank-account.resolver.ts
  @OneToMany({ entity: () => Transaction, mappedBy: 'account' })
  transactions = new Collection<Transaction>(this);

  // In the graph: the connection `reconciliations` of bank-account.resolver.ts
  @OneToMany({ entity: () => Reconciliation, mappedBy: 'account' })
  reconciliations = new Collection<Reconciliation>(this);

  @Field(() => [AccountShare], {
    description: 'Whom it is shared with, at most 20; others than its owner see their own share only.',
  })
  @OneToMany({ entity: () => AccountShare, mappedBy: 'account', orderBy: { id: 'asc' } })
  shares = new Collection<AccountShare>(this);
}
