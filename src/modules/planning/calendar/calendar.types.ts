import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { InterventionKind, InterventionStatus } from '../../interventions/intervention.entity.js';
import { AppointmentStatus } from '../appointment.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What a calendar shows: an appointment, or an intervention without one.',
})
export class CalendarEvent {
  @Field(() => ID, { nullable: true, description: 'UUID of the appointment; null: an intervention that has none.' })
  appointmentId!: string | null;

  @Field(() => DateTime, { description: 'When it begins.' })
  startsAt!: string;

  @Field(() => DateTime, {
    description: 'When it ends; for an intervention, after the time that it should take, an hour if nobody says.',
  })
  endsAt!: string;

  @Field(() => AppointmentStatus, { nullable: true, description: 'Where the appointment stands; null without one.' })
  appointmentStatus!: AppointmentStatus | null;

  @Field(() => InterventionStatus, {
    nullable: true,
    description: 'Where the intervention without an appointment stands; null for an appointment.',
  })
  interventionStatus!: InterventionStatus | null;

  @Field(() => InterventionKind, { nullable: true, description: 'What is done; null: nothing in particular.' })
  kind!: InterventionKind | null;

  @Field(() => ID, { nullable: true, description: 'UUID of the intervention; null for none that the viewer may see.' })
  interventionId!: string | null;

  @Field(() => ID, { description: 'UUID of the client.' })
  clientId!: string;

  @Field(() => String, { nullable: true, description: 'Name of the client; null when the viewer may not see clients.' })
  clientName!: string | null;

  @Field(() => String, { nullable: true, description: 'Who goes there, as it was given.' })
  technician!: string | null;

  @Field(() => String, { nullable: true, description: 'Notes of the appointment, or what the intervention is.' })
  notes!: string | null;

  @Field(() => String, { nullable: true, description: 'A colour of its own, `#RRGGBB`; null: that of its status.' })
  color!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many hours before it calendars remind of it.' })
  reminderHours!: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'A calendar for programs that know iCalendar (RFC 5545).' })
export class CalendarFile {
  @Field(() => String, { description: 'What to call the file.' })
  name!: string;

  @Field(() => String, { description: 'The text of the file.' })
  content!: string;
}
