import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';

export enum NotificationType {
  APPROVAL_PENDING = 'validation_pending',
  APPROVAL_APPROVED = 'validation_approved',
  APPROVAL_REJECTED = 'validation_rejected',
  TASK_COMPLETED = 'task_completed',
  DOCUMENT_SHARED = 'document_shared',
  ACCOUNT_SHARED = 'account_shared',
  RECURRENCE_POSTED = 'recurrence_posted',
  RECURRENCE_REFUSED = 'recurrence_refused',
  INVOICE_OVERDUE = 'invoice_overdue',
  APPOINTMENT = 'appointment',
  WEBHOOK_DISABLED = 'webhook_disabled',
  ALERT = 'alert',
  SYSTEM = 'system',
}

export enum NotificationPriority {
  URGENT = 'urgent',
  HIGH = 'high',
  NORMAL = 'normal',
  LOW = 'low',
}

registerEnumType(NotificationType, {
  name: 'NotificationType',
  description: 'What a notification is about.',
  valuesConfig: {
    APPROVAL_PENDING: { description: 'A document waits for the decision of the person.' },
    APPROVAL_APPROVED: { description: 'What the person submitted was approved.' },
    APPROVAL_REJECTED: { description: 'What the person submitted was rejected.' },
    TASK_COMPLETED: { description: 'A task has ended.' },
    DOCUMENT_SHARED: { description: 'A document was shared with the person.' },
    ACCOUNT_SHARED: { description: 'A bank account was shared with the person.' },
    RECURRENCE_POSTED: { description: 'A recurring transaction was posted.' },
    RECURRENCE_REFUSED: { description: 'A recurring transaction could not be posted.' },
    INVOICE_OVERDUE: { description: 'An invoice that the person made was not paid in time.' },
    APPOINTMENT: { description: 'An appointment of the person was made, changed, or answered by its client.' },
    WEBHOOK_DISABLED: { description: 'A webhook failed for so long that it was switched off.' },
    ALERT: { description: 'Something of the server needs attention.' },
    SYSTEM: { description: 'A word from the server.' },
  },
});

registerEnumType(NotificationPriority, {
  name: 'NotificationPriority',
  description: 'How soon a notification wants to be seen.',
  valuesConfig: {
    URGENT: { description: 'At once.' },
    HIGH: { description: 'Today.' },
    NORMAL: { description: 'When there is time.' },
    LOW: { description: 'For information.' },
  },
});

/** Its texts are for people and made once: in French, as the contract prints them, and in English beside it. */
@ObjectType({ simpleResolvers: true, description: 'Something that a person is told. Everybody sees their own only.' })
@Entity({ tableName: 'notifications' })
export class Notification {
  @Field(() => ID, { description: 'Number of the notification.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => NotificationType, { description: 'What it is about.' })
  @Enum({ items: () => NotificationType })
  type!: NotificationType;

  @Field(() => NotificationPriority, { description: 'How soon it wants to be seen.' })
  @Enum({ items: () => NotificationPriority })
  priority!: NotificationPriority;

  @Field(() => String, { description: 'Headline, in French.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String, { description: 'What happened, in French.' })
  @Property({ type: 'text' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Headline, in English; null of what was made before there was one.',
  })
  @Property({ type: 'text', nullable: true })
  englishTitle?: string | null;

  @Field(() => String, { nullable: true, description: 'What happened, in English; null where `englishTitle` is.' })
  @Property({ type: 'text', nullable: true })
  englishMessage?: string | null;

  @Field(() => String, { nullable: true, description: 'Path of what it is about, such as `/documents/123`.' })
  @Property({ type: 'text', nullable: true })
  link?: string | null;

  @Field(() => Boolean, { description: 'True once the person has read it.' })
  @Property({ type: 'boolean', generated: '(read_at is not null) stored' })
  isRead!: boolean & Opt;

  @Field(() => DateTime, { nullable: true, description: 'When the person read it.' })
  @Property({ type: 'timestamptz', nullable: true })
  readAt?: Date | null;

  @Field(() => DateTime, { description: 'When it was made. It is deleted 90 days later.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
