import type { Opt } from '@mikro-orm/core';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Decimal } from '../../../kernel/scalars.js';

export enum AlertKind {
  SLOW_RESPONSES = 'slow_responses',
  FAILURE_RATE = 'failure_rate',
  WEBHOOK_FAILURES = 'webhook_failures',
  TASK_OVERDUE = 'task_overdue',
}

export enum AlertSubjectKind {
  SERVER = 'server',
  ROUTE = 'route',
  OPERATION = 'operation',
  WEBHOOK = 'webhook',
  TASK = 'task',
}

export enum AlertEndReason {
  RECOVERED = 'recovered',
  QUIET = 'quiet',
  DELIVERED = 'delivered',
  DISABLED = 'disabled',
  DELETED = 'deleted',
}

registerEnumType(AlertKind, {
  name: 'AlertKind',
  description: 'What is wrong.',
  valuesConfig: {
    SLOW_RESPONSES: { description: 'Of a hundred answers, more than five took longer than 2 seconds.' },
    FAILURE_RATE: { description: 'More than 5 % of the requests failed by a defect of the server.' },
    WEBHOOK_FAILURES: {
      description: 'A delivery to a webhook failed more than three times, or was given up after three.',
    },
    TASK_OVERDUE: { description: 'A task has not succeeded for as long as it says, `alertAfterSeconds`.' },
  },
});

registerEnumType(AlertSubjectKind, {
  name: 'AlertSubjectKind',
  description: 'What an alert is about.',
  valuesConfig: {
    SERVER: { description: 'All requests together.' },
    ROUTE: { description: 'A route of one of the REST APIs.' },
    OPERATION: { description: 'An operation of GraphQL, by its name.' },
    WEBHOOK: { description: 'A webhook.' },
    TASK: { description: 'A task.' },
  },
});

registerEnumType(AlertEndReason, {
  name: 'AlertEndReason',
  description: 'Why an alert ended.',
  valuesConfig: {
    RECOVERED: { description: 'The value is clearly better than the threshold; of a task: a run succeeded.' },
    QUIET: { description: 'There were hardly any requests for an hour.' },
    DELIVERED: { description: 'A delivery to the webhook arrived.' },
    DISABLED: { description: 'The webhook was switched off, the task paused or no longer watched.' },
    DELETED: { description: 'The webhook or the task was deleted.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'Something that administrators have to look at, from when it was found until it is clearly better. Looked for ' +
    'each minute, over all processes.',
})
@Entity({ tableName: 'alerts' })
export class Alert {
  @Field(() => ID, { description: 'UUID of the alert.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => AlertKind, { description: 'What is wrong.' })
  @Enum({ items: () => AlertKind })
  kind!: AlertKind;

  @Field(() => AlertSubjectKind, { description: 'What kind of thing it is about.' })
  @Enum({ items: () => AlertSubjectKind })
  subjectKind!: AlertSubjectKind;

  @Field(() => String, {
    description:
      'Which one: `GET /api/clients/:id`, the name of an operation, the UUID of a webhook, the id of a task; or empty.',
  })
  @Property({ type: 'text' })
  subjectName!: string;

  @Field(() => DateTime, { description: 'When it was raised.' })
  @Property({ type: 'timestamptz' })
  raisedAt!: Date;

  @Field(() => Decimal, {
    description:
      'What raised it: the 95th percentile of the response times in seconds, the percentage of requests that failed, ' +
      'how often the delivery had failed, or the seconds without a success of the task.',
  })
  @Property({ type: 'decimal', precision: 12, scale: 3 })
  value!: string;

  @Field(() => Decimal, { description: 'What the value must not exceed, in the same unit.' })
  @Property({ type: 'decimal', precision: 12, scale: 3 })
  threshold!: string;

  @Field(() => Int, { nullable: true, description: 'How many requests the value is of; null for a webhook or a task.' })
  @Property({ type: 'integer', nullable: true })
  requestCount?: number | null;

  @Field(() => ID, { nullable: true, description: 'Number of the delivery that raised it, for a webhook.' })
  @Property({ type: 'integer', nullable: true })
  deliveryId?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null: it has not.' })
  @Property({ type: 'timestamptz', nullable: true })
  endedAt?: Date | null;

  @Field(() => AlertEndReason, { nullable: true, description: 'What ended it.' })
  @Enum({ items: () => AlertEndReason, nullable: true })
  endReason?: AlertEndReason | null;

  @Field(() => Decimal, { nullable: true, description: 'The value when it ended by recovery, in the same unit.' })
  @Property({ type: 'decimal', precision: 12, scale: 3, nullable: true })
  endValue?: string | null;
}
