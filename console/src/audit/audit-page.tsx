import { useNavigate, useSearch } from '@tanstack/react-router';
import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { useGraph, useGraphList } from '../graph/use-graph';
import { midnight } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, LinkButton } from '../ui/button';
import { ComboBox, Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { Filters } from '../ui/filters';
import { TextField } from '../ui/form';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { EventDialog } from './event-dialog';
import { AuditListOperation, type AuditListQueryVariables, WhoOperation } from './operations.gen';
import { auditActions } from './routes';
import { words } from './words';

type Search = ReturnType<typeof useAuditSearch>;
const useAuditSearch = () => useSearch({ from: '/app/audit' });

const filterOf = (search: Search): AuditListQueryVariables['filter'] => ({
  name: search.name ?? null,
  action: search.action ?? null,
  actorId: search.actor ?? null,
  ip: search.ip ?? null,
  requestId: search.request ?? null,
  occurredAfter: search.from ? midnight(search.from) : null,
  occurredBefore: search.to ? midnight(search.to, 1) : null,
  subject: search.subject ? { type: search.subject, id: search.of ?? null } : null,
});

/** The event log, with filters that the address keeps. */
export function AuditPage() {
  const t = useWords(words);
  const format = useFormat();
  const search = useAuditSearch();
  const navigate = useNavigate({ from: '/audit' });
  const [openId, setOpenId] = useState<string>();
  const [typed, setTyped] = useState('');
  const people = useGraph(WhoOperation, { search: typed || null }, { topics: ['people'] });
  const chosen = useGraph(WhoOperation, { search: null }, { topics: ['people'], enabled: search.actor !== undefined });
  const seek = (changes: Partial<Search>) =>
    void navigate({ search: (now) => ({ ...now, ...changes }), replace: true });
  const list = useGraphList(
    AuditListOperation,
    { filter: filterOf(search), orderBy: 'POSITION_DESC' },
    { topics: ['audit'], connectionOf: ({ auditEvents }) => auditEvents! },
  );
  const opened = list.nodes.find(({ nodeId }) => nodeId === openId);
  const known = [...(people.data?.users?.nodes ?? []), ...(chosen.data?.users?.nodes ?? [])];
  const choices = [...new Map(known.map((each) => [each.id, each])).values()].map(({ id, fullName, username }) => ({
    id,
    label: fullName.trim() || username,
    description: username,
  }));
  const isFiltered = Object.values(search).some((each) => each !== undefined);
  const text = (name: 'name' | 'subject' | 'of' | 'ip' | 'request') => (
    <TextField
      key={`${name}-${search[name] ?? ''}`}
      label={t(name)}
      defaultValue={search[name] ?? ''}
      onBlur={(event) => {
        const value = (event.target as HTMLInputElement).value.trim() || undefined;
        if (value !== search[name]) seek({ [name]: value });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') seek({ [name]: (event.target as HTMLInputElement).value.trim() || undefined });
      }}
    />
  );
  return (
    <Page
      title={t('audit')}
      lead={t('auditLead')}
      actions={
        <>
          {isFiltered && <Button onPress={() => void navigate({ search: {} })}>{t('noFilters')}</Button>}
          <LinkButton to="/events">{t('events')}</LinkButton>
        </>
      }
    >
      <Filters>
        {text('name')}
        <Select
          label={t('action')}
          value={search.action ?? 'all'}
          onChange={(action) => seek({ action: auditActions.find((each) => each === action) })}
          choices={[{ id: 'all', label: t('all') }, ...auditActions.map((id) => ({ id, label: t(`action${id}`) }))]}
        />
        <ComboBox
          label={t('who')}
          choices={choices}
          onSearch={setTyped}
          defaultValue={search.actor ?? null}
          onChange={(actor) => seek({ actor: actor ?? undefined })}
        />
        {text('subject')}
        {text('of')}
        <DateField
          label={t('from')}
          value={search.from ?? null}
          onChange={(from) => seek({ from: from ?? undefined })}
        />
        <DateField label={t('to')} value={search.to ?? null} onChange={(to) => seek({ to: to ?? undefined })} />
        {text('ip')}
        {text('request')}
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('audit')}
                items={list.nodes.map((event) => ({ ...event, id: event.nodeId }))}
                onOpen={({ id }) => setOpenId(id)}
                empty={
                  <EmptyState icon={<ScrollText size={32} aria-hidden />} title={t('none')} text={t('noneText')} />
                }
                columns={[
                  {
                    id: 'name',
                    title: t('name'),
                    isName: true,
                    cell: ({ name, actor }) => (
                      <>
                        <code>{name}</code>
                        <div className="quiet">{actor?.fullName ?? t('server')}</div>
                      </>
                    ),
                  },
                  {
                    id: 'subject',
                    title: t('subject'),
                    isExtra: true,
                    cell: ({ subjectType, subjectId }) => `${subjectType} ${subjectId}`,
                  },
                  { id: 'ip', title: t('ip'), isExtra: true, cell: ({ ip }) => ip ?? '–' },
                  { id: 'when', title: t('when'), cell: ({ occurredAt }) => format.dateTime(occurredAt) },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {opened && <EventDialog event={opened} onClose={() => setOpenId(undefined)} />}
    </Page>
  );
}
