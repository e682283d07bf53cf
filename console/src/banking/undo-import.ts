import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, mention, tell } from '../ui/toast';
import { importWords } from './import-words';
import { UndoImportOperation } from './operations.gen';

/** Takes an import back, and says what stays because somebody has touched it. */
export function useUndoImport(): (id: string) => Promise<void> {
  const t = useWords(importWords);
  const undo = useAction(UndoImportOperation, { touches: ['banking'], onError: complain });
  return async (id) => {
    const done = await undo.run({ input: { id } });
    if (!done?.undoImport) return;
    const { removedCount, kept } = done.undoImport;
    tell(t('importUndone', { count: removedCount }));
    const reasons = [...new Set(kept.map(({ reason }) => t(`kept_${reason}`)))];
    if (kept.length > 0) mention(t('importKept', { count: kept.length, reasons: reasons.join(', ') }));
  };
}
