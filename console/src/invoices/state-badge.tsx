import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { InvoiceStatus, InvoiceType } from './operations.gen';
import { words } from './words';

const tones = { DRAFT: 'plain', ISSUED: 'info', OVERDUE: 'bad', PAID: 'good', CANCELLED: 'warn' } as const;

export function StateBadge({ status }: { status: InvoiceStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`status_${status}`)}</Badge>;
}

export function TypeBadge({ type }: { type: InvoiceType }) {
  const t = useWords(words);
  return type === 'CREDIT_NOTE' ? <Badge tone="info">{t('creditNote')}</Badge> : null;
}
