import { Label, ProgressBar } from 'react-aria-components';
import styles from './progress.module.css';

/** How far something is, of 100; without a value only that it goes on. */
export const Progress = ({ label, value }: { label: string; value?: number | null | undefined }) => (
  <ProgressBar className={styles.progress ?? ''} value={value ?? 0} isIndeterminate={value == null}>
    {({ percentage, valueText }) => (
      <>
        <Label>{label}</Label>
        <span className="quiet">{value == null ? '' : valueText}</span>
        <span className={styles.track}>
          <span className={styles.bar} style={{ width: `${percentage ?? 30}%` }} />
        </span>
      </>
    )}
  </ProgressBar>
);
