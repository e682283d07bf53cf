import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { Card } from '../ui/page';
import { detailWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import { statusTones, statusWords } from './labels';
import styles from './cards.module.css';

export function HistoryCard({ changes }: { changes: ShownIntervention['statusHistory'] }) {
  const t = useWords(detailWords);
  const statusText = useWords(statusWords);
  const format = useFormat();
  return (
    <Card title={t('historyTab')}>
      <ol className={styles.rows}>
        {changes.map(({ id, toStatus, fromStatus, changedAt, changedBy, comment }) => (
          <li key={id}>
            <span className={styles.what}>
              <span className="row">
                <Badge tone={statusTones[toStatus]}>{statusText(toStatus)}</Badge>
                {!fromStatus && <span className="quiet">{t('made')}</span>}
                {changedBy?.fullName}
              </span>
              {comment && <span>{comment}</span>}
            </span>
            <time dateTime={changedAt} className="quiet">
              {format.dateTime(changedAt)}
            </time>
          </li>
        ))}
      </ol>
    </Card>
  );
}
