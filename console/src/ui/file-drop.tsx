import { Upload } from 'lucide-react';
import { DropZone, FileTrigger, isFileDropItem, Text } from 'react-aria-components';
import { useWords } from '../i18n/words';
import { Button } from './button';
import { words } from './words';
import styles from './file-drop.module.css';

interface FileDropProps {
  label: string;
  /** What the button says. */
  action: string;
  onFiles: (files: File[]) => void;
  accept?: readonly string[];
  isMultiple?: boolean;
  /** Opens the camera where there is one. */
  camera?: 'environment' | 'user';
}

/** Files by drag and drop, from the clipboard, or from a dialog. */
export function FileDrop({ label, action, onFiles, accept, isMultiple = true, camera }: FileDropProps) {
  const t = useWords(words);
  return (
    <DropZone
      aria-label={t('dropHere')}
      className={styles.zone ?? ''}
      onDrop={async ({ items }) => {
        const files = await Promise.all(items.filter(isFileDropItem).map((item) => item.getFile()));
        if (files.length > 0) onFiles(isMultiple ? files : files.slice(0, 1));
      }}
    >
      <Upload size={24} aria-hidden />
      <Text slot="label">{label}</Text>
      <FileTrigger
        allowsMultiple={isMultiple}
        {...(accept && { acceptedFileTypes: accept })}
        {...(camera && { defaultCamera: camera })}
        onSelect={(list) => list && list.length > 0 && onFiles([...list])}
      >
        <Button size="small">{action}</Button>
      </FileTrigger>
    </DropZone>
  );
}
