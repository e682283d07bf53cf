import { Extensions, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import {
  AfterPosition,
  DeliveredEvent,
  deliveredOf,
  EventSubscription,
  type MayHear,
} from '../../../kernel/event-subscription.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { nodeIdOf } from '../../../lib/node-id.js';
import { mayHearOfView } from '../saved-views/hear-view-event.js';
import { mayHearOfFiling } from './filing.policy.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Something that happened to what documents are filed by, or to a saved view of them.',
})
class FilingEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of that, of which `type` says what it is; it may be gone by now.' })
  subjectId!: string;

  @Field(() => ID, { description: 'Its `nodeId`, for `node` and for caches.' })
  subjectNodeId!: string;
}

/** Who may hear of what, by the subject types of the log. */
const hearers = new Map<string, MayHear>([
  ...['Tag', 'DocumentType', 'Correspondent', 'CustomField'].map((type) => [type, mayHearOfFiling] as const),
  ['SavedView', mayHearOfView],
]);

@Resolver(() => FilingEvent)
export class FilingEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => FilingEvent, {
    description:
      'What happens to tags, document types, correspondents and custom fields, and to the saved views that the ' +
      'viewer sees; in commit order, from now on or after a position.',
    subscribe: ({ args: { after }, context }: { args: { after?: string | null }; context: Context }) =>
      new EventSubscription({
        after,
        subscriber: requireSignedIn(context.viewer),
        concerns: ({ subjectType }) => hearers.has(subjectType),
        mayHear: (event, current) => hearers.get(event.subjectType)?.(event, current) ?? false,
      }),
  })
  filingEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): FilingEvent {
    const { subjectType, subjectId } = event;
    return { ...deliveredOf(event), subjectId, subjectNodeId: nodeIdOf(subjectType, subjectId) };
  }
}
