import { type ComponentProps, useEffect, useEffectEvent } from 'react';
import type { Dialog } from './dialog';
import { useLate } from './late';

const load = async () => (await import('./dialog')).Dialog;

interface LateDialogProps extends ComponentProps<typeof Dialog> {
  /** When it cannot be loaded. Default: `onClose`, so that the next press tries again. */
  onMissing?: () => void;
}

/** A dialog of the frame, which is loaded when it is first opened. */
export function LateDialog({ onMissing, ...dialog }: LateDialogProps) {
  const { isOpen, onClose } = dialog;
  const [Loaded, want] = useLate(load);
  const open = useEffectEvent(async () => {
    if (!(await want())) (onMissing ?? onClose)?.();
  });
  useEffect(() => {
    if (isOpen) void open();
  }, [isOpen]);
  return Loaded && <Loaded {...dialog} />;
}
