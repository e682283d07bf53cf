import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  Int,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { EventType, StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '../../kernel/event-subscription.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { countUnread } from './count-unread.js';
import { Notification } from './notification.entity.js';
import { notificationReads } from './notification.reads.js';

@ObjectType({ simpleResolvers: true, description: "Something that happened to the viewer's notifications." })
class NotificationEvent extends DeliveredEvent {
  @Field(() => ID, { nullable: true, description: 'Number of the notification; null when all were read at once.' })
  notificationId!: string | null;
}

const followed: readonly EventType[] = ['notification.created', 'notification.read', 'notification.all_read'];

@Resolver(() => NotificationEvent)
export class NotificationEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => NotificationEvent, {
    name: 'notifications',
    description: "What happens to the viewer's notifications, in commit order, from now on or after a position.",
    subscribe: ({ args, context }: { args: { after?: string | null }; context: Context }) =>
      ownNotificationEvents(args.after, context),
  })
  notificationEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): NotificationEvent {
    return { ...deliveredOf(event), notificationId: event.type === 'notification.all_read' ? null : event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Notification, {
    nullable: true,
    description: 'The notification as it is now; null when it is gone.',
  })
  async notification(
    @Root() { notificationId }: NotificationEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Notification | undefined> {
    return notificationId === null ? undefined : read.one(notificationReads, notificationId, info);
  }

  @FieldResolver(() => Int, { description: 'How many are unread by now.' })
  async unreadCount(@Ctx() ctx: Context): Promise<number> {
    return (await countUnread(ctx)).count;
  }
}

const ownNotificationEvents = (after: string | null | undefined, { viewer: subscriber }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber,
    concerns: ({ type, data }) => followed.includes(type) && (data as { userId: number }).userId === subscriber.userId,
    // The credential's rights may have ended since the last event.
    mayHear: (_event, { viewer }) => Boolean(requireSignedIn(viewer)),
  });
