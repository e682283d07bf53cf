import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { NotificationType } from './notification.entity.js';
import { updateNotificationPreference } from './update-notification-preference.js';

@ObjectType({ simpleResolvers: true, description: 'How a person wants to be told of one type of notification.' })
class NotificationPreference {
  @Field(() => NotificationType, { description: 'The type.' })
  type!: NotificationType;

  @Field(() => Boolean, {
    description: 'Whether it comes by mail too, when the server sends mail. True unless the person has changed it.',
  })
  byMail!: boolean;
}

@InputType({ description: 'How to be told of one type of notification.' })
class UpdateNotificationPreferenceInput {
  @Field(() => NotificationType, { description: 'The type.' })
  type!: NotificationType;

  @Field(() => Boolean, { description: 'Whether it comes by mail too.' })
  byMail!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'The preference after the change.' })
class NotificationPreferencePayload {
  @Field(() => NotificationPreference, { description: 'The preference.' })
  notificationPreference!: NotificationPreference;
}

@Resolver(() => NotificationPreference)
export class NotificationPreferenceResolver {
  @Query(() => [NotificationPreference], { description: "The viewer's own preferences, one for each type." })
  async notificationPreferences(@Ctx() { viewer, db }: Context): Promise<NotificationPreference[]> {
    const { userId } = requireSignedIn(viewer);
    const changed = await db.all<NotificationPreference>(
      sql`select type, by_mail as "byMail" from notification_preferences where user_id = ${userId}`,
    );
    return Object.values(NotificationType).map(
      (type) => changed.find((preference) => preference.type === type) ?? { type, byMail: true },
    );
  }

  @Mutation(() => NotificationPreferencePayload, {
    description: 'Changes how the viewer wants to be told of one type of notification.',
  })
  async updateNotificationPreference(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateNotificationPreferenceInput, { description: 'The preference.' }) {
      type,
      byMail,
    }: UpdateNotificationPreferenceInput,
  ): Promise<NotificationPreferencePayload> {
    await updateNotificationPreference(ctx, type, byMail);
    return { notificationPreference: { type, byMail } };
  }
}
