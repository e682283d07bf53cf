import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, mention, tell } from '../ui/toast';
import { importWords } from './import-words';
import { RestoreImportOperation, UndoImportOperation } from './operations.gen';
import { words } from './words';

const common = { touches: ['banking'], onError: complain } as const;

/** Takes an import back, and says what stays because somebody has touched it; and brings it back again. */
export function useUndoImport(): { undo: (id: string) => Promise<void>; restore: (id: string) => Promise<void> } {
  const t = useWords(importWords);
  const tMoney = useWords(words);
  const undoing = useAction(UndoImportOperation, common);
  const restoring = useAction(RestoreImportOperation, common);
  const restore = async (id: string): Promise<void> => {
    const done = await restoring.run({ input: { id } });
    if (!done?.restoreImport) return;
    const { restoredCount, leftCount, lost } = done.restoreImport;
    tell(t('importRestored', { count: restoredCount }));
    if (leftCount > 0) mention(t('importLeft', { count: leftCount }));
    for (const each of lost) mention(tMoney(`lost_${each}`));
  };
  const undo = async (id: string): Promise<void> => {
    const done = await undoing.run({ input: { id } });
    if (!done?.undoImport) return;
    const { removedCount, kept } = done.undoImport;
    tell(t('importUndone', { count: removedCount }), ...(removedCount > 0 ? [() => restore(id)] : []));
    const reasons = [...new Set(kept.map(({ reason }) => t(`kept_${reason}`)))];
    if (kept.length > 0) mention(t('importKept', { count: kept.length, reasons: reasons.join(', ') }));
  };
  return { undo, restore };
}
