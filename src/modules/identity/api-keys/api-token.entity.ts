import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CredentialScope } from '../../../kernel/credential-scope.js';
import { DateTime } from '../../../kernel/scalars.js';
import type { Scope } from '../../../kernel/viewer.js';
import { User } from '../people/user.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A long-lived credential of a program that acts for a person.' })
@Entity({ tableName: 'api_tokens' })
export class ApiToken {
  @Field(() => ID, { description: 'Number of the token.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => String, { description: 'What the person called it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'First characters of the secret, to tell tokens apart.' })
  @Property({ type: 'text' })
  prefix!: string;

  @Property({ type: 'text', hidden: true })
  tokenHash!: string;

  @Field(() => [CredentialScope], { description: 'What the token may do at most.' })
  @Property({ columnType: 'text[]', type: 'array' })
  scopes!: Scope[];

  @Field(() => DateTime, { description: 'When the token was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When the token was last used, to the minute.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the token ends by itself; null: never.' })
  @Property({ type: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the token was revoked.' })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
