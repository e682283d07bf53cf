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
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import {
  AfterPosition,
  DeliveredEvent,
  deliveredOf,
  EventSubscription,
  type MayHear,
} from '../../kernel/event-subscription.js';
import { can, isReader, requireSignedIn } from '../../kernel/viewer.js';
import type { InvoicingEvents } from './events.js';
import { Invoice } from './invoice.entity.js';
import { invoiceReads } from './invoice.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to an invoice or a credit note.' })
class InvoiceEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the invoice, which may be gone by now.' })
  invoiceId!: string;
}

interface Args {
  after?: string | null;
  invoiceId?: string | null;
}

@Resolver(() => InvoiceEvent)
export class InvoiceEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => InvoiceEvent, {
    description:
      'What happens to invoices that the viewer may see, in commit order, from now on or after a position. Of a ' +
      'draft that is gone its author and administrators hear.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => invoiceEventsFor(args, context),
  })
  invoiceEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('invoiceId', () => ID, { nullable: true, description: 'Only of this invoice.' }) _invoiceId?: string | null,
  ): InvoiceEvent {
    return { ...deliveredOf(event), invoiceId: event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Invoice, { nullable: true, description: 'The invoice as it is now; null when it is gone.' })
  invoice(
    @Root() { invoiceId }: InvoiceEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Invoice | undefined> {
    return read.one(invoiceReads, invoiceId, info);
  }
}

/** Whoever may see the invoice, as of now, may hear of it; of a draft that is gone its author still does. */
export const mayHearOfInvoice: MayHear = ({ subjectId, data }, { viewer, isVisible }) => {
  if (!isReader(viewer)) return false;
  const { createdById } = data as InvoicingEvents['invoice.created'];
  return createdById === viewer.userId || can(viewer, '*:read') || isVisible(invoiceReads, subjectId);
};

const invoiceEventsFor = ({ after, invoiceId }: Args, { viewer }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requireSignedIn(viewer),
    concerns: ({ subjectType, subjectId }) =>
      subjectType === 'Invoice' && (invoiceId == null || subjectId === invoiceId),
    mayHear: mayHearOfInvoice,
  });
