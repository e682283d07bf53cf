import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { CalendarDays, Navigation, Pencil, Phone } from 'lucide-react';
import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { directionsTo } from '../interventions/directions';
import { kindWords } from '../interventions/labels';
import { CustomerLink } from '../interventions/visits-card';
import { useMay } from '../session/session';
import { NotFound } from '../shell/not-found';
import { Button, LinkButton } from '../ui/button';
import { Badge, Notice } from '../ui/notice';
import { Answer, Card, Facts, Page } from '../ui/page';
import { AppointmentForm } from './appointment-form';
import { useDeleteAppointment } from './delete-appointment';
import { appointmentStatusWords, appointmentTones } from './labels';
import { AppointmentDetailOperation, type AppointmentDetailQuery } from './operations.gen';
import { words } from './words';

const route = getRouteApi('/app/planning/$id');

/** One appointment, which notifications lead to. */
export function AppointmentPage() {
  const { id } = route.useParams();
  const withIntervention = useMay()('interventions:read');
  const query = useGraph(
    AppointmentDetailOperation,
    { id, withIntervention },
    { topics: ['appointments', 'interventions', 'clients'] },
  );
  return (
    <Answer of={query}>
      {({ appointment }) => (appointment ? <AppointmentView appointment={appointment} /> : <NotFound />)}
    </Answer>
  );
}

function AppointmentView({ appointment }: { appointment: NonNullable<AppointmentDetailQuery['appointment']> }) {
  const t = useWords(words);
  const statusText = useWords(appointmentStatusWords);
  const kindText = useWords(kindWords);
  const format = useFormat();
  const navigate = useNavigate();
  const mayWrite = useMay()('appointments:write');
  const [isEditing, setEditing] = useState(false);
  const { remove } = useDeleteAppointment();
  const { client, intervention, status } = appointment;
  const date = appointment.startsAt.slice(0, 10);
  const place = intervention?.location ?? client?.address;
  return (
    <Page
      title={client?.name ?? t('appointment')}
      mark={<Badge tone={appointmentTones[status]}>{statusText(status)}</Badge>}
      lead={`${format.dateTime(appointment.startsAt)} – ${format.time(appointment.endsAt)}`}
      actions={
        <>
          <LinkButton to="/planning" search={{ view: 'day', date }}>
            <CalendarDays size={18} aria-hidden /> {t('inPlanning')}
          </LinkButton>
          {mayWrite && (
            <>
              {(status === 'PLANNED' || status === 'CONFIRMED') && (
                <CustomerLink appointmentId={String(appointment.id)} />
              )}
              <Button
                onPress={async () => {
                  if (await remove(appointment)) await navigate({ to: '/planning', search: { date } });
                }}
              >
                {t('remove')}
              </Button>
            </>
          )}
        </>
      }
    >
      {appointment.moveRequest && <Notice tone="warn">{t('asks', { text: appointment.moveRequest })}</Notice>}
      {appointment.confirmedByClientAt && (
        <Notice tone="good">{t('confirmedBy', { when: format.dateTime(appointment.confirmedByClientAt) })}</Notice>
      )}
      <Card
        title={t('appointment')}
        actions={
          mayWrite &&
          !isEditing && (
            <Button size="small" onPress={() => setEditing(true)}>
              <Pencil size={16} aria-hidden /> {t('edit')}
            </Button>
          )
        }
      >
        {isEditing ? (
          <AppointmentForm appointment={appointment} onDone={() => setEditing(false)} />
        ) : (
          <Facts
            facts={[
              [
                t('client'),
                client && (
                  <Link to="/clients/$id" params={{ id: String(client.id) }}>
                    {client.name}
                  </Link>
                ),
              ],
              [
                t('phone'),
                client?.phone && (
                  <a href={`tel:${client.phone.replaceAll(/[^\d+]/g, '')}`}>
                    <Phone size={14} aria-hidden /> {client.phone}
                  </a>
                ),
              ],
              [
                t('address'),
                place && (
                  <a href={directionsTo(intervention ?? { client })}>
                    <Navigation size={14} aria-hidden /> {place}
                  </a>
                ),
              ],
              [t('technician'), appointment.technicianUser?.fullName ?? appointment.technician],
              [
                t('intervention'),
                intervention && (
                  <Link to="/interventions/$id" params={{ id: String(intervention.id) }}>
                    {kindText(intervention.kind)}
                  </Link>
                ),
              ],
              [t('reminder'), appointment.reminderHours],
              [t('notes'), appointment.notes],
            ]}
          />
        )}
      </Card>
    </Page>
  );
}
