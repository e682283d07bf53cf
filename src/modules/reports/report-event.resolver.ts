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
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../kernel/event-subscription.js';
import { fieldworkEvents } from '../clients/fieldwork-events.js';
import type { ReportEventData } from './events.js';
import { Report } from './report.entity.js';
import { reportReads } from './report.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a report.' })
class ReportEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the report.' })
  reportId!: string;

  @Field(() => ID, { description: 'UUID of its intervention.' })
  interventionId!: string;

  @Field(() => Int, { nullable: true, description: 'Of progress: how much of the file is made, of 100.' })
  progress?: number | null;

  @Field(() => String, { nullable: true, description: 'Of a failure: why, in French.' })
  error?: string | null;
}

interface Args {
  after?: string | null;
  reportId?: string | null;
  interventionId?: string | null;
}

type ReportData = ReportEventData & Partial<EventCatalog['report.progressed'] & EventCatalog['report.failed']>;

@Resolver(() => ReportEvent)
export class ReportEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => ReportEvent, {
    description:
      'What happens to reports, how the making of their files goes on included, for whoever holds `reports:read`; in ' +
      'commit order, from now on or after a position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => {
      const { after, reportId: id, interventionId } = args;
      const subject = { resource: 'reports', subjectType: 'Report' } as const;
      return fieldworkEvents({ ...subject, after, id, carrying: { interventionId } }, context);
    },
  })
  reportEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('reportId', () => ID, { nullable: true, description: 'Only of this report.' }) _reportId?: string | null,
    @Arg('interventionId', () => ID, { nullable: true, description: 'Only of reports on this intervention.' })
    _interventionId?: string | null,
  ): ReportEvent {
    const { interventionId, progress = null, reason: error = null } = event.data as ReportData;
    return { ...deliveredOf(event), reportId: event.subjectId, interventionId, progress, error };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Report, { nullable: true, description: 'The report as it is now; null when it is gone.' })
  report(
    @Root() event: ReportEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report | undefined> {
    return read.one(reportReads, event.reportId, info);
  }
}
