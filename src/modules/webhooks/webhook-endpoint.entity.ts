import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';

export enum WebhookDisabledReason {
  GONE = 'gone',
  FAILING = 'failing',
}

registerEnumType(WebhookDisabledReason, {
  name: 'WebhookDisabledReason',
  description: 'Why the server switched a webhook off.',
  valuesConfig: {
    GONE: { description: 'It answered 410 Gone.' },
    FAILING: { description: 'Nothing arrived for five days.' },
  },
});

/** Its secrets are no columns here: what seals and opens them is `webhook-secret.ts`. */
@ObjectType({
  simpleResolvers: true,
  description:
    'An address that is told of events. It hears what its owner may hear, as on `/ws`, asked again at each event. ' +
    'Everybody sees their own only.',
})
@Entity({ tableName: 'webhook_endpoints' })
export class WebhookEndpoint {
  @Field(() => ID, { description: 'Number of the webhook.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => User, { nullable: true, description: 'Whose it is.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { description: 'What the person called it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Where events are sent to, by POST.' })
  @Property({ type: 'text' })
  url!: string;

  @Field(() => [String], {
    description: 'Which events, by their names in the log: `transaction.created`, `transaction.*` or `*`.',
  })
  @Property({ columnType: 'text[]', type: 'array' })
  events!: string[];

  @Field(() => Boolean, { description: 'Whether it is told. What waits when it is switched off is sent afterwards.' })
  @Property({ type: 'boolean', default: true })
  isActive: boolean & Opt = true;

  @Field(() => WebhookDisabledReason, {
    nullable: true,
    description: 'Why the server switched it off; null: it did not.',
  })
  @Enum({ items: () => WebhookDisabledReason, nullable: true })
  disabledReason?: WebhookDisabledReason | null;

  @Field(() => DateTime, { nullable: true, description: 'When the server switched it off.' })
  @Property({ type: 'timestamptz', nullable: true })
  disabledAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'The first failure since the last success; null: none.' })
  @Property({ type: 'timestamptz', nullable: true })
  failingSince?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until then `webhook-signature` is made with the secret before the last rotation too.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  previousSecretEndsAt?: Date | null;

  @Field(() => Int, { description: 'Deliveries that arrived.' })
  @Property({ type: 'integer', default: 0 })
  deliveredCount: number & Opt = 0;

  @Field(() => Int, { description: 'Deliveries that were given up.' })
  @Property({ type: 'integer', default: 0 })
  failedCount: number & Opt = 0;

  @Field(() => DateTime, { nullable: true, description: 'When something was last sent.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastAttemptAt?: Date | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  // In the graph: the connection `deliveries` of webhook-endpoint.resolver.ts
  @OneToMany({ entity: () => WebhookDelivery, mappedBy: 'endpoint' })
  deliveries = new Collection<WebhookDelivery>(this);
}
