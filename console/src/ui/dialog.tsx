import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useWords } from '../i18n/words';
import { Button, IconButton } from './button';
import { HeadingLevel } from './heading-level';
import { InDialog } from './in-dialog';
import { Notice } from './notice';
import { Subject } from './subject';
import { words } from './words';
import styles from './dialog.module.css';

interface DialogProps {
  isOpen: boolean;
  onClose?: () => void;
  title: string;
  children: ReactNode;
  /** `side`: a panel at the edge, over the whole height. */
  size?: 'small' | 'normal' | 'large' | 'side';
  isDismissable?: boolean;
  role?: 'dialog' | 'alertdialog';
}

/** Over the page, which waits. What it holds is drawn only while it is open. */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  size = 'normal',
  isDismissable = true,
  role = 'dialog',
}: DialogProps) {
  const t = useWords(words);
  return (
    <ModalOverlay
      className={`${styles.overlay} ${size === 'side' ? styles.atSide : ''}`}
      isOpen={isOpen}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Modal className={`${styles.modal} ${styles[size]}`}>
        <AriaDialog className={styles.dialog ?? ''} role={role}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
            {isDismissable && (
              <IconButton label={t('close')} onPress={() => onClose?.()}>
                <X size={20} aria-hidden />
              </IconButton>
            )}
          </header>
          <div className={styles.body}>
            <InDialog value>
              <HeadingLevel value={3}>
                <Subject value={undefined}>{children}</Subject>
              </HeadingLevel>
            </InDialog>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The buttons at the foot of a dialog. */
export const DialogActions = ({ children }: { children: ReactNode }) => (
  <div className={styles.actions}>{children}</div>
);

interface ConfirmButtonProps {
  children: ReactNode;
  title: string;
  text: string;
  /** What should make one think again. */
  warning?: string | undefined;
  /** What the button that does it says. */
  action: string;
  onConfirm: () => unknown;
  kind?: 'danger' | 'normal' | 'primary' | 'quiet';
  size?: 'normal' | 'small';
  isDisabled?: boolean;
}

/** Asks before it does what cannot be undone. */
export function ConfirmButton({
  children,
  title,
  text,
  warning,
  action,
  onConfirm,
  kind = 'danger',
  size = 'normal',
  isDisabled = false,
}: ConfirmButtonProps) {
  const t = useWords(words);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind={kind} size={size} isDisabled={isDisabled} onPress={() => setOpen(true)}>
        {children}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={title} size="small" role="alertdialog">
        <p>{text}</p>
        {warning !== undefined && <Notice tone="warn">{warning}</Notice>}
        <DialogActions>
          <Button onPress={() => setOpen(false)} autoFocus>
            {t('cancel')}
          </Button>
          <Button
            kind="danger"
            onPress={() => {
              setOpen(false);
              void onConfirm();
            }}
          >
            {action}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
