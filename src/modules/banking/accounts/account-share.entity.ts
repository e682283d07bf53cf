import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { BankAccount } from './bank-account.entity.js';

export enum SharePermission {
  READ = 'read',
  WRITE = 'write',
}

registerEnumType(SharePermission, {
  name: 'SharePermission',
  description: 'What somebody may do with what is shared with them.',
  valuesConfig: {
    READ: { description: 'See it.' },
    WRITE: { description: 'See it and change what is in it.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'That a bank account is shared with another person.' })
@Entity({ tableName: 'account_shares' })
export class AccountShare {
  @Field(() => ID, { description: 'Number of the share.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankAccount, { description: 'The account.' })
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  @Field(() => User, { nullable: true, description: 'With whom; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @Field(() => SharePermission, { description: 'What that person may do.' })
  @Enum({ items: () => SharePermission })
  permission!: SharePermission;

  @Field(() => DateTime, { description: 'When it was shared.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
