import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { SecretDialog } from '../ui/secret';
import { Table } from '../ui/table';
import { EndpointListOperation } from './operations.gen';
import { endpointStatuses } from './routes';
import { EndpointState } from './states';
import { WebhookForm } from './webhook-form';
import { words } from './words';

/** One's own webhooks. */
export function WebhooksPage() {
  const t = useWords(words);
  const format = useFormat();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const { search, status } = useSearch({ from: '/app/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const open = (id: string) =>
    void navigate({ to: '/webhooks/$id', params: { id }, search: { status: undefined, event: undefined } });
  const list = useGraphList(
    EndpointListOperation,
    { filter: { search: search ?? null, status: status ?? null } },
    // Deliveries are no events.
    { topics: ['webhooks'], everyMs: 10_000, connectionOf: ({ webhookEndpoints }) => webhookEndpoints! },
  );
  return (
    <Page
      title={t('webhooks')}
      lead={t('lead')}
      actions={
        <Button kind="primary" onPress={() => setMaking(true)}>
          <Plus size={18} aria-hidden />
          {t('create')}
        </Button>
      }
    >
      <Filters>
        <SearchField
          label={t('search')}
          defaultValue={search ?? ''}
          onChange={(typed) =>
            void navigate({ search: (now) => ({ ...now, search: typed || undefined }), replace: true })
          }
        />
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({
              search: (now) => ({ ...now, status: endpointStatuses.find((each) => each === chosen) }),
              replace: true,
            })
          }
          choices={[{ id: 'all', label: t('all') }, ...endpointStatuses.map((id) => ({ id, label: t(`status${id}`) }))]}
        />
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('webhooks')}
                items={list.nodes}
                hrefOf={({ id }) => `/webhooks/${id}`}
                empty={<EmptyState icon={<Webhook size={32} aria-hidden />} title={t('none')} text={t('noneText')} />}
                columns={[
                  {
                    id: 'name',
                    title: t('name'),
                    isName: true,
                    cell: ({ name }) => name,
                    below: ({ url }) => new URL(url).host,
                  },
                  { id: 'state', title: t('state'), cell: ({ status }) => <EndpointState status={status} /> },
                  { id: 'url', title: t('url'), isExtra: true, cell: ({ url }) => <code>{url}</code> },
                  { id: 'events', title: t('events'), isExtra: true, cell: ({ events }) => events.join(', ') },
                  {
                    id: 'delivered',
                    title: t('delivered'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ deliveredCount }) => format.number(deliveredCount),
                  },
                  {
                    id: 'failed',
                    title: t('failed'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ failedCount }) => format.number(failedCount),
                  },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {isMaking && (
        <WebhookForm
          onClose={() => setMaking(false)}
          onDone={(id, secret) => {
            setMaking(false);
            if (secret) setMade({ id, secret });
            else open(id);
          }}
        />
      )}
      <SecretDialog
        title={t('secret')}
        secret={made?.secret ?? null}
        onClose={() => {
          if (made) open(made.id);
          setMade(null);
        }}
      >
        <p>{t('secretText')}</p>
      </SecretDialog>
    </Page>
  );
}
