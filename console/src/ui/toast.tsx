import { ChevronUp, X } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
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

const queue = new ToastQueue<Message>();

/** Keys of the messages that go by themselves, the oldest first. More than these would wait for minutes to be shown. */
const passing: string[] = [];
const mostPassing = 4;

function pass(message: Message, timeout: number): void {
  const key = queue.add(message, { timeout, onClose: () => void passing.splice(passing.indexOf(key), 1) });
  passing.push(key);
  if (passing.length > mostPassing) queue.close(passing[0]!);
}

/** Says that something was done; with `undo` it can be taken back for some seconds. */
export const tell = (text: string, undo?: () => unknown): void =>
  pass({ text, tone: 'good', ...(undo && { undo }) }, undo ? 12_000 : 6_000);

/** Says that something happened which the person did not do here. */
export const mention = (text: string, lang?: string): void =>
  pass({ text, tone: 'info', ...(lang !== undefined && { lang }) }, 8_000);

/** Says what went wrong; stays until it is closed, or goes wrong again. */
export function complain(error: unknown): void {
  const text = problemText(error);
  const before = queue.visibleToasts.find(({ content }) => content.tone === 'bad' && content.text === text);
  if (before) queue.close(before.key);
  queue.add({ text, tone: 'bad' });
}

const subscribe = (changed: () => void) => queue.subscribe(changed);

/** Where messages appear; once in the page. A phone shows the newest, and the newest problem; the others on demand. */
export function Toasts() {
  const t = useWords(words);
  const all = useSyncExternalStore(subscribe, () => queue.visibleToasts);
  const [isSpread, setSpread] = useState(false);
  const [newest] = all;
  const problem = all.find(({ content }) => content.tone === 'bad');
  const others = all.filter((each) => each !== newest && each !== problem).length;
  if (isSpread && others === 0) setSpread(false);
  return (
    <ToastRegion queue={queue} className={styles.region ?? ''}>
      {({ toast }) => (
        <Toast
          toast={toast}
          className={`${styles.toast} ${styles[toast.content.tone]} ${
            isSpread || toast.key === newest?.key || toast.key === problem?.key ? '' : styles.behind
          }`}
        >
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
          {others > 0 && toast.key === newest?.key && (
            <span className={styles.others}>
              <Button size="small" kind="quiet" aria-expanded={isSpread} onPress={() => setSpread(!isSpread)}>
                {isSpread ? <ChevronUp size={18} aria-hidden /> : <span aria-hidden>+{others}</span>}
                <span className="visually-hidden">{t('otherMessages', { count: others })}</span>
              </Button>
            </span>
          )}
          <IconButton slot="close" label={t('close')}>
            <X size={18} aria-hidden />
          </IconButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
