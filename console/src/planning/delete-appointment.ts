import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, tell } from '../ui/toast';
import {
  type AppointmentFactsFragment,
  CreateAppointmentOperation,
  DeleteAppointmentOperation,
} from './operations.gen';
import { words } from './words';

/** Deletes appointments; each can be made again as it was, for some seconds. */
export function useDeleteAppointment() {
  const t = useWords(words);
  const touching = { touches: ['appointments', 'interventions', 'clients'] as const, onError: complain };
  const deleting = useAction(DeleteAppointmentOperation, touching);
  const creating = useAction(CreateAppointmentOperation, touching);
  const remove = async (appointment: AppointmentFactsFragment): Promise<boolean> => {
    if (!(await deleting.run({ input: { id: appointment.id } }))) return false;
    const { clientId, interventionId, startsAt, endsAt, status, notes, color, reminderHours } = appointment;
    tell(t('deleted'), () =>
      creating.run({
        input: {
          clientId,
          startsAt,
          endsAt,
          status,
          interventionId: interventionId ?? null,
          notes: notes ?? null,
          color: color ?? null,
          reminderHours: reminderHours ?? null,
          technician: appointment.technicianUser?.username ?? appointment.technician ?? null,
        },
      }),
    );
    return true;
  };
  return { remove, isRemoving: deleting.isRunning };
}
