import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Pause, Send } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Menu } from '../ui/menu';
import { Notice } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, Figure, Page } from '../ui/page';
import { Progress } from '../ui/progress';
import { SecretDialog } from '../ui/secret';
import { complain, tell } from '../ui/toast';
import { Deliveries } from './deliveries';
import {
  CancelReplayOperation,
  DeleteEndpointOperation,
  EndpointOperation,
  type EndpointQuery,
  PauseEndpointOperation,
  ReplayEventsOperation,
  ResumeEndpointOperation,
  RotateSecretOperation,
  TestEndpointOperation,
  UpdateEndpointOperation,
} from './operations.gen';
import { EndpointState } from './states';
import { WebhookForm } from './webhook-form';
import { words } from './words';

type Found = NonNullable<EndpointQuery['webhookEndpoint']>;

/** One webhook: how it does, what was sent, and what can be sent again. */
export function WebhookPage() {
  const t = useWords(words);
  const { id } = useParams({ from: '/app/webhooks/$id' });
  const query = useGraph(EndpointOperation, { id }, { topics: ['webhooks'], everyMs: 5000 });
  return (
    <Answer of={query}>
      {({ webhookEndpoint: found }) =>
        found ? <Endpoint endpoint={found} /> : <EmptyState title={t('gone')} text={t('goneText')} />
      }
    </Answer>
  );
}

function Endpoint({ endpoint }: { endpoint: Found }) {
  const t = useWords(words);
  const format = useFormat();
  const filter = useSearch({ from: '/app/webhooks/$id' });
  return (
    <Page
      title={endpoint.name}
      mark={<EndpointState status={endpoint.status} />}
      lead={<code>{endpoint.url}</code>}
      actions={<EndpointActions endpoint={endpoint} />}
    >
      {endpoint.disabledReason && <Notice tone="bad">{t(`disabled${endpoint.disabledReason}`)}</Notice>}
      {endpoint.failingSince && (
        <Notice tone="warn">{t('failingSince', { date: format.dateTime(endpoint.failingSince) })}</Notice>
      )}
      <div className="figures">
        <Figure name={t('delivered')} value={format.number(endpoint.deliveredCount)} />
        <Figure name={t('failed')} value={format.number(endpoint.failedCount)} />
        <Figure
          name={t('lastAttempt')}
          value={endpoint.lastAttemptAt ? format.relative(endpoint.lastAttemptAt) : t('never')}
        />
      </div>
      <Card title={t('facts')}>
        <Facts
          facts={[
            [t('events'), endpoint.events.join(', ')],
            [t('format'), t(`format${endpoint.format}`)],
            [t('description'), endpoint.description],
            [t('resourceIds'), endpoint.resourceIds.join(', ')],
            [t('headers'), endpoint.headerNames.join(', ')],
            [t('conditions'), endpoint.conditions.map((each) => `${each.field} ${each.operator}`).join(', ')],
            [t('timeoutSeconds'), format.number(endpoint.timeoutSeconds)],
            [t('maxAttempts'), endpoint.maxAttempts === null ? t('usualNow') : format.number(endpoint.maxAttempts)],
            [t('previousSecret'), format.dateTime(endpoint.previousSecretEndsAt)],
            [t('made'), format.dateTime(endpoint.createdAt)],
          ]}
        />
        <Replays replays={endpoint.replays.nodes} />
      </Card>
      <Deliveries id={endpoint.id} {...filter} />
    </Page>
  );
}

function Replays({ replays }: { replays: Found['replays']['nodes'] }) {
  const t = useWords(words);
  const format = useFormat();
  const cancel = useAction(CancelReplayOperation, { touches: ['webhooks'], onError: complain });
  return replays
    .filter(({ status }) => status === 'RUNNING')
    .map(({ id, since, done, total }) => (
      <div key={id} className="row">
        <Progress
          label={t('replaySince', { date: format.dateTime(since) })}
          value={total === 0 ? null : (100 * done) / total}
        />
        <Button size="small" onPress={() => void cancel.run({ input: { id } })}>
          {t('cancel')}
        </Button>
      </div>
    ));
}

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

