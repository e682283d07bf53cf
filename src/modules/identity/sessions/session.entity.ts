import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';

export enum SessionKind {
  TOKEN = 'token',
  COOKIE = 'cookie',
}

registerEnumType(SessionKind, {
  name: 'SessionKind',
  description: 'What a session is carried by.',
  valuesConfig: {
    TOKEN: { description: 'Access and refresh tokens: for programs.' },
    COOKIE: { description: "A cookie: for a browser, as K-Docs' pages have it." },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A place where a person is signed in.' })
@Entity({ tableName: 'sessions' })
export class Session {
  @Field(() => ID, { description: 'Identifier of the session; access tokens carry it.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => SessionKind, { description: 'What carries it.' })
  @Property({ type: 'text' })
  kind!: `${SessionKind}`;

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
