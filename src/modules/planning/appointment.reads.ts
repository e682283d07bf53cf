import { before, column, equals, inLowerCase, type ListedReadModel, notBefore } from '../../kernel/read-model.js';
import { Appointment } from './appointment.entity.js';
import { visibleAppointments } from './appointment.policy.js';

export const appointmentReads: ListedReadModel<Appointment> = {
  entity: Appointment,
  visibleTo: visibleAppointments,
  list: {
    defaultOrder: 'STARTS_AT_ASC',
    orders: { STARTS_AT: column('starts_at', 'timestamptz'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      clientId: equals('client_id', 'uuid'),
      interventionId: equals('intervention_id', 'uuid'),
      status: equals('status', 'text'),
      startsAfter: notBefore('starts_at'),
      startsBefore: before('starts_at'),
      technicianUserId: equals('technician_user_id', 'int'),
      technician: inLowerCase('technician_text'),
    },
  },
};
