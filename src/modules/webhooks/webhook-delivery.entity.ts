import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Position } from '../../kernel/scalars.js';
import type { ShownHeader } from './shown-headers.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookReplay } from './webhook-replay.entity.js';

export enum WebhookDeliveryKind {
  EVENT = 'event',
  REPLAY = 'replay',
  TEST = 'test',
}

export enum WebhookDeliveryStatus {
  PENDING = 'pending',
  DELIVERED = 'delivered',
  FAILED = 'failed',
}

registerEnumType(WebhookDeliveryKind, {
  name: 'WebhookDeliveryKind',
  description: 'Why something is delivered.',
  valuesConfig: {
    EVENT: { description: 'It happened.' },
    REPLAY: { description: 'Somebody had it sent again.' },
    TEST: { description: 'Somebody tried the webhook.' },
  },
});

registerEnumType(WebhookDeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'How far a delivery is.',
  valuesConfig: {
    PENDING: { description: 'It waits for its first attempt or for another one.' },
    DELIVERED: { description: 'The webhook answered 2xx.' },
    FAILED: { description: 'It was given up.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'One event on its way to one webhook. Finished ones are kept for 30 days, and of each webhook the last 10,000.',
})
@Entity({ tableName: 'webhook_deliveries' })
export class WebhookDelivery {
  @Field(() => ID, { description: 'Number of the delivery.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => WebhookEndpoint, { description: 'Where it goes to.' })
  @ManyToOne({ entity: () => WebhookEndpoint, ref: true })
  endpoint!: Ref<WebhookEndpoint>;

  @Field(() => String, {
    description: 'The header `webhook-id`: the same for every attempt and replay, so that receivers know them again.',
  })
  @Property({ type: 'text' })
  messageId!: string;

  @Field(() => WebhookDeliveryKind, { description: 'Why it is sent.' })
  @Enum({ items: () => WebhookDeliveryKind })
  kind!: WebhookDeliveryKind;

  // In the graph: `replays` of the webhook.
  @ManyToOne({ entity: () => WebhookReplay, ref: true, nullable: true })
  replay?: Ref<WebhookReplay> | null;

  @Field(() => Position, { nullable: true, description: 'Place of the event in the log; null: a test.' })
  @Property({ type: 'bigint', nullable: true })
  eventPosition?: string | null;

  @Field(() => String, { description: 'What happened, by its name in the log.' })
  @Property({ type: 'text', fieldName: 'event_type' })
  eventName!: string;

  @Field(() => String, { description: 'The exact body.' })
  @Property({ type: 'text' })
  body!: string;

  @Field(() => WebhookDeliveryStatus, { description: 'How far it is.' })
  @Enum({ items: () => WebhookDeliveryStatus, default: WebhookDeliveryStatus.PENDING })
  status: WebhookDeliveryStatus & Opt = WebhookDeliveryStatus.PENDING;

  @Field(() => Int, { description: 'How often it was tried.' })
  @Property({ type: 'integer', default: 0 })
  attempts: number & Opt = 0;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is tried next, at the earliest; null when it is finished.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  nextAttemptAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was first tried.' })
  @Property({ type: 'timestamptz', nullable: true })
  firstAttemptAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last tried.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastAttemptAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Where the last attempt went to.' })
  @Property({ type: 'text', nullable: true })
  requestUrl?: string | null;

  // The graph shows both as a type: webhook-delivery.resolver.ts.
  @Property({ type: 'json', columnType: 'jsonb' })
  requestHeaders: readonly ShownHeader[] & Opt = [];

  @Property({ type: 'json', columnType: 'jsonb' })
  responseHeaders: readonly ShownHeader[] & Opt = [];

  @Field(() => Int, { nullable: true, description: 'Status of the last answer; null: there was none.' })
  @Property({ type: 'integer', nullable: true })
  responseStatus?: number | null;

  @Field(() => Int, { nullable: true, description: 'How long the last attempt took, in milliseconds.' })
  @Property({ type: 'integer', nullable: true })
  responseMs?: number | null;

  @Field(() => String, { nullable: true, description: 'Beginning of the last answer, 1,000 characters at most.' })
  @Property({ type: 'text', nullable: true })
  responseBody?: string | null;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed; null: it did not.' })
  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When it arrived or was given up.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt?: Date | null;
}
