import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';

// The key, its counter and its identifier are the commands' affair: they are not mapped, so nothing can read them out.
@ObjectType({
  simpleResolvers: true,
  description: 'A WebAuthn credential by which a person signs in without a password.',
})
@Entity({ tableName: 'passkeys' })
export class Passkey {
  @Field(() => ID, { description: 'Number of the passkey.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => String, { description: 'What the person called the device or the program that holds it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => Boolean, {
    description: 'True: its holder keeps a copy elsewhere, so losing the device does not lose the passkey.',
  })
  @Property({ type: 'boolean', default: false })
  isBackedUp: boolean & Opt = false;

  @Field(() => DateTime, { description: 'When it was added.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When it last signed the person in.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt?: Date | null;
}
