import { Field, ID, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime } from '../../kernel/scalars.js';
import { Appointment, AppointmentStatus } from './appointment.entity.js';
import { appointmentReads } from './appointment.reads.js';

export const AppointmentConnection = connectionType('Appointment', () => Appointment);

@InputType({ description: 'Conditions on appointments; all that are given must hold.' })
export class AppointmentFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'With this client.' })
  clientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For this intervention.' })
  interventionId?: string | null;

  @Field(() => AppointmentStatus, { nullable: true, description: 'Standing so.' })
  status?: AppointmentStatus | null;

  @Field(() => DateTime, { nullable: true, description: 'That begin at this moment or later.' })
  startsAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'That begin before this moment.' })
  startsBefore?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Of this person.' })
  technicianUserId?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose technician has this text, in any case.' })
  technician?: string | null;
}

export const AppointmentListArgs = listArgs('Appointment', appointmentReads.list, AppointmentFilter);
