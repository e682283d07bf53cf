import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
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
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '../../../kernel/event-subscription.js';
import { Document } from './document.entity.js';
import { documentReads } from './document.reads.js';
import { mayHearOfDocument } from './hear-document-event.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a document.' })
class DocumentEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the document, which may be gone by now.' })
  documentId!: string;
}

interface Args {
  after?: string | null;
  documentId?: string | null;
}

@Resolver(() => DocumentEvent)
export class DocumentEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => DocumentEvent, {
    description: 'What happens to documents that the viewer may see, in commit order, from now on or after a position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => documentEventsFor(args, context),
  })
  documentEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('documentId', () => ID, { nullable: true, description: 'Only of this document.' }) _documentId?: string | null,
  ): DocumentEvent {
    return { ...deliveredOf(event), documentId: event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Document, { nullable: true, description: 'The document as it is now; null when it is gone.' })
  document(
    @Root() event: DocumentEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Document | undefined> {
    return read.one(documentReads, event.documentId, info);
  }
}

const documentEventsFor = ({ after, documentId }: Args, { viewer: subscriber }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber,
    concerns: ({ subjectType, subjectId }) => subjectType === 'Document' && (!documentId || subjectId === documentId),
    // A share may have been taken back since the last event.
    mayHear: mayHearOfDocument,
  });
