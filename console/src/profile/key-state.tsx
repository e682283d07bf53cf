import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { ApiKeyStatus } from './operations.gen';
import { words } from './words';

const tones = { ACTIVE: 'good', INACTIVE: 'plain', SUSPENDED: 'bad', EXPIRED: 'warn' } as const;

export function KeyState({ status }: { status: ApiKeyStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`key${status}`)}</Badge>;
}
