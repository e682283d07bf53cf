import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { Alerts } from './alerts';
import { Followers } from './followers';
import { Processes } from './processes';
import { Requests } from './requests';
import { monitoringTabs } from './routes';
import { words } from './words';

const contents = { requests: Requests, alerts: Alerts, processes: Processes, followers: Followers };

/** How the server does. */
export function MonitoringPage() {
  const t = useWords(words);
  const { tab = 'requests' } = useSearch({ from: '/app/monitoring' });
  const navigate = useNavigate({ from: '/monitoring' });
  return (
    <Page title={t('monitoring')} lead={t('lead')}>
      <Tabs
        label={t('monitoring')}
        selected={tab}
        onSelect={(id) => void navigate({ search: (now) => ({ ...now, tab: id as typeof tab }) })}
        tabs={monitoringTabs.map((id) => {
          const Content = contents[id];
          return { id, title: t(id), content: () => <Content /> };
        })}
      />
    </Page>
  );
}
