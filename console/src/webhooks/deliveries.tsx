import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog } from '../ui/dialog';
import { Problem } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, More } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { DeliveriesOperation, type DeliveriesQuery, ReplayDeliveryOperation } from './operations.gen';
import { deliveryStatuses } from './routes';
import { DeliveryState } from './states';
import { words } from './words';
import styles from './webhooks.module.css';

type Delivery = NonNullable<DeliveriesQuery['webhookEndpoint']>['deliveries']['nodes'][number];
const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };

interface DeliveriesProps {
  id: string;
  status?: Delivery['status'];
  event?: string;
}

/** What was and is to be sent. */
export function Deliveries({ id, status, event }: DeliveriesProps) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate({ from: '/webhooks/$id' });
  const [openId, setOpenId] = useState<string>();
  const list = useGraphList(
    DeliveriesOperation,
    { id, filter: { status: status ?? null, eventName: event ?? null } },
    {
      topics: ['webhooks'],
      everyMs: 5000,
      connectionOf: ({ webhookEndpoint }) => webhookEndpoint?.deliveries ?? none,
    },
  );
  const opened = list.nodes.find((each) => each.id === openId);
  return (
    <Card
      title={t('deliveries')}
      isFlush
      actions={
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, status: deliveryStatuses.find((each) => each === chosen) }),
              replace: true,
            })
          }
          choices={[
            { id: 'all', label: t('all') },
            ...deliveryStatuses.map((each) => ({ id: each, label: t(`delivery${each}`) })),
          ]}
        />
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('deliveries')}
              items={list.nodes}
              onOpen={(delivery) => setOpenId(delivery.id)}
              empty={<EmptyState title={t('noDeliveries')} text={t('noDeliveriesText')} />}
              columns={[
                { id: 'event', title: t('event'), isName: true, cell: ({ eventName }) => <code>{eventName}</code> },
                { id: 'state', title: t('state'), cell: ({ status }) => <DeliveryState status={status} /> },
                { id: 'kind', title: t('kind'), isExtra: true, cell: ({ kind }) => t(`kind${kind}`) },
                {
                  id: 'answer',
                  title: t('answer'),
                  isNumber: true,
                  cell: ({ responseStatus }) => responseStatus ?? '–',
                },
                {
                  id: 'attempts',
                  title: t('attempts'),
                  isNumber: true,
                  isExtra: true,
                  cell: ({ attempts }) => format.number(attempts),
                },
                { id: 'at', title: t('at'), isExtra: true, cell: ({ createdAt }) => format.dateTime(createdAt) },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      {opened && <DeliveryDialog delivery={opened} onClose={() => setOpenId(undefined)} />}
    </Card>
  );
}

/** JSON as one reads it; anything else as it came. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const headerLines = (headers: Delivery['requestHeaders']): string =>
  headers.map(({ name, value }) => `${name}: ${value}`).join('\n');

function DeliveryDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const t = useWords(words);
  const format = useFormat();
  const replay = useAction(ReplayDeliveryOperation, {
    touches: ['webhooks'],
    onDone: () => {
      tell(t('replayed'));
      onClose();
    },
    onError: complain,
  });
  return (
    <Dialog isOpen onClose={onClose} title={delivery.eventName} size="side">
      <Facts
        facts={[
          [t('state'), <DeliveryState key="state" status={delivery.status} />],
          [t('kind'), t(`kind${delivery.kind}`)],
          [t('attempts'), format.number(delivery.attempts)],
          [t('at'), format.dateTime(delivery.createdAt)],
          [t('lastAttempt'), format.dateTime(delivery.lastAttemptAt)],
          [t('nextAttempt'), format.dateTime(delivery.nextAttemptAt)],
          [t('messageId'), <code key="id">{delivery.messageId}</code>],
        ]}
      />
      {delivery.error && <Problem>{delivery.error}</Problem>}
      <div className="row">
        <Button
          size="small"
          isPending={replay.isRunning}
          onPress={() => void replay.run({ input: { id: delivery.id } })}
        >
          {t('replay')}
        </Button>
      </div>
      <h3>{t('sent')}</h3>
      {delivery.requestUrl && <p className="quiet">{delivery.requestUrl}</p>}
      {delivery.requestHeaders.length > 0 && <Text of={headerLines(delivery.requestHeaders)} label={t('headers')} />}
      <Text of={readable(delivery.body)} label={t('sent')} />
      <h3>{t('answer')}</h3>
      {delivery.responseStatus === null ? (
        <p className="quiet">{t('noAnswer')}</p>
      ) : (
        <>
          <p>
            {delivery.responseStatus}
            {delivery.responseMs !== null && ` · ${format.number(delivery.responseMs)} ms`}
          </p>
          {delivery.responseHeaders.length > 0 && (
            <Text of={headerLines(delivery.responseHeaders)} label={t('headers')} />
          )}
          {delivery.responseBody && <Text of={readable(delivery.responseBody)} label={t('answer')} />}
        </>
      )}
    </Dialog>
  );
}

/** Long text that can be scrolled by the keyboard too. */
const Text = ({ of, label }: { of: string; label: string }) => (
  <pre className={styles.text} tabIndex={0} role="region" aria-label={label}>
    {of}
  </pre>
);
