import { useNavigate, useSearch } from '@tanstack/react-router';
import { Cable, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton, Dialog } from '../ui/dialog';
import { Filters } from '../ui/filters';
import { Badge, Notice, Problem } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, More, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { IntegrationForm } from './integration-form';
import {
  DeleteIntegrationOperation,
  IntegrationListOperation,
  type IntegrationListQuery,
  SyncIntegrationOperation,
  UpdateIntegrationOperation,
} from './operations.gen';
import { words } from './words';

export type IntegrationFound = NonNullable<IntegrationListQuery['integrations']>['nodes'][number];

const tones = { ACTIVE: 'good', INACTIVE: 'plain', UNAVAILABLE: 'warn' } as const;

/** Programs that the firm is connected to. */
export function IntegrationsPage() {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const { search, open } = useSearch({ from: '/app/integrations' });
  const navigate = useNavigate({ from: '/integrations' });
  const show = (id?: string) => void navigate({ search: (now) => ({ ...now, open: id }) });
  const list = useGraphList(
    IntegrationListOperation,
    { filter: { search: search ?? null } },
    { topics: ['webhooks'], everyMs: 10_000, connectionOf: ({ integrations }) => integrations! },
  );
  const opened = list.nodes.find(({ id }) => id === open);
  return (
    <Page
      title={t('integrations')}
      lead={t('lead')}
      actions={
        may('integrations:write') && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            <Plus size={18} aria-hidden />
            {t('create')}
          </Button>
        )
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
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('integrations')}
                items={list.nodes}
                onOpen={({ id }) => show(id)}
                empty={<EmptyState icon={<Cable size={32} aria-hidden />} title={t('none')} text={t('noneText')} />}
                columns={[
                  { id: 'name', title: t('name'), isName: true, cell: ({ name }) => name },
                  { id: 'kind', title: t('kind'), cell: ({ kind }) => t(`kind${kind}`) },
                  {
                    id: 'state',
                    title: t('state'),
                    cell: ({ status }) => <Badge tone={tones[status]}>{t(`status${status}`)}</Badge>,
                  },
                  { id: 'owner', title: t('owner'), isExtra: true, cell: ({ owner }) => owner?.fullName },
                  {
                    id: 'delivered',
                    title: t('delivered'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ health }) => format.number(health?.deliveredCount),
                  },
                  {
                    id: 'failed',
                    title: t('failed'),
                    isNumber: true,
                    isExtra: true,
                    cell: ({ health }) => format.number(health?.failedCount),
                  },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {isMaking && <IntegrationForm onClose={() => setMaking(false)} />}
      {opened && <IntegrationDialog integration={opened} onClose={() => show()} />}
    </Page>
  );
}

function IntegrationDialog({ integration, onClose }: { integration: IntegrationFound; onClose: () => void }) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const [isEditing, setEditing] = useState(false);
  const { id, name, health, status } = integration;
  const common = { touches: ['webhooks'] as const, onError: complain };
  const sync = useAction(SyncIntegrationOperation, { ...common, onDone: () => tell(t('synced')) });
  const update = useAction(UpdateIntegrationOperation, common);
  const remove = useAction(DeleteIntegrationOperation, {
    ...common,
    onDone: () => {
      tell(t('deleted', { name }));
      onClose();
    },
  });
  if (isEditing) return <IntegrationForm integration={integration} onClose={() => setEditing(false)} />;
  return (
    <Dialog isOpen onClose={onClose} title={name} size="side">
      {status === 'UNAVAILABLE' && <Notice tone="warn">{t('onlyKept')}</Notice>}
      {health?.lastError && <Problem>{health.lastError}</Problem>}
      <Facts
        facts={[
          [t('kind'), t(`kind${integration.kind}`)],
          [
            t('state'),
            <Badge key="state" tone={tones[status]}>
              {t(`status${status}`)}
            </Badge>,
          ],
          [t('description'), integration.description],
          [t('owner'), integration.owner?.fullName],
          [t('delivered'), format.number(health?.deliveredCount)],
          [t('pending'), format.number(health?.pendingCount)],
          [t('failed'), format.number(health?.failedCount)],
          [t('failingSince'), format.dateTime(health?.failingSince)],
          [t('lastAttempt'), format.dateTime(health?.lastAttemptAt)],
          [t('httpStatus'), health?.lastHttpStatus],
          [t('lastSync'), format.dateTime(integration.lastSyncAt)],
          ...Object.entries((integration.configuration ?? {}) as Record<string, unknown>).map(
            ([key, value]) => [key, <code key={key}>{JSON.stringify(value)}</code>] as const,
          ),
        ]}
      />
      {may('integrations:write') && (
        <div className="row">
          {status !== 'UNAVAILABLE' && (
            <>
              <Button size="small" onPress={() => void sync.run({ input: { id } })}>
                {t('sync')}
              </Button>
              <Button size="small" onPress={() => void update.run({ input: { id, isActive: status !== 'ACTIVE' } })}>
                {status === 'ACTIVE' ? t('switchOff') : t('switchOn')}
              </Button>
            </>
          )}
          <Button size="small" onPress={() => setEditing(true)}>
            {t('edit')}
          </Button>
          <ConfirmButton
            size="small"
            title={t('deleteTitle', { name })}
            text={t('deleteText')}
            action={t('delete')}
            onConfirm={() => remove.run({ input: { id } })}
          >
            {t('delete')}
          </ConfirmButton>
        </div>
      )}
    </Dialog>
  );
}
