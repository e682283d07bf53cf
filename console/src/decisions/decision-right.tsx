import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Notice } from '../ui/notice';
import type { WaitingFragment } from './operations.gen';
import { words } from './words';

/** By what right one decides and up to which amount, or why one may not. */
export function DecisionRight({ right }: { right: WaitingFragment['canDecide'] }) {
  const t = useWords(words);
  const format = useFormat();
  const { allowed, reason, maxAmount, currency, delegatedById } = right;
  const limit = maxAmount == null ? '' : format.money(maxAmount, currency);
  const role = right.role ?? '';
  if (allowed) {
    const key = `${delegatedById ? 'rightLent' : 'right'}${limit && 'Limit'}` as 'right' | 'rightLentLimit';
    return <Notice tone="good">{t(key, { role, limit })}</Notice>;
  }
  return <Notice tone="warn">{t(reason ?? 'NOT_PENDING', { limit, currency: currency ?? '' })}</Notice>;
}
