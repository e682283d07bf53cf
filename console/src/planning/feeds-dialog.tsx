import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { TechnicianField, usePeople } from '../interventions/technician-field';
import { Button } from '../ui/button';
import { ConfirmButton, Dialog } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Answer } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { CalendarFeedsOperation, CreateCalendarFeedOperation, DeleteCalendarFeedOperation } from './operations.gen';
import { words } from './words';
import styles from './planning.module.css';

/** The viewer's own calendar feeds: made, copied, revoked. */
export function FeedsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useWords(words);
  const format = useFormat();
  const people = usePeople();
  const [round, setRound] = useState(0);
  const feeds = useGraph(CalendarFeedsOperation, {}, { topics: ['appointments'], enabled: isOpen });
  const making = useAction(CreateCalendarFeedOperation, { touches: ['appointments'] });
  const revoking = useAction(DeleteCalendarFeedOperation, { touches: ['appointments'], onError: complain });
  const make = async (values: FormData) => {
    const done = await making.run({ input: { technician: textOf(values, 'technician') } });
    if (done) setRound(round + 1);
  };
  const copy = async (url: string) => {
    await navigator.clipboard.writeText(url);
    tell(t('copied'));
  };
  const nameFor = (technician: string | null | undefined) =>
    technician
      ? (people.find(({ username, uuid }) => [username, uuid].includes(technician))?.fullName ?? technician)
      : t('everybody');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('feeds')}>
      <div className="stack">
        <p>{t('feedsLead')}</p>
        <Form key={round} onSubmit={make} error={making.error} names={['technician']}>
          <TechnicianField name="technician" label={t('feedFor')} />
          <div>
            <Button kind="primary" type="submit" isPending={making.isRunning}>
              {t('makeFeed')}
            </Button>
          </div>
        </Form>
        <Answer of={feeds}>
          {({ calendarFeeds }) => (
            <ul className={styles.feeds}>
              {(calendarFeeds?.nodes ?? []).map(({ id, url, technician, lastReadAt }) => (
                <li key={id} className={styles.feed}>
                  <strong>{nameFor(technician)}</strong>
                  <span className="quiet">
                    {lastReadAt ? t('lastRead', { when: format.relative(lastReadAt) }) : t('neverRead')}
                  </span>
                  {url && <TextField label={t('feedAddress')} value={url} isReadOnly />}
                  <div className="row">
                    {url && (
                      <Button size="small" onPress={() => copy(url).catch(complain)}>
                        {t('copy')}
                      </Button>
                    )}
                    <ConfirmButton
                      size="small"
                      title={t('revokeTitle')}
                      text={t('revokeText')}
                      action={t('revoke')}
                      onConfirm={async () => {
                        if (await revoking.run({ input: { id } })) tell(t('revoked'));
                      }}
                    >
                      {t('revoke')}
                    </ConfirmButton>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </div>
    </Dialog>
  );
}
