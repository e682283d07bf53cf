import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
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
import type { EventCatalog, StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '../../kernel/event-subscription.js';
import { can } from '../../kernel/viewer.js';
import { Ingest, IngestStep } from './ingest.entity.js';
import { ingestReads } from './ingest.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to an ingest.' })
class IngestEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the ingest.' })
  ingestId!: string;

  @Field(() => IngestStep, { nullable: true, description: 'Of progress: what it is at.' })
  step?: string | null;

  @Field(() => Int, { nullable: true, description: 'Of progress: pages or files done.' })
  done?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of progress: pages or files in all, where they are counted.' })
  total?: number | null;

  @Field(() => String, { nullable: true, description: 'Of a refusal: why, in French.' })
  reason?: string | null;
}

interface Args {
  after?: string | null;
  ingestId?: string | null;
}

type IngestData = { ownerId: number } & Partial<EventCatalog['ingest.progress'] & EventCatalog['ingest.refused']>;

@Resolver(() => IngestEvent)
export class IngestEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => IngestEvent, {
    description:
      'How the ingests go on whose documents the viewer owns, or all of them for whoever reads all documents; in ' +
      'commit order, from now on or after a position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => ingestEventsFor(args, context),
  })
  ingestEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('ingestId', () => ID, { nullable: true, description: 'Only of this ingest.' }) _ingestId?: string | null,
  ): IngestEvent {
    const { step = null, done = null, total = null, reason = null } = event.data as IngestData;
    return { ...deliveredOf(event), ingestId: event.subjectId, step, done, total, reason };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Ingest, { nullable: true, description: 'The ingest as it is now; null when it is gone.' })
  ingest(
    @Root() event: IngestEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Ingest | undefined> {
    return read.one(ingestReads, event.ingestId, info);
  }
}

const ingestEventsFor = ({ after, ingestId }: Args, { viewer: subscriber }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber,
    concerns: ({ subjectType, subjectId }) => subjectType === 'Ingest' && (!ingestId || subjectId === ingestId),
    // A role may have been taken away since the last event.
    mayHear: ({ data }, { viewer }) => can(viewer, 'documents:read') || (data as IngestData).ownerId === viewer.userId,
  });
