import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CredentialScope } from '../../../kernel/credential-scope.js';
import { DateTime } from '../../../kernel/scalars.js';
import type { Scope } from '../../../kernel/viewer.js';
import { User } from '../people/user.entity.js';

export enum ApiKeyStatus {
  ACTIVE = 'active',
  INACTIVE = 'inactive',
  SUSPENDED = 'suspended',
  /** Never stored: an active key after its date. */
  EXPIRED = 'expired',
}

registerEnumType(ApiKeyStatus, {
  name: 'ApiKeyStatus',
  description: 'Whether an API key opens anything.',
  valuesConfig: {
    ACTIVE: { description: 'It does.' },
    INACTIVE: { description: 'Switched off.' },
    SUSPENDED: { description: 'Switched off until an administrator allows it again.' },
    EXPIRED: { description: 'Past its date.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'A credential of an integration, with quotas of its own. It acts as the person who made it.',
})
@Entity({ tableName: 'api_keys' })
export class ApiKey {
  @Field(() => ID, { description: 'Identifier of the key; not its secret.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => User, { description: 'Who made the key, and whom it acts as.' })
  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => String, { description: 'What the person called it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';

  @Field(() => String, { description: 'First characters of the secret, to tell keys apart.' })
  @Property({ type: 'text' })
  prefix!: string;

  @Property({ type: 'text', hidden: true })
  keyHash!: string;

  @Field(() => [CredentialScope], { description: 'What the key may do at most.' })
  @Property({ columnType: 'text[]', type: 'array' })
  scopes!: Scope[];

  @Field(() => Int, { description: 'Requests a minute.' })
  @Property({ type: 'integer' })
  limitPerMinute!: number;

  @Field(() => Int, { description: 'Requests a day.' })
  @Property({ type: 'integer' })
  limitPerDay!: number;

  @Field(() => Int, { description: 'Requests in 30 days.' })
  @Property({ type: 'integer' })
  limitPerMonth!: number;

  // As it was set; the graph's field knows the date as well.
  @Property({ type: 'text', default: 'active' })
  status: Exclude<`${ApiKeyStatus}`, 'expired'> & Opt = 'active';

  @Field(() => DateTime, { nullable: true, description: 'When the key ends by itself; null: never.' })
  @Property({ type: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the key was last used, to the minute.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt?: Date | null;

  @Field(() => DateTime, { description: 'When the key was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the key was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
