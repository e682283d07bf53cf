import type { ReactNode } from 'react';
import styles from './filters.module.css';

/** Search and choices above a list, in a row that wraps. */
export const Filters = ({ children }: { children: ReactNode }) => <div className={styles.filters}>{children}</div>;
