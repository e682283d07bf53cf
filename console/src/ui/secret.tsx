import { Check, Copy, Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { defineWords, useWords } from '../i18n/words';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Notice } from './notice';
import styles from './secret.module.css';

const words = defineWords(
  'secret',
  {
    copy: 'Copy',
    copied: 'Copied',
    download: 'Download',
    once: 'This is shown only now. Keep it where others cannot read it.',
    kept: 'I have kept it',
  },
  {
    copy: 'Copier',
    copied: 'Copié',
    download: 'Télécharger',
    once: 'Ceci n’est affiché que maintenant. Conservez-le à l’abri des regards.',
    kept: 'Je l’ai conservé',
  },
);

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({ text, size = 'normal' }: { text: string; size?: 'normal' | 'small' }) {
  const t = useWords(words);
  const [isCopied, setCopied] = useState(false);
  return (
    <Button size={size} onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
      <span aria-live="polite">{isCopied ? t('copied') : t('copy')}</span>
    </Button>
  );
}

/** Gives the browser a text as a file. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** What the server shows once: it stays until the person says that they have kept it. */
export function SecretDialog({
  title,
  secret,
  onClose,
  children,
}: {
  title: string;
  /** Null: closed. Several are codes, each good by itself. */
  secret: string | readonly string[] | null;
  onClose: () => void;
  children?: ReactNode;
}) {
  const t = useWords(words);
  const text = typeof secret === 'string' ? secret : (secret?.join('\n') ?? '');
  return (
    <Dialog isOpen={secret !== null} title={title} isDismissable={false}>
      <Notice tone="warn">{t('once')}</Notice>
      {typeof secret === 'string' ? (
        <p className={styles.secret} data-secret>
          {secret}
        </p>
      ) : (
        <ol className={styles.codes}>
          {secret?.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
      )}
      {children}
      <DialogActions>
        <CopyButton text={text} />
        {typeof secret !== 'string' && (
          <Button onPress={() => save('passerelle-codes.txt', `${text}\n`)}>
            <Download size={16} aria-hidden />
            {t('download')}
          </Button>
        )}
        <Button kind="primary" onPress={onClose}>
          {t('kept')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
