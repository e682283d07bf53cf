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
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../../kernel/event-subscription.js';
import { fieldworkEvents } from '../../clients/fieldwork-events.js';
import { ReportTemplate } from './report-template.entity.js';
import { reportTemplateReads } from './report-template.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a template of reports.' })
class ReportTemplateEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the template.' })
  reportTemplateId!: string;
}

@Resolver(() => ReportTemplateEvent)
export class ReportTemplateEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => ReportTemplateEvent, {
    description:
      "What happens to the firm's templates of reports, for whoever holds `reports:read`; in commit order, from now " +
      'on or after a position.',
    subscribe: ({ args: { after }, context }: { args: { after?: string | null }; context: Context }) =>
      fieldworkEvents({ resource: 'reports', subjectType: 'ReportTemplate', after }, context),
  })
  reportTemplateEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): ReportTemplateEvent {
    return { ...deliveredOf(event), reportTemplateId: event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => ReportTemplate, {
    nullable: true,
    description: 'The template as it is now; null when it is gone.',
  })
  reportTemplate(
    @Root() { reportTemplateId }: ReportTemplateEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportTemplate | undefined> {
    return read.one(reportTemplateReads, reportTemplateId, info);
  }
}
