import { useWords } from '../i18n/words';
import { Badge } from '../ui/notice';
import type { PluginStatus } from './operations.gen';
import { words } from './words';

const tones = { ACTIVE: 'good', INSTALLED: 'info', DISABLED: 'plain', FAILED: 'bad' } as const;

export function PluginState({ status }: { status: PluginStatus }) {
  const t = useWords(words);
  return <Badge tone={tones[status]}>{t(`status${status}`)}</Badge>;
}
