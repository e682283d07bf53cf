import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { countUnread } from './count-unread.js';
import { deleteNotification } from './delete-notification.js';
import { markAllNotificationsRead, markNotificationRead } from './mark-read.js';
import { Notification } from './notification.entity.js';
import {
  DeleteNotificationInput,
  MarkAllNotificationsReadPayload,
  MarkNotificationReadInput,
  NotificationConnection,
  NotificationListArgs,
  NotificationPayload,
  UnreadNotifications,
} from './notification.inputs.js';
import { notificationReads } from './notification.reads.js';

const payload = payloadOf('notification', notificationReads);

@Resolver(() => Notification)
export class NotificationResolver {
  @Planned
  @Query(() => NotificationConnection, { description: "The viewer's own notifications." })
  notifications(
    @Ctx() { viewer, read }: Context,
    @Args(() => NotificationListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Notification>> {
    requireSignedIn(viewer);
    return read.list(notificationReads, args, info);
  }

  @Query(() => UnreadNotifications, { description: "How many of the viewer's own notifications are unread." })
  unreadNotifications(@Ctx() ctx: Context): Promise<UnreadNotifications> {
    return countUnread(ctx);
  }

  @Mutation(() => NotificationPayload, { description: "Marks one of one's own notifications as read." })
  async markNotificationRead(
    @Ctx() ctx: Context,
    @Arg('input', () => MarkNotificationReadInput, { description: 'The notification.' }) {
      id,
    }: MarkNotificationReadInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<NotificationPayload> {
    const { notificationId } = await markNotificationRead(ctx, id);
    const { count: unreadCount } = await countUnread(ctx);
    return { unreadCount, ...(await payload(ctx, notificationId, info)) };
  }

  @Mutation(() => DeletedPayload, { description: "Deletes one of one's own notifications." })
  async deleteNotification(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteNotificationInput, { description: 'The notification.' }) { id }: DeleteNotificationInput,
  ): Promise<DeletedPayload> {
    await deleteNotification(ctx, id);
    return deleted('Notification', id);
  }

  @Mutation(() => MarkAllNotificationsReadPayload, { description: "Marks all of one's own notifications as read." })
  markAllNotificationsRead(@Ctx() ctx: Context): Promise<MarkAllNotificationsReadPayload> {
    return markAllNotificationsRead(ctx);
  }
}
