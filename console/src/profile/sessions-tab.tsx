import { MonitorSmartphone } from 'lucide-react';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Subject } from '../ui/subject';
import { complain, tell } from '../ui/toast';
import { AccessLogTable } from './access-log';
import { deviceName } from './device-name';
import {
  OwnAccessLogOperation,
  OwnSessionsOperation,
  type OwnSessionsQuery,
  RevokeDeviceOperation,
  RevokeOtherSessionsOperation,
  RevokeSessionOperation,
} from './operations.gen';
import { words } from './words';
import styles from './profile.module.css';

/** Where one is signed in, and what happened to the account. */
export function SessionsTab() {
  const { id } = useViewer();
  const query = useGraph(OwnSessionsOperation, { id }, { topics: ['self'], everyMs: 30_000 });
  return (
    <div className="stack">
      <Answer of={query}>
        {({ user }) =>
          user && (
            <>
              <Sessions sessions={user.sessions} />
              <Devices devices={user.devices} />
            </>
          )
        }
      </Answer>
      <AccessLog id={id} />
    </div>
  );
}

type Of = NonNullable<OwnSessionsQuery['user']>;

export function Sessions({ sessions, isOwn = true }: { sessions: Of['sessions']; isOwn?: boolean }) {
  const t = useWords(words);
  const format = useFormat();
  const touches = ['self', 'people'] as const;
  const end = useAction(RevokeSessionOperation, {
    touches,
    onDone: () => tell(t('sessionEnded')),
    onError: complain,
  });
  const endOthers = useAction(RevokeOtherSessionsOperation, {
    touches,
    onDone: () => tell(t('othersEnded')),
    onError: complain,
  });
  const open = sessions.filter(({ revokedAt, expiresAt }) => !revokedAt && Date.parse(expiresAt) > Date.now());
  return (
    <Card
      title={t('sessions')}
      isFlush
      actions={
        isOwn &&
        open.length > 1 && (
          <ConfirmButton
            size="small"
            title={t('endOthersTitle')}
            text={t('endOthersText')}
            action={t('endOthers')}
            onConfirm={() => endOthers.run({})}
          >
            {t('endOthers')}
          </ConfirmButton>
        )
      }
    >
      {open.length === 0 ? (
        <EmptyState title={t('noSessions')} />
      ) : (
        <ul className={styles.items}>
          {open.map(({ id, kind, ip, userAgent, createdAt, lastUsedAt, isCurrent }) => (
            <li key={id}>
              <div className={styles.what} id={`session-${id}`}>
                <span className="row">
                  <strong>{deviceName(userAgent) ?? t('unknownProgram')}</strong>
                  {isCurrent && isOwn && <Badge tone="good">{t('thisOne')}</Badge>}
                  {kind === 'TOKEN' && <Badge>{t('byTokens')}</Badge>}
                </span>
                <small>
                  {[
                    ip,
                    t('signedInAt', { date: format.dateTime(createdAt) }),
                    t('usedAt', { date: format.relative(lastUsedAt) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </div>
              {!(isCurrent && isOwn) && (
                <Subject value={`session-${id}`}>
                  <Button size="small" kind="quiet" onPress={() => void end.run({ input: { id } })}>
                    {t('end')}
                  </Button>
                </Subject>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function Devices({ devices }: { devices: Of['devices'] }) {
  const t = useWords(words);
  const format = useFormat();
  const forget = useAction(RevokeDeviceOperation, {
    touches: ['self', 'people'],
    onDone: () => tell(t('deviceForgotten')),
    onError: complain,
  });
  const known = devices.filter(({ revokedAt }) => !revokedAt);
  return (
    <Card title={t('devices')} isFlush>
      {known.length === 0 ? (
        <EmptyState icon={<MonitorSmartphone size={32} aria-hidden />} title={t('noDevices')} text={t('devicesText')} />
      ) : (
        <ul className={styles.items}>
          {known.map(({ id, ip, userAgent, createdAt, lastUsedAt }) => (
            <li key={id}>
              <div className={styles.what} id={`device-${id}`}>
                <strong>{deviceName(userAgent) ?? t('unknownProgram')}</strong>
                <small>
                  {[
                    ip,
                    t('addedAt', { date: format.date(createdAt) }),
                    t('usedAt', { date: format.relative(lastUsedAt) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </div>
              <Subject value={`device-${id}`}>
                <Button size="small" kind="quiet" onPress={() => void forget.run({ input: { id } })}>
                  {t('forget')}
                </Button>
              </Subject>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** What happened to a person's account. */
export function AccessLog({ id }: { id: string }) {
  const t = useWords(words);
  const list = useGraphList(
    OwnAccessLogOperation,
    { id },
    { topics: ['self', 'people'], connectionOf: ({ user }) => user?.accessLog ?? none },
  );
  return (
    <Card title={t('accessLog')} isFlush>
      <Answer of={list}>
        {() => (
          <>
            <AccessLogTable events={list.nodes} />
            <More list={list} />
          </>
        )}
      </Answer>
    </Card>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
