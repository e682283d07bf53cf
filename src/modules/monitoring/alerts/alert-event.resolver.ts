import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import {
  AfterPosition,
  DeliveredEvent,
  deliveredOf,
  EventSubscription,
  type MayHear,
} from '../../../kernel/event-subscription.js';
import { can, requirePermission } from '../../../kernel/viewer.js';
import { Alert } from './alert.entity.js';
import { monitoringPermission } from './alert.policy.js';
import { alertReads } from './alert.reads.js';

@ObjectType({ simpleResolvers: true, description: 'An alert was raised, or has ended.' })
class AlertEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the alert.' })
  alertId!: string;
}

export const mayHearOfAlert: MayHear = (_event, { viewer }) => can(viewer, monitoringPermission);

@Resolver(() => AlertEvent)
export class AlertEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => AlertEvent, {
    description:
      'Alerts that are raised and end, in commit order, from now on or after a position. Needs `monitoring:read`.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: Context }) =>
      alertEventsFor(args.after, context),
  })
  alertEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): AlertEvent {
    return { ...deliveredOf(event), alertId: event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Alert, { nullable: true, description: 'The alert as it is now; null when it is gone.' })
  alert(
    @Root() { alertId }: AlertEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Alert | undefined> {
    return read.one(alertReads, alertId, info);
  }
}

const alertEventsFor = (after: string | null | undefined, { viewer }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requirePermission(viewer, monitoringPermission),
    concerns: ({ subjectType }) => subjectType === 'Alert',
    // The permission may have been taken back since the last event.
    mayHear: mayHearOfAlert,
  });
