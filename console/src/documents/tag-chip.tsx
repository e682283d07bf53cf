import type { ReactNode } from 'react';
import styles from './tag-chip.module.css';

/** A tag with its colour; the colour alone says nothing. */
export const TagChip = ({ name, color, children }: { name: string; color: string; children?: ReactNode }) => (
  <span className={styles.chip}>
    <span className={styles.dot} style={{ background: color }} aria-hidden />
    {name}
    {children}
  </span>
);
