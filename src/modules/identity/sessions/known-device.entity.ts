import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A browser or program that once proved the password, and can prove that it did.',
})
@Entity({ tableName: 'known_devices' })
export class KnownDevice {
  @Field(() => ID, { description: 'Identifier of the device.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Property({ type: 'text', hidden: true })
  tokenHash!: string;

  @Field(() => String, { nullable: true, description: 'Program that last signed in on it.' })
  @Property({ type: 'text', nullable: true })
  userAgent?: string | null;

  @Field(() => String, { nullable: true, description: 'Address that it last signed in from.' })
  @Property({ type: 'text', nullable: true })
  ip?: string | null;

  @Field(() => DateTime, { description: 'When it first signed in.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it last signed in.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  lastUsedAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When it was forgotten.' })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
