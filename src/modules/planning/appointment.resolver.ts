import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { DateTime } from '../../kernel/scalars.js';
import { requirePermission } from '../../kernel/viewer.js';
import { Client } from '../clients/client.entity.js';
import { Intervention } from '../interventions/intervention.entity.js';
import {
  AppointmentPayload,
  CreateAppointmentInput,
  DeleteAppointmentInput,
  UpdateAppointmentInput,
} from './appointment-mutations.inputs.js';
import { AppointmentStatistics, appointmentStatistics } from './appointment-statistics.js';
import { Appointment } from './appointment.entity.js';
import { AppointmentConnection, type AppointmentFilter, AppointmentListArgs } from './appointment.inputs.js';
import { appointmentReads } from './appointment.reads.js';
import { checkSlot, SlotCheck } from './check-slot.js';
import { createAppointment } from './create-appointment.js';
import { deleteAppointment } from './delete-appointment.js';
import { updateAppointment } from './update-appointment.js';

const payload = payloadOf('appointment', appointmentReads);

@Resolver(() => Appointment)
export class AppointmentResolver {
  @Planned
  @Query(() => AppointmentConnection, {
    description: 'The appointments that are not in the trash; needs `appointments:read`.',
  })
  appointments(
    @Ctx() { viewer, read }: Context,
    @Args(() => AppointmentListArgs) args: ListArgs<AppointmentFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Appointment>> {
    requirePermission(viewer, 'appointments:read');
    return read.list(appointmentReads, args, info);
  }

  @Planned
  @Query(() => Appointment, {
    nullable: true,
    description: 'An appointment; null when there is none. Needs `appointments:read`.',
  })
  async appointment(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Appointment | undefined> {
    requirePermission(viewer, 'appointments:read');
    return read.one(appointmentReads, id, info);
  }

  @Query(() => AppointmentStatistics, { description: 'How many appointments there are; needs `appointments:read`.' })
  appointmentStatistics(@Ctx() ctx: Context): Promise<AppointmentStatistics> {
    return appointmentStatistics(ctx);
  }

  @Query(() => SlotCheck, {
    description:
      'Whether an appointment could be made at a time, as of now. Without a technician and a client the appointments ' +
      'of everybody count. Needs `appointments:read`.',
  })
  slotCheck(
    @Ctx() ctx: Context,
    @Arg('startsAt', () => DateTime, { description: 'When it would begin.' }) startsAt: Date,
    @Arg('endsAt', () => DateTime, { description: 'When it would end.' }) endsAt: Date,
    @Arg('clientId', () => ID, { nullable: true, description: 'UUID of the client.' }) clientId?: string | null,
    @Arg('technician', () => String, { nullable: true, description: 'Who would go there, as in an appointment.' })
    technician?: string | null,
    @Arg('exceptId', () => ID, { nullable: true, description: 'UUID of the appointment that would be moved there.' })
    exceptId?: string | null,
  ): Promise<SlotCheck> {
    return checkSlot(ctx, { startsAt, endsAt, clientId, technician, exceptId });
  }

  @Mutation(() => AppointmentPayload, {
    description:
      'Books an appointment; needs `appointments:write`. CONFLICT with the reason `appointment.overlap` when the ' +
      'technician has another one then, or, without a technician, the client has.',
  })
  async createAppointment(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateAppointmentInput, { description: 'The appointment.' }) input: CreateAppointmentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AppointmentPayload> {
    return payload(ctx, await createAppointment(ctx, input), info);
  }

  @Mutation(() => AppointmentPayload, {
    description:
      'Changes an appointment: moves, confirms, cancels or finishes it; needs `appointments:write`. A new time asks ' +
      'the client anew.',
  })
  async updateAppointment(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateAppointmentInput, { description: 'The changes.' }) input: UpdateAppointmentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AppointmentPayload> {
    return payload(ctx, await updateAppointment(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description:
      'Puts an appointment into the trash; needs `appointments:write`. BAD_USER_INPUT with the reason ' +
      '`appointment.kept` for one that is confirmed or done.',
  })
  async deleteAppointment(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteAppointmentInput, { description: 'Which one.' }) { id }: DeleteAppointmentInput,
  ): Promise<DeletedPayload> {
    return deleted('Appointment', await deleteAppointment(ctx, id));
  }
}

@Resolver(() => Client)
export class ClientAppointmentsResolver {
  @FieldResolver(() => AppointmentConnection, { description: 'Appointments with it; needs `appointments:read`.' })
  appointments(@Args(() => AppointmentListArgs) _args: ListArgs<AppointmentFilter>): Connection<Appointment> {
    return answeredByReader();
  }
}

@Resolver(() => Intervention)
export class InterventionAppointmentsResolver {
  @FieldResolver(() => AppointmentConnection, { description: 'Appointments for it; needs `appointments:read`.' })
  appointments(@Args(() => AppointmentListArgs) _args: ListArgs<AppointmentFilter>): Connection<Appointment> {
    return answeredByReader();
  }

  @FieldResolver(() => Appointment, {
    nullable: true,
    description: 'The next appointment for it that is not cancelled, else the last; needs `appointments:read`.',
  })
  @Extensions({ needs: ['id'] })
  appointment(
    @Root() { id }: Intervention,
    @Ctx() { load }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Appointment | undefined> {
    return load.appointmentOfIntervention.load({ interventionId: id, info });
  }
}