function EndpointActions({ endpoint }: { endpoint: Found }) {
  const t = useWords(words);
  const navigate = useNavigate();
  const [isEditing, setEditing] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const input = { id: endpoint.id };
  const common = { touches: ['webhooks'] as const, onError: complain };
  const test = useAction(TestEndpointOperation, { ...common, onDone: () => tell(t('tested')) });
  const resume = useAction(ResumeEndpointOperation, { ...common, onDone: () => tell(t('resumed')) });
  const pause = useAction(PauseEndpointOperation, {
    ...common,
    onDone: () => tell(t('paused'), () => resume.run({ input })),
  });
  const update = useAction(UpdateEndpointOperation, common);
  const switchIt = (): void => void update.run({ input: { ...input, isActive: !endpoint.isActive } });
  const rotate = useAction(RotateSecretOperation, {
    ...common,
    onDone: ({ rotateWebhookSecret }) => setSecret(rotateWebhookSecret?.secret ?? null),
  });
  const replay = useAction(ReplayEventsOperation, {
    ...common,
    onDone: ({ replayWebhookEvents }) => tell(t('replaying', { count: replayWebhookEvents?.webhookReplay.total ?? 0 })),
  });
  const remove = useAction(DeleteEndpointOperation, {
    ...common,
    onDone: () => {
      tell(t('deleted', { name: endpoint.name }));
      void navigate({ to: '/webhooks' });
    },
  });
  return (
    <>
      <Button kind="primary" isPending={test.isRunning} onPress={() => void test.run({ input })}>
        <Send size={18} aria-hidden />
        {t('test')}
      </Button>
      {!endpoint.isActive && <Button onPress={switchIt}>{t('switchOn')}</Button>}
      {endpoint.isActive && endpoint.pausedAt && (
        <Button onPress={() => void resume.run({ input })}>{t('resume')}</Button>
      )}
      {endpoint.isActive && !endpoint.pausedAt && (
        <Button onPress={() => void pause.run({ input })}>
          <Pause size={18} aria-hidden />
          {t('pause')}
        </Button>
      )}
      <Button onPress={() => setEditing(true)}>{t('edit')}</Button>
      <Menu
        label={t('more')}
        groups={[
          {
            id: 'replay',
            title: t('replayEvents'),
            entries: [1, 24, 168].map((hours) => ({
              id: String(hours),
              label: t(hours === 1 ? 'lastHour' : hours === 24 ? 'lastDay' : 'lastWeek'),
              onAction: () => replay.run({ input: { ...input, since: hoursAgo(hours) } }),
            })),
          },
          {
            id: 'state',
            title: t('state'),
            entries: [
              {
                id: 'active',
                label: endpoint.isActive ? t('switchOff') : t('switchOn'),
                onAction: switchIt,
              },
            ],
          },
        ]}
      >
        <Button>{t('more')}</Button>
      </Menu>
      <ConfirmButton
        title={t('rotateTitle')}
        text={t('rotateText')}
        action={t('rotate')}
        kind="normal"
        onConfirm={() => rotate.run({ input })}
      >
        {t('rotate')}
      </ConfirmButton>
      <ConfirmButton
        title={t('deleteTitle', { name: endpoint.name })}
        text={t('deleteText')}
        action={t('delete')}
        onConfirm={() => remove.run({ input })}
      >
        {t('delete')}
      </ConfirmButton>
      {isEditing && (
        <WebhookForm endpoint={endpoint} onClose={() => setEditing(false)} onDone={() => setEditing(false)} />
      )}
      <SecretDialog title={t('secret')} secret={secret} onClose={() => setSecret(null)}>
        <p>{t('secretText')}</p>
      </SecretDialog>
    </>
  );
}
