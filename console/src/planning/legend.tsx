import { useWords } from '../i18n/words';
import { words } from './words';
import styles from './legend.module.css';

export interface LegendProps {
  /** Who goes somewhere in what is shown, with the number of their colour; 0: nobody. */
  goers: readonly { name: string; tone: number }[];
  /** How entries look in it. */
  looks: ReadonlySet<'firm' | 'open' | 'over' | 'unplanned'>;
}

/** What the colours and the lines of the calendar mean, as far as it shows them. */
export function Legend({ goers, looks }: LegendProps) {
  const t = useWords(words);
  if (goers.length === 0 && looks.size === 0) return null;
  return (
    <ul className={styles.legend} aria-label={t('legend')}>
      {goers.map(({ name, tone }) => (
        <li key={name}>
          <span className={styles.colour} style={{ background: `var(--${tone ? `chart-${tone}` : 'quiet'})` }} />
          {name}
        </li>
      ))}
      {looks.has('open') && (
        <li>
          <span className={`${styles.sample} ${styles.open}`} />
          {t('looksOpen')}
        </li>
      )}
      {looks.has('over') && (
        <li>
          <s>{t('looksOver')}</s>
        </li>
      )}
      {looks.has('unplanned') && (
        <li>
          <span className={`${styles.sample} ${styles.unplanned}`} />
          {t('unplanned')}
        </li>
      )}
    </ul>
  );
}
