import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

export enum WebhookReplayStatus {
  RUNNING = 'running',
  DONE = 'done',
  CANCELLED = 'cancelled',
}

registerEnumType(WebhookReplayStatus, {
  name: 'WebhookReplayStatus',
  description: 'How far a replay is.',
  valuesConfig: {
    RUNNING: { description: 'Events are being queued again.' },
    DONE: { description: 'All are queued; they are sent in their order.' },
    CANCELLED: { description: 'It was ended. What of it was not sent yet is not sent any more.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'All events since a moment, sent to a webhook once more.' })
@Entity({ tableName: 'webhook_replays' })
export class WebhookReplay {
  @Field(() => ID, { description: 'UUID of the replay.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => WebhookEndpoint, { description: 'Where they go to.' })
  @ManyToOne({ entity: () => WebhookEndpoint, ref: true })
  endpoint!: Ref<WebhookEndpoint>;

  @Field(() => DateTime, { description: 'From when on.' })
  @Property({ type: 'timestamptz' })
  since!: Date;

  @Field(() => WebhookReplayStatus, { description: 'How far it is.' })
  @Enum({ items: () => WebhookReplayStatus, default: WebhookReplayStatus.RUNNING })
  status: WebhookReplayStatus & Opt = WebhookReplayStatus.RUNNING;

  @Field(() => Int, { description: 'How many events it sends again.' })
  @Property({ type: 'integer' })
  total!: number;

  @Field(() => Int, { description: 'How many of them are queued.' })
  @Property({ type: 'integer', default: 0 })
  done: number & Opt = 0;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When the last one was queued, or it was cancelled.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt?: Date | null;
}
