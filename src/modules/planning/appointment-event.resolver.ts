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
import { Appointment } from './appointment.entity.js';
import { appointmentReads } from './appointment.reads.js';
import type { AppointmentEventData } from './events.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to an appointment.' })
class AppointmentEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the appointment, which may be gone by now.' })
  appointmentId!: string;

  @Field(() => ID, { description: 'UUID of the client that it is, or was, with.' })
  clientId!: string;

  @Field(() => [String], { description: 'Names of the fields that changed.' })
  fields!: string[];
}

interface AppointmentEventArgs {
  after?: string | null;
  clientId?: string | null;
}

const dataOf = (event: StoredEvent): AppointmentEventData => event.data as AppointmentEventData;

@Resolver(() => AppointmentEvent)
export class AppointmentEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => AppointmentEvent, {
    description:
      'What happens to appointments, in commit order, from now on or after a position; needs `appointments:read`.',
    subscribe: ({ args: { after, clientId }, context }: { args: AppointmentEventArgs; context: Context }) => {
      const subject = { resource: 'appointments', subjectType: 'Appointment' } as const;
      return fieldworkEvents({ ...subject, after, carrying: { clientId } }, context);
    },
  })
  appointmentEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('clientId', () => ID, { nullable: true, description: 'Only of those with this client.' })
    _clientId?: string | null,
  ): AppointmentEvent {
    const { clientId, fields } = dataOf(event);
    return { ...deliveredOf(event), appointmentId: event.subjectId, clientId, fields };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Appointment, {
    nullable: true,
    description: 'The appointment as it is now; null when it is gone.',
  })
  appointment(
    @Root() event: AppointmentEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Appointment | undefined> {
    return read.one(appointmentReads, event.appointmentId, info);
  }
}
