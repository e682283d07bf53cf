import { X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { problemText } from '../graph/problems';
import { useWords } from '../i18n/words';
import { Button, IconButton } from './button';
import { words } from './words';
import styles from './toast.module.css';

interface Message {
  text: string;
  tone: 'good' | 'bad' | 'info';
  /** Of the text, where it is not the page's. */
  lang?: string;
  undo?: () => unknown;
}

const queue = new ToastQueue<Message>({ maxVisibleToasts: 4 });

/** Says that something was done; with `undo` it can be taken back for some seconds. */
export const tell = (text: string, undo?: () => unknown): void =>
  void queue.add({ text, tone: 'good', ...(undo && { undo }) }, { timeout: undo ? 12_000 : 6_000 });

/** Says that something happened which the person did not do here. */
export const mention = (text: string, lang?: string): void =>
  void queue.add({ text, tone: 'info', ...(lang !== undefined && { lang }) }, { timeout: 8_000 });

/** Says what went wrong; stays until it is closed. */
export const complain = (error: unknown): void => void queue.add({ text: problemText(error), tone: 'bad' });

/** Where messages appear; once in the page. */
export function Toasts() {
  const t = useWords(words);
  return (
    <ToastRegion queue={queue} className={styles.region ?? ''}>
      {({ toast }) => (
        <Toast toast={toast} className={`${styles.toast} ${styles[toast.content.tone]}`}>
          <ToastContent className={styles.content ?? ''}>
            <Text slot="title" lang={toast.content.lang}>
              {toast.content.text}
            </Text>
          </ToastContent>
          {toast.content.undo && (
            <Button
              size="small"
              onPress={() => {
                void toast.content.undo?.();
                queue.close(toast.key);
              }}
            >
              {t('undo')}
            </Button>
          )}
          <IconButton slot="close" label={t('close')}>
            <X size={18} aria-hidden />
          </IconButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
