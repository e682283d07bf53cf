import { useFormat } from '../i18n/format';
import styles from './amount.module.css';

/** What came in or went out, with its sign; what came in stands out by more than its colour. */
export function Amount({ value, currency }: { value: number | null | undefined; currency: string }) {
  const { money } = useFormat();
  return <span className={value != null && value > 0 ? styles.in : styles.out}>{money(value, currency, true)}</span>;
}
