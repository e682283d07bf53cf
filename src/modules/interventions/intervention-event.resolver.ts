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
import type { InterventionEvents } from './events.js';
import { Intervention, InterventionStatus } from './intervention.entity.js';
import { interventionReads } from './intervention.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to an intervention.' })
class InterventionEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ID, { description: 'UUID of its client.' })
  clientId!: string;

  @Field(() => [String], { description: 'Names of the fields that changed.' })
  fields!: string[];

  @Field(() => InterventionStatus, { nullable: true, description: 'Of a move: where it stood.' })
  from?: InterventionStatus | null;

  @Field(() => InterventionStatus, { nullable: true, description: 'Of a move: where it stands since.' })
  to?: InterventionStatus | null;
}

interface Args {
  after?: string | null;
  interventionId?: string | null;
  clientId?: string | null;
}

type Data = InterventionEvents['intervention.updated'] & Partial<InterventionEvents['intervention.status_changed']>;

@Resolver(() => InterventionEvent)
export class InterventionEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => InterventionEvent, {
    description:
      'What happens to interventions, for whoever has `interventions:read`; in commit order, from now on or after a ' +
      'position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => {
      const { after, interventionId: id, clientId } = args;
      const subject = { resource: 'interventions', subjectType: 'Intervention' } as const;
      return fieldworkEvents({ ...subject, after, id, carrying: { clientId } }, context);
    },
  })
  interventionEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('interventionId', () => ID, { nullable: true, description: 'Only of this intervention.' })
    _interventionId?: string | null,
    @Arg('clientId', () => ID, { nullable: true, description: 'Only of this client.' }) _clientId?: string | null,
  ): InterventionEvent {
    const { clientId, fields, from, to } = event.data as Data;
    const move = { from: from && InterventionStatus[from], to: to && InterventionStatus[to] };
    return { ...deliveredOf(event), interventionId: event.subjectId, clientId, fields, ...move };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Intervention, {
    nullable: true,
    description: 'The intervention as it is now; null when it is gone.',
  })
  intervention(
    @Root() event: InterventionEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Intervention | undefined> {
    return read.one(interventionReads, event.interventionId, info);
  }
}
