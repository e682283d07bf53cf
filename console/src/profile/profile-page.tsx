import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { DataTab } from './data-tab';
import { FactsTab } from './facts-tab';
import { KeysTab } from './keys-tab';
import { NotificationsTab } from './notifications-tab';
import { profileTabs } from './routes';
import { SecurityTab } from './security-tab';
import { SessionsTab } from './sessions-tab';
import { words } from './words';

const contents = {
  profile: FactsTab,
  security: SecurityTab,
  sessions: SessionsTab,
  keys: KeysTab,
  notifications: NotificationsTab,
  data: DataTab,
};

/** One's own side: who one is here, how one gets in, what acts in one's name, and what is kept. */
export function ProfilePage() {
  const t = useWords(words);
  const { username, fullName } = useViewer();
  const { tab = 'profile' } = useSearch({ from: '/app/profile' });
  const navigate = useNavigate();
  return (
    <Page title={t('title')} lead={`${fullName} · ${username}`}>
      <Tabs
        label={t('title')}
        selected={tab}
        onSelect={(id) => void navigate({ to: '/profile', search: { tab: id as typeof tab } })}
        tabs={profileTabs.map((id) => {
          const Content = contents[id];
          return { id, title: t(id), content: () => <Content /> };
        })}
      />
    </Page>
  );
}
