import { Link, useNavigate } from '@tanstack/react-router';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Facts } from '../ui/page';
import type { HappeningFragment } from './operations.gen';
import { words } from './words';
import styles from './audit.module.css';

/** One event with all that the log has of it. */
export function EventDialog({ event, onClose }: { event: HappeningFragment; onClose: () => void }) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate();
  const { requestId } = event;
  const look = (search: { subject?: string; of?: string; request?: string }) => {
    onClose();
    void navigate({ to: '/audit', search });
  };
  return (
    <Dialog isOpen onClose={onClose} title={event.name} size="side">
      <Facts
        facts={[
          [t('when'), format.dateTime(event.occurredAt)],
          [
            t('who'),
            event.actor && (
              <Link key="actor" to="/people/$id" params={{ id: event.actor.id }}>
                {event.actor.fullName}
              </Link>
            ),
          ],
          [t('subject'), `${event.subjectType} ${event.subjectId}`],
          [t('action'), t(`action${event.action}`)],
          [t('ip'), event.ip],
          [t('request'), requestId && <code key="request">{requestId}</code>],
          [t('position'), event.position],
        ]}
      />
      <h3>{t('data')}</h3>
      <pre className={styles.data} tabIndex={0} role="region" aria-label={t('data')}>
        {JSON.stringify(event.data, null, 2)}
      </pre>
      <div className="row">
        <Button size="small" onPress={() => look({ subject: event.subjectType, of: event.subjectId })}>
          {t('sameSubject')}
        </Button>
        {requestId && (
          <Button size="small" onPress={() => look({ request: requestId })}>
            {t('sameRequest')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
