import { useEffect } from 'react';
import { invalidate, type Topic } from '../graph/freshness';
import { hasReason } from '../graph/problems';
import { useWords } from '../i18n/words';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { words } from './words';
import styles from './stale-save.module.css';

export interface StaleField {
  name: string;
  mine: string;
  theirs: string;
}

interface StaleSaveProps {
  /** What the graph refused; shown only when it is that somebody else saved first (`stale_version`). */
  error: unknown;
  /** What is asked again then, so that `fields` has what they saved. */
  topics: readonly Topic[];
  /** Of both versions; those that are the same are left out. */
  fields: readonly StaleField[];
  /** Saves mine over theirs. */
  onKeepMine: () => unknown;
  /** Gives mine up. */
  onTakeTheirs: () => unknown;
}

/** Shows both versions when somebody else saved first, and lets the person choose. */
export function StaleSave({ error, topics, fields, onKeepMine, onTakeTheirs }: StaleSaveProps) {
  const t = useWords(words);
  const isStale = hasReason(error, 'stale_version');
  const asked = topics.join();
  useEffect(() => {
    if (isStale) void invalidate(...(asked.split(',') as Topic[]));
  }, [isStale, asked]);
  const different = fields.filter(({ mine, theirs }) => mine !== theirs);
  return (
    <Dialog isOpen={isStale} title={t('stale')} isDismissable={false} role="alertdialog">
      <p>{different.length > 0 ? t('staleText') : t('staleSame')}</p>
      {different.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.versions}>
            <thead>
              <tr>
                <td />
                <th scope="col">{t('mine')}</th>
                <th scope="col">{t('theirs')}</th>
              </tr>
            </thead>
            <tbody>
              {different.map(({ name, mine, theirs }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{mine || '–'}</td>
                  <td>{theirs || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <DialogActions>
        <Button onPress={() => void onTakeTheirs()} autoFocus>
          {t('takeTheirs')}
        </Button>
        <Button kind="primary" onPress={() => void onKeepMine()}>
          {t('keepMine')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
