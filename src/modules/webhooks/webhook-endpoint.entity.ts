import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';
import type { Condition } from './condition.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookReplay } from './webhook-replay.entity.js';

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

export enum WebhookFormat {
  LOG = 'log',
  DOCUMENTED = 'documented',
  QUERY = 'query',
}

registerEnumType(WebhookFormat, {
  name: 'WebhookFormat',
  description: 'What the body of a webhook is.',
  valuesConfig: {
    LOG: { description: 'The event as `/ws` tells it: `{ id, type, timestamp, data }`, with its own facts.' },
    DOCUMENTED: {
      description:
        "SmartLeakPro's documented event: `{ type, timestamp, data, resource_id }`, with the row as its GET answers " +
        'it to the owner. Only of events that have one; needs `webhooks:write`.',
    },
    QUERY: { description: 'As LOG, with what `payloadQuery` answered to the owner as `data`.' },
  },
});

export enum WebhookEndpointStatus {
  ACTIVE = 'active',
  INACTIVE = 'inactive',
  PAUSED = 'paused',
}

registerEnumType(WebhookEndpointStatus, {
  name: 'WebhookEndpointStatus',
  description: 'Whether a webhook is told of events.',
  valuesConfig: {
    ACTIVE: { description: 'It is.' },
    INACTIVE: { description: 'It is switched off, by its owner or by the server.' },
    PAUSED: { description: 'Events are queued for it, and sent once it is resumed.' },
  },
});

/** Its secrets and the values of its headers are no columns here: what is sealed, no plan may read. */
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

  @Field(() => ID, { description: 'The same webhook for the dialects that use UUIDs.' })
  @Property({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  uuid!: string & Opt;

  @Field(() => User, { nullable: true, description: 'Whose it is.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { description: 'What the person called it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';

  @Field(() => String, { description: 'Where events are sent to, by POST.' })
  @Property({ type: 'text' })
  url!: string;

  @Field(() => [String], {
    description: 'Which events, by their names in the log: `transaction.created`, `transaction.*` or `*`.',
  })
  @Property({ columnType: 'text[]', type: 'array' })
  events!: string[];

  @Field(() => WebhookFormat, { description: 'What the body is.' })
  @Enum({ items: () => WebhookFormat, default: WebhookFormat.LOG })
  format: WebhookFormat & Opt = WebhookFormat.LOG;

  @Field(() => String, { nullable: true, description: 'Of the format QUERY: the query.' })
  @Property({ type: 'text', nullable: true })
  payloadQuery?: string | null;

  // The graph shows it as a type: webhook-endpoint.resolver.ts.
  @Property({ type: 'json', columnType: 'jsonb' })
  conditions: readonly Condition[] & Opt = [];

  @Field(() => [String], { description: 'Only of things with these ids; empty: of all.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  resourceIds: string[] & Opt = [];

  @Field(() => [String], { description: 'Names of the headers that the owner added. The values are never shown.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  headerNames: string[] & Opt = [];

  @Field(() => Int, { nullable: true, description: 'Attempts at most; null: the eight of the usual schedule.' })
  @Property({ type: 'integer', nullable: true })
  maxAttempts?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds between attempts; null: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, and 10 h from then on.',
  })
  @Property({ type: 'integer', nullable: true })
  retryDelaySeconds?: number | null;

  @Field(() => Int, { description: 'How long an attempt may take.' })
  @Property({ type: 'integer', default: 10 })
  timeoutSeconds: number & Opt = 10;

  @Field(() => Int, { nullable: true, description: 'Attempts a minute at most, evenly spread; null: no limit.' })
  @Property({ type: 'integer', nullable: true })
  maxPerMinute?: number | null;

  @Field(() => WebhookEndpointStatus, { description: 'Whether it is told of events.' })
  @Enum({
    items: () => WebhookEndpointStatus,
    generated:
      `(case when not is_active then 'inactive' when paused_at is not null then 'paused' ` +
      `else 'active' end) stored`,
  })
  status!: WebhookEndpointStatus & Opt;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when events are queued and not sent; null: they are sent.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  pausedAt?: Date | null;

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

  // In the graph: the connection `replays` of webhook-endpoint.resolver.ts
  @OneToMany({ entity: () => WebhookReplay, mappedBy: 'endpoint' })
  replays = new Collection<WebhookReplay>(this);
}
