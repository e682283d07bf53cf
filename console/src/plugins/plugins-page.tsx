import { useNavigate, useSearch } from '@tanstack/react-router';
import { Puzzle } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { InstallPlugin } from './install-plugin';
import { PluginListOperation } from './operations.gen';
import { PluginState } from './plugin-state';
import { pluginStatuses } from './routes';
import { words } from './words';

/** What was added to the server, and how it stands with each. */
export function PluginsPage() {
  const t = useWords(words);
  const may = useMay();
  const [isInstalling, setInstalling] = useState(false);
  const { status } = useSearch({ from: '/app/plugins' });
  const navigate = useNavigate({ from: '/plugins' });
  const list = useGraphList(
    PluginListOperation,
    { orderBy: 'NAME_ASC', filter: { status: status ?? null } },
    { topics: ['plugins'], connectionOf: ({ plugins }) => plugins! },
  );
  return (
    <Page
      title={t('plugins')}
      lead={t('lead')}
      actions={
        may('plugins:manage') && (
          <Button kind="primary" onPress={() => setInstalling(true)}>
            <Puzzle size={18} aria-hidden />
            {t('install')}
          </Button>
        )
      }
    >
      <Filters>
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) =>
            void navigate({ search: { status: pluginStatuses.find((each) => each === chosen) }, replace: true })
          }
          choices={[{ id: 'all', label: t('all') }, ...pluginStatuses.map((id) => ({ id, label: t(`status${id}`) }))]}
        />
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('plugins')}
                items={list.nodes}
                hrefOf={({ id }) => `/plugins/${id}`}
                empty={
                  <EmptyState
                    icon={<Puzzle size={32} aria-hidden />}
                    title={t('none')}
                    text={t(status ? 'noneOfState' : 'noneText')}
                  />
                }
                columns={[
                  { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <strong>{name}</strong> },
                  { id: 'version', title: t('version'), cell: ({ version }) => version },
                  { id: 'state', title: t('state'), cell: ({ status }) => <PluginState status={status} /> },
                  { id: 'what', title: t('what'), isExtra: true, cell: ({ description }) => description },
                  { id: 'reason', title: t('reason'), isExtra: true, cell: ({ reason }) => reason },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {isInstalling && (
        <InstallPlugin
          onClose={() => setInstalling(false)}
          onDone={(id) => void navigate({ to: '/plugins/$id', params: { id }, search: { tab: 'rights' } })}
        />
      )}
    </Page>
  );
}
