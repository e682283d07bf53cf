import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Loading, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { DelegationsTab } from './delegations-tab';
import type { DecisionTab } from './routes';
import { RulesTab } from './rules-tab';
import { WaitingTab } from './waiting-tab';
import { words } from './words';

const route = getRouteApi('/app/decisions');

/** The charts come with the tab. */
const StatisticsTab = lazy(async () => ({ default: (await import('./statistics-tab')).StatisticsTab }));

export function DecisionsPage() {
  const t = useWords(words);
  const may = useMay();
  const { tab = 'waiting', id, all } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t('title')}>
      <Tabs
        label={t('parts')}
        selected={tab}
        onSelect={(chosen) => void navigate({ search: { tab: chosen as DecisionTab } })}
        tabs={[
          {
            id: 'waiting',
            title: t('waiting'),
            content: () => (
              <WaitingTab
                chosen={id === undefined ? undefined : String(id)}
                onChoose={(next) =>
                  void navigate({
                    search: { ...(all && { all }), ...(next !== undefined && { id: Number(next) }) },
                    replace: true,
                  })
                }
                ofAll={all ?? false}
                onShow={(isAll) => void navigate({ search: isAll ? { all: true } : {} })}
              />
            ),
          },
          { id: 'delegations', title: t('delegations'), content: () => <DelegationsTab /> },
          { id: 'rules', title: t('rules'), content: () => <RulesTab mayChange={may('approval_rules:write')} /> },
          {
            id: 'statistics',
            title: t('statistics'),
            content: () => (
              <Suspense fallback={<Loading />}>
                <StatisticsTab />
              </Suspense>
            ),
          },
        ]}
      />
    </Page>
  );
}
