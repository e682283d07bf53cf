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
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../kernel/event-subscription.js';
import { fieldworkEvents } from '../clients/fieldwork-events.js';
import type { MediumEventData } from './events.js';
import { Medium } from './medium.entity.js';
import { mediumReads } from './medium.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a file of an intervention.' })
class MediumEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the file, which may be gone by now.' })
  mediumId!: string;

  @Field(() => ID, { description: 'UUID of its intervention.' })
  interventionId!: string;

  @Field(() => [String], { description: 'Names of the fields that changed.' })
  fields!: string[];
}

interface Args {
  after?: string | null;
  mediumId?: string | null;
  interventionId?: string | null;
}

@Resolver(() => MediumEvent)
export class MediumEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => MediumEvent, {
    description:
      'What happens to the files of interventions, for whoever has `media:read`; in commit order, from now on or ' +
      'after a position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => {
      const { after, mediumId: id, interventionId } = args;
      const subject = { resource: 'media', subjectType: 'Medium' } as const;
      return fieldworkEvents({ ...subject, after, id, carrying: { interventionId } }, context);
    },
  })
  mediumEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('mediumId', () => ID, { nullable: true, description: 'Only of this file.' }) _mediumId?: string | null,
    @Arg('interventionId', () => ID, { nullable: true, description: 'Only of files of this intervention.' })
    _interventionId?: string | null,
  ): MediumEvent {
    const { interventionId, fields } = event.data as MediumEventData;
    return { ...deliveredOf(event), mediumId: event.subjectId, interventionId, fields };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Medium, { nullable: true, description: 'The file as it is now; null when it is gone.' })
  medium(
    @Root() event: MediumEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Medium | undefined> {
    return read.one(mediumReads, event.mediumId, info);
  }
}
