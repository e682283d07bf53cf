import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pause, Play, Radio } from 'lucide-react';
import { useRef, useState } from 'react';
import { useGraphList, useLive } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, LinkButton } from '../ui/button';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { EventDialog } from './event-dialog';
import { AuditListOperation, EventsAsTheyComeOperation, type HappeningFragment } from './operations.gen';
import { words } from './words';

/** What stays in view; the log has the rest. */
const mostShown = 200;

/** What happens, as it comes by the socket. Paused, it is kept until one goes on. */
export function EventsPage() {
  const t = useWords(words);
  const format = useFormat();
  const whoOf = ({ actor }: { actor?: { fullName: string } | null }): string => actor?.fullName ?? t('server');
  const { only = '' } = useSearch({ from: '/app/events' });
  const navigate = useNavigate({ from: '/events' });
  const [come, setCome] = useState<readonly HappeningFragment[]>([]);
  const [isPaused, setPaused] = useState(false);
  const [opened, setOpened] = useState<HappeningFragment>();
  const kept = useRef<HappeningFragment[]>([]);
  const [waiting, setWaiting] = useState(0);
  const before = useGraphList(
    AuditListOperation,
    { filter: null, orderBy: 'POSITION_DESC' },
    { topics: [], connectionOf: ({ auditEvents }) => auditEvents! },
  );
  useLive(
    EventsAsTheyComeOperation,
    {},
    {
      onEvent: ({ auditEvents: { auditEvent } }) => {
        if (!auditEvent) return;
        if (!isPaused) return setCome((now) => [auditEvent, ...now].slice(0, mostShown));
        kept.current = [auditEvent, ...kept.current].slice(0, mostShown);
        setWaiting(kept.current.length);
      },
    },
  );
  const goOn = () => {
    const held = kept.current;
    kept.current = [];
    setWaiting(0);
    setPaused(false);
    setCome((now) => [...held, ...now].slice(0, mostShown));
  };
  const all = new Map([...come, ...before.nodes].map((event) => [event.position, event]));
  const shown = [...all.values()].filter(({ name }) => name.includes(only.toLowerCase())).slice(0, mostShown);
  return (
    <Page
      title={t('events')}
      mark={isPaused ? <Badge tone="warn">{t('paused')}</Badge> : <Badge tone="good">{t('live')}</Badge>}
      lead={t('eventsLead')}
      actions={
        <>
          {isPaused ? (
            <Button kind="primary" onPress={goOn}>
              <Play size={18} aria-hidden />
              {waiting > 0 ? t('goOnWith', { count: waiting }) : t('goOn')}
            </Button>
          ) : (
            <Button onPress={() => setPaused(true)}>
              <Pause size={18} aria-hidden />
              {t('pause')}
            </Button>
          )}
          <LinkButton to="/audit">{t('audit')}</LinkButton>
        </>
      }
    >
      <Filters>
        <SearchField
          label={t('only')}
          defaultValue={only}
          onChange={(typed) => void navigate({ search: { only: typed || undefined }, replace: true })}
        />
      </Filters>
      <Card isFlush>
        <Answer of={before}>
          {() => (
            <Table
              label={t('events')}
              items={shown.map((event) => ({ ...event, id: event.nodeId }))}
              onOpen={setOpened}
              empty={<EmptyState icon={<Radio size={32} aria-hidden />} title={t('silence')} text={t('silenceText')} />}
              columns={[
                {
                  id: 'when',
                  title: t('when'),
                  cell: ({ occurredAt }) => <time dateTime={occurredAt}>{format.relative(occurredAt)}</time>,
                },
                { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <code>{name}</code>, below: whoOf },
                { id: 'who', title: t('who'), isExtra: true, cell: whoOf },
                {
                  id: 'subject',
                  title: t('subject'),
                  isExtra: true,
                  cell: ({ subjectType, subjectId }) => `${subjectType} ${subjectId}`,
                },
              ]}
            />
          )}
        </Answer>
      </Card>
      {opened && <EventDialog event={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}
