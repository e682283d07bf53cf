import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';

const pictures = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

/** A sentence beside what it is about. */
export function Notice({
  tone = 'info',
  children,
  role,
}: {
  tone?: keyof typeof pictures;
  children: ReactNode;
  role?: 'alert' | 'status';
}) {
  const Picture = pictures[tone];
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Picture size={18} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

/** What went wrong; read out at once. */
export const Problem = ({ children }: { children: ReactNode }) => (
  <Notice tone="bad" role="alert">
    {children}
  </Notice>
);

/** A word of state: `good`, `warn`, `bad`, `info` or without a colour. */
export const Badge = ({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'good' | 'warn' | 'bad' | 'info';
  children: ReactNode;
}) => <span className={`${styles.badge} ${styles[tone]}`}>{children}</span>;
