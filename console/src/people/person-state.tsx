import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { UserStatus } from './operations.gen';
import { words } from './words';

const tones = { ACTIVE: 'good', INACTIVE: 'plain', PENDING: 'warn', SUSPENDED: 'bad' } as const;

export function PersonState({ status }: { status: UserStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`status${status}`)}</Badge>;
}
