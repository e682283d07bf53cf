import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { Notification, NotificationPriority, NotificationType } from './notification.entity.js';
import { notificationReads } from './notification.reads.js';

export const NotificationConnection = connectionType('Notification', () => Notification);

@InputType({ description: 'Conditions on notifications; all that are given must hold.' })
class NotificationFilter extends ListFilter {
  @Field(() => Boolean, { nullable: true, description: 'True: those that were read; false: those that were not.' })
  isRead?: boolean;

  @Field(() => NotificationType, { nullable: true, description: 'About this.' })
  type?: NotificationType;

  @Field(() => NotificationPriority, { nullable: true, description: 'Of this priority.' })
  priority?: NotificationPriority;
}

export const NotificationListArgs = listArgs('Notification', notificationReads.list, NotificationFilter);

@ObjectType({ simpleResolvers: true, description: 'A number for each priority.' })
class CountByPriority {
  @Field(() => Int, { description: 'Urgent ones.' })
  urgent!: number;

  @Field(() => Int, { description: 'High ones.' })
  high!: number;

  @Field(() => Int, { description: 'Normal ones.' })
  normal!: number;

  @Field(() => Int, { description: 'Low ones.' })
  low!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many notifications are unread.' })
export class UnreadNotifications {
  @Field(() => Int, { description: 'All of them.' })
  count!: number;

  @Field(() => CountByPriority, { description: 'By priority.' })
  byPriority!: CountByPriority;
}

@InputType({ description: 'Which notification.' })
export class MarkNotificationReadInput {
  @Field(() => ID, { description: 'Number of the notification.' })
  id!: string;
}

@InputType({ description: 'Which notification.' })
export class DeleteNotificationInput {
  @Field(() => ID, { description: 'Number of the notification.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The notification after the change.' })
export class NotificationPayload {
  @Field(() => Notification, { description: 'The notification.' })
  notification!: Notification;

  @Field(() => Int, { description: 'How many are still unread.' })
  unreadCount!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What was marked as read.' })
export class MarkAllNotificationsReadPayload {
  @Field(() => Int, { description: 'How many were unread before.' })
  changedCount!: number;
}
