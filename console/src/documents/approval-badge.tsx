import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import { words } from './words';

const tones = { PENDING: 'warn', APPROVED: 'good', REJECTED: 'bad', WITHDRAWN: 'plain' } as const;

/** Where the approval of a document stands; nothing for one that never entered it. */
export function ApprovalBadge({ approval }: { approval?: { status: keyof typeof tones } | null | undefined }) {
  const t = useWords(words);
  return approval ? <Badge tone={tones[approval.status]}>{t(approval.status)}</Badge> : null;
}
