import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A place where a person is signed in.' })
@Entity({ tableName: 'sessions' })
export class Session {
  @Field(() => ID, { description: 'Identifier of the session; access tokens carry it.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => String, { description: '`token`: access and refresh tokens; `cookie`: the K-Docs session.' })
  @Property({ type: 'text' })
  kind!: 'token' | 'cookie';

  @Property({ type: 'text', nullable: true, hidden: true })
  tokenHash?: string | null;

  @Field(() => String, { nullable: true, description: 'Address that signed in.' })
  @Property({ type: 'text', nullable: true })
  ip?: string | null;

  @Field(() => String, { nullable: true, description: 'Program that signed in.' })
  @Property({ type: 'text', nullable: true })
  userAgent?: string | null;

  @Field(() => DateTime, { description: 'When the person signed in.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the session was last used or refreshed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  lastUsedAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the session ends by itself.' })
  @Property({ type: 'timestamptz' })
  expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the session was ended.' })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
