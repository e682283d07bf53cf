import { Pencil } from 'lucide-react';
import { useWords } from '../i18n/words';
import { IconButton } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { words } from './words';

interface RowActionsProps {
  name: string;
  /** What its deletion means. */
  text: string;
  onEdit: () => void;
  onRemove: () => unknown;
}

export function RowActions({ name, text, onEdit, onRemove }: RowActionsProps) {
  const t = useWords(words);
  return (
    <span className="row" style={{ justifyContent: 'end', flexWrap: 'nowrap' }}>
      <IconButton label={t('edit', { name })} onPress={onEdit}>
        <Pencil size={16} aria-hidden />
      </IconButton>
      <ConfirmButton
        size="small"
        kind="quiet"
        title={t('removeTitle', { name })}
        text={text}
        action={t('remove')}
        onConfirm={onRemove}
      >
        {t('remove')}
      </ConfirmButton>
    </span>
  );
}
