import { Arg, Field, ObjectType } from 'type-graphql';
import type { StoredEvent } from '../events/catalog.js';
import type { Context } from './context.js';
import { EventType } from './event-type.js';
import { DateTime, Position } from './scalars.js';
import { requireSignedIn, type Viewer } from './viewer.js';

/**
 * Whether the viewer may be told an event, asked for each event anew: `current` is the viewer as of then. Throws when
 * the subscription or the socket has to end.
 */
export type MayHear = (
  event: StoredEvent,
  current: Omit<Awaited<ReturnType<Context['refresh']>>, 'endsAtMs'>,
) => boolean | Promise<boolean>;

interface Parts {
  /** Position after which to start; absent: from now on. The answers must not depend on it. */
  after: string | null | undefined;
  /** Who subscribes: somebody signed in. */
  subscriber: Viewer;
  /** True for the events that the subscriber waits for; must not read anything. */
  concerns: (event: StoredEvent) => boolean;
  mayHear: MayHear;
}

/**
 * The source of a subscription: which events of the log it delivers, and to whom. It only says so and does not read the
 * log itself, so that equal subscriptions share the work: `graph/subscriptions`.
 */
export class EventSubscription implements AsyncIterable<StoredEvent> {
  constructor(readonly parts: Parts) {}

  /** Throws when the viewer may not subscribe. */
  admit(): void {
    requireSignedIn(this.parts.subscriber);
  }

  /** graphql-js accepts only iterables as a source. */
  [Symbol.asyncIterator](): never {
    throw new Error('Event subscriptions are served by graph/subscriptions');
  }
}

/** The fields of every event that a subscription delivers. Its own type adds what the event is about. */
@ObjectType({ simpleResolvers: true })
export abstract class DeliveredEvent {
  @Field(() => Position, { description: 'Place in the event log; pass the last one as `after` to resume.' })
  position!: string;

  @Field(() => EventType, { description: 'What happened.' })
  type!: string;

  @Field(() => String, {
    description: 'What happened, by its name on `/ws` and in the log, such as `document.created`.',
  })
  name!: string;

  @Field(() => DateTime, { description: 'When.' })
  occurredAt!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Id of the request that did it, as in `X-Request-Id`, for whoever did it: a client that named its own request ' +
      'knows that it heard of this already. Null to everybody else.',
  })
  requestId?: string | null;
}

/** The fields of every event that a subscription delivers, from the log. */
export const deliveredOf = ({ position, type, occurredAt, requestId }: StoredEvent): DeliveredEvent => ({
  position,
  type,
  name: type,
  occurredAt,
  requestId: requestId ?? null,
});

/** The event as somebody is told it: only who did it learns by which request. */
export const toldTo = ({ userId }: Viewer, event: StoredEvent): StoredEvent =>
  isDoneBy(userId, event) ? event : { ...event, requestId: null };

/** Whether that person did it: they are told more of it than others who see the same. */
export const isDoneBy = (userId: number | undefined, { actorId }: StoredEvent): boolean =>
  userId !== undefined && actorId === userId;

/** The argument `after` of a subscription. Its source reads it, so the resolver only declares it. */
export const AfterPosition: ParameterDecorator = Arg('after', () => Position, {
  nullable: true,
  description: 'Position of the last event received; absent: from now on.',
}) as ParameterDecorator;
