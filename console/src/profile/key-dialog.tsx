import { lazy, Suspense, useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton, Dialog } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, EmptyState, Facts, Loading } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { KeyForm } from './key-form';
import { KeyState } from './key-state';
import {
  DeleteApiKeyOperation,
  type KeyFactsFragment,
  KeyUseOperation,
  RegenerateApiKeyOperation,
  UpdateApiKeyOperation,
} from './operations.gen';
import { words } from './words';

// The charts are half as large as all the rest.
const BarChart = lazy(() => import('../ui/bar-chart').then(({ BarChart }) => ({ default: BarChart })));

interface KeyDialogProps {
  apiKey: KeyFactsFragment;
  onClose: () => void;
  onSecret: (secret: string | null) => void;
}

/** One key beside the list: what it may, what it was used for, and what can be done with it. */
export function KeyDialog({ apiKey, onClose, onSecret }: KeyDialogProps) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const [isEditing, setEditing] = useState(false);
  const { id, name, status } = apiKey;
  const switching = useAction(UpdateApiKeyOperation, { touches: ['self'], onError: complain });
  const renew = useAction(RegenerateApiKeyOperation, {
    touches: ['self'],
    onDone: ({ regenerateApiKey }) => onSecret(regenerateApiKey?.secret ?? null),
    onError: complain,
  });
  const remove = useAction(DeleteApiKeyOperation, {
    touches: ['self'],
    onDone: () => {
      tell(t('keyDeleted', { name }));
      onClose();
    },
    onError: complain,
  });
  const turn = (to: 'ACTIVE' | 'INACTIVE') => switching.run({ input: { id, status: to } });
  if (isEditing) return <KeyForm apiKey={apiKey} onClose={() => setEditing(false)} onDone={() => setEditing(false)} />;
  return (
    <Dialog isOpen onClose={onClose} title={name} size="side">
      <Facts
        facts={[
          [t('state'), <KeyState key="state" status={status} />],
          [t('owner'), apiKey.user.fullName],
          [t('prefix'), <code key="prefix">{apiKey.prefix}…</code>],
          [
            t('scopes'),
            <span key="scopes" className="row">
              {apiKey.scopes.map((scope) => (
                <Badge key={scope}>{t(`scope${scope}`)}</Badge>
              ))}
            </span>,
          ],
          [t('description'), apiKey.description],
          [t('limitPerMinute'), format.number(apiKey.limitPerMinute)],
          [t('limitPerDay'), format.number(apiKey.limitPerDay)],
          [t('limitPerMonth'), format.number(apiKey.limitPerMonth)],
          [t('requests'), format.number(apiKey.requestsTotal)],
          [t('refused'), format.number(apiKey.refusedTotal)],
          [t('made'), format.dateTime(apiKey.createdAt)],
          [t('expiresAt'), apiKey.expiresAt ? format.dateTime(apiKey.expiresAt) : t('never')],
        ]}
      />
      {may('api_keys:write') && (
        <div className="row">
          <Button size="small" onPress={() => setEditing(true)}>
            {t('edit')}
          </Button>
          {status === 'ACTIVE' && (
            <Button size="small" onPress={() => void turn('INACTIVE')}>
              {t('switchOff')}
            </Button>
          )}
          {(status === 'INACTIVE' || (status === 'SUSPENDED' && may('users:write'))) && (
            <Button size="small" onPress={() => void turn('ACTIVE')}>
              {t('switchOn')}
            </Button>
          )}
          <ConfirmButton
            size="small"
            title={t('renewTitle', { name })}
            text={t('renewText')}
            action={t('renew')}
            onConfirm={() => renew.run({ input: { id } })}
          >
            {t('renew')}
          </ConfirmButton>
          <ConfirmButton
            size="small"
            title={t('deleteKeyTitle', { name })}
            text={t('deleteKeyText')}
            action={t('delete')}
            onConfirm={() => remove.run({ input: { id } })}
          >
            {t('delete')}
          </ConfirmButton>
        </div>
      )}
      <h3>{t('use')}</h3>
      <KeyUse id={id} limitPerDay={apiKey.limitPerDay} />
    </Dialog>
  );
}

function KeyUse({ id, limitPerDay }: { id: string; limitPerDay: number }) {
  const t = useWords(words);
  const format = useFormat();
  const query = useGraph(KeyUseOperation, { id }, { topics: ['self'] });
  return (
    <Answer of={query}>
      {({ apiKey }) => {
        const days = apiKey?.days ?? [];
        if (days.length === 0) return <EmptyState title={t('neverUsed')} text={t('useText')} />;
        const [latest] = days;
        return (
          <>
            <Suspense fallback={<Loading />}>
              <BarChart
                label={t('useLabel')}
                rows={days
                  .map(({ day, requests, refused }) => ({
                    name: format.date(day, 'short'),
                    values: [requests - refused, refused],
                  }))
                  .toReversed()}
                series={[t('answered'), t('refused')]}
              />
            </Suspense>
            {latest && (
              <p className="quiet">
                {t('ofLimit', { share: format.percent(latest.requests / limitPerDay), day: format.date(latest.day) })}
              </p>
            )}
          </>
        );
      }}
    </Answer>
  );
}
