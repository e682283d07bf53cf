import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '../../kernel/event-subscription.js';
import { EventType } from '../../kernel/event-type.js';
import { can, requirePermission } from '../../kernel/viewer.js';
import { AuditEvent } from './audit-event.entity.js';
import { auditEventReads } from './audit-event.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that was added to the event log.' })
class AuditedEvent extends DeliveredEvent {
  @Field(() => String, { description: 'Kind of the thing that it happened to, such as `Document`.' })
  subjectType!: string;

  @Field(() => String, { description: 'Number or UUID of that thing; empty when there is none.' })
  subjectId!: string;
}

interface Args {
  after?: string | null;
  types?: readonly string[] | null;
}

@Resolver(() => AuditedEvent)
export class AuditedEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => AuditedEvent, {
    description:
      'The whole event log as it grows, in commit order, from now on or after a position. Needs `events:read`.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => auditedEventsFor(args, context),
  })
  auditEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('types', () => [EventType], { nullable: true, description: 'Only of these types.' })
    _types?: readonly string[] | null,
  ): AuditedEvent {
    const { subjectType, subjectId } = event;
    return { ...deliveredOf(event), subjectType, subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => AuditEvent, {
    nullable: true,
    description: 'The event as it stands in the log: who did it, from where; null when it is gone.',
  })
  auditEvent(
    @Root() { position }: AuditedEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AuditEvent | undefined> {
    return read.one(auditEventReads, position, info);
  }
}

const auditedEventsFor = ({ after, types }: Args, { viewer }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requirePermission(viewer, 'events:read'),
    concerns: ({ type }) => !types || types.includes(type),
    // The permission may have been taken back since the last event.
    mayHear: (_event, current) => can(current.viewer, 'events:read'),
  });
