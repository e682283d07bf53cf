import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Notice } from '../ui/notice';
import { useRoleName } from '../ui/role-name';
import type { WaitingFragment } from './operations.gen';
import { words } from './words';

/** By what right one decides and up to which amount, or why one may not, as a sentence. */
export function useRightText() {
  const t = useWords(words);
  const format = useFormat();
  const roleName = useRoleName();
  return ({ allowed, reason, role, maxAmount, currency, delegatedById }: WaitingFragment['canDecide']): string => {
    const limit = maxAmount == null ? '' : format.money(maxAmount, currency);
    if (!allowed) return t(reason ?? 'NOT_PENDING', { limit, currency: currency ?? '' });
    const key = `${delegatedById ? 'rightLent' : 'right'}${limit && 'Limit'}` as 'right' | 'rightLentLimit';
    return t(key, { role: role == null ? '' : roleName(role), limit });
  };
}

export function DecisionRight({ right }: { right: WaitingFragment['canDecide'] }) {
  const rightText = useRightText();
  return <Notice tone={right.allowed ? 'good' : 'warn'}>{rightText(right)}</Notice>;
}
