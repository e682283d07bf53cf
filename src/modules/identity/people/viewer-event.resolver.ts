import { Extensions, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '../../../kernel/event-subscription.js';
import { isReader, requireSignedIn } from '../../../kernel/viewer.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to the viewer as a person.' })
class ViewerEvent extends DeliveredEvent {
  @Field(() => ID, {
    description: 'Number of the person, or id of the session, key or other part, of which `type` says what it is.',
  })
  subjectId!: string;
}

/** What a person has, by the first word of the events that tell of it. */
const families: ReadonlySet<string | undefined> = new Set([
  'user',
  'session',
  'device',
  'api_token',
  'api_key',
  'passkey',
  'second_factor',
  'notification_preference',
]);

/** The number of the person whom the event is about; '' for nobody. */
const holderOf = ({ subjectType, subjectId, data }: StoredEvent): string =>
  subjectType === 'User' ? subjectId : String((data as { userId?: number }).userId ?? '');

@Resolver(() => ViewerEvent)
export class ViewerEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => ViewerEvent, {
    description:
      "What happens to the viewer's own profile, roles, sessions, devices, second factor, passkeys, tokens, " +
      'API keys and preferences of notifications; in commit order, from now on or after a position.',
    subscribe: ({ args: { after }, context }: { args: { after?: string | null }; context: Context }) =>
      new EventSubscription({
        after,
        subscriber: requireSignedIn(context.viewer),
        concerns: ({ type }) => families.has(type.split('.')[0]),
        // The credential's rights may have ended since the last event.
        mayHear: (event, { viewer }) => isReader(viewer) && holderOf(event) === String(viewer.userId),
      }),
  })
  viewerEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): ViewerEvent {
    return { ...deliveredOf(event), subjectId: event.subjectId };
  }
}
