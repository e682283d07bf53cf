import { Link2, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { appointmentStatusWords, appointmentTones } from '../planning/labels';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { TextField } from '../ui/form';
import { Badge, Notice } from '../ui/notice';
import { Card, EmptyState } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { detailWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import { MakeCustomerLinkOperation } from './operations.gen';
import styles from './cards.module.css';

/** The appointments of an intervention, and links with which its client answers to them. */
export function VisitsCard({ intervention }: { intervention: ShownIntervention }) {
  const t = useWords(detailWords);
  const statusText = useWords(appointmentStatusWords);
  const format = useFormat();
  const mayWrite = useMay()('appointments:write');
  const visits = intervention.appointments?.nodes ?? [];
  return (
    <Card
      title={t('visitsTab')}
      actions={
        mayWrite && (
          <LinkButton
            to="/planning"
            search={{ add: String(intervention.id), date: intervention.scheduledAt.slice(0, 10) }}
            size="small"
          >
            <Plus size={16} aria-hidden /> {t('plan')}
          </LinkButton>
        )
      }
    >
      {visits.length === 0 && <EmptyState title={t('visitsNone')} text={t('visitsNoneText')} />}
      <ul className={styles.rows}>
        {visits.map((visit) => (
          <li key={visit.id}>
            <span className={styles.what}>
              <span className="row">
                <LinkButton to="/planning/$id" params={{ id: String(visit.id) }} kind="quiet" size="small">
                  {format.dateTime(visit.startsAt)} – {format.time(visit.endsAt)}
                </LinkButton>
                <Badge tone={appointmentTones[visit.status]}>{statusText(visit.status)}</Badge>
                {visit.confirmedByClientAt && <Badge tone="good">{t('confirmed')}</Badge>}
              </span>
              <span className="quiet">{visit.technicianUser?.fullName ?? visit.technician}</span>
              {visit.moveRequest && <Notice tone="warn">{t('asksMove', { text: visit.moveRequest })}</Notice>}
            </span>
            {mayWrite && (visit.status === 'PLANNED' || visit.status === 'CONFIRMED') && (
              <CustomerLink appointmentId={String(visit.id)} />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Makes a link for the client of an appointment, which is shown once. */
export function CustomerLink({ appointmentId }: { appointmentId: string }) {
  const t = useWords(detailWords);
  const format = useFormat();
  const [made, setMade] = useState<{ url: string; expiresAt: string }>();
  const action = useAction(MakeCustomerLinkOperation, { touches: [], onError: complain });
  const make = async () => {
    const done = await action.run({ input: { appointmentId } });
    if (done?.createCustomerLink) setMade(done.createCustomerLink);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(made?.url ?? '');
    tell(t('copied'));
  };
  return (
    <>
      <Button size="small" isPending={action.isRunning} onPress={make}>
        <Link2 size={16} aria-hidden /> {t('makeLink')}
      </Button>
      <Dialog isOpen={made !== undefined} onClose={() => setMade(undefined)} title={t('links')}>
        {made && (
          <div className="stack">
            <p>{t('linkText', { when: format.dateTime(made.expiresAt) })}</p>
            <TextField label={t('links')} value={made.url} isReadOnly autoFocus />
            <DialogActions>
              <Button kind="primary" onPress={() => copy().catch(complain)}>
                {t('copy')}
              </Button>
            </DialogActions>
          </div>
        )}
      </Dialog>
    </>
  );
}
