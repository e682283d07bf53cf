import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { Appointment, AppointmentStatus } from './appointment.entity.js';

const technicianText =
  'Who goes there: the UUID or the user name of an active person, or any other text, at most 255 characters. Without ' +
  'one the appointment collides with all others of its client.';

@InputType({ description: 'What an appointment is beside its times.' })
abstract class AppointmentDetails {
  @Field(() => ID, { nullable: true, description: 'UUID of the intervention, at the same client.' })
  interventionId?: string | null;

  @Field(() => AppointmentStatus, { nullable: true, description: 'Where it stands; a new one is planned by default.' })
  status?: AppointmentStatus | null;

  @Field(() => String, { nullable: true, description: technicianText })
  technician?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be known of it, at most 10,000 characters.' })
  notes?: string | null;

  @Field(() => String, { nullable: true, description: 'Colour in the calendar, `#RRGGBB`.' })
  color?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many hours before it calendars remind of it: 0 to 8760.' })
  reminderHours?: number | null;
}

@InputType({ description: 'A new appointment.' })
export class CreateAppointmentInput extends AppointmentDetails {
  @Field(() => ID, {
    nullable: true,
    description: 'UUID of the caller’s own making: sent again, it makes no second one. Absent: the server makes one.',
  })
  id?: string | null;

  @Field(() => ID, { description: 'UUID of the client.' })
  clientId!: string;

  @Field(() => DateTime, { description: 'When it begins.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'When it ends, at most 366 days later; another may begin at this moment.' })
  endsAt!: Date;
}

@InputType({ description: 'Changes to an appointment. What is absent stays as it is; null empties what may be empty.' })
export class UpdateAppointmentInput extends AppointmentDetails {
  @Field(() => ID, { description: 'UUID of the appointment.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change goes by: CONFLICT when it is not the last.',
  })
  version?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it begins.' })
  startsAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends.' })
  endsAt?: Date | null;
}

@InputType({ description: 'Names an appointment.' })
export class DeleteAppointmentInput {
  @Field(() => ID, { description: 'UUID of the appointment.' })
  id!: string;
}

@ObjectType({ description: 'An appointment after a change.' })
export class AppointmentPayload {
  @Field(() => Appointment, { description: 'The appointment as it is now.' })
  appointment!: Appointment;
}
