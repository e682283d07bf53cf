import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Switch } from '../ui/checks';
import { Answer, Card } from '../ui/page';
import { complain } from '../ui/toast';
import { ChangePreferenceOperation, OwnPreferencesOperation } from './operations.gen';
import { words } from './words';
import styles from './profile.module.css';

/** What comes by mail too. */
export function NotificationsTab() {
  const t = useWords(words);
  const query = useGraph(OwnPreferencesOperation, {}, { topics: ['self'] });
  const change = useAction(ChangePreferenceOperation, { touches: ['self'], onError: complain });
  return (
    <Answer of={query}>
      {({ notificationPreferences }) => (
        <Card title={t('byMail')} isFlush>
          <ul className={styles.items}>
            {notificationPreferences?.map(({ type, byMail }) => (
              <li key={type}>
                <Switch isSelected={byMail} onChange={(isOn) => void change.run({ input: { type, byMail: isOn } })}>
                  {t(`type${type}`)}
                </Switch>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Answer>
  );
}
