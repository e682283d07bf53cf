import { useSyncExternalStore } from 'react';
import { hasSessionEnded } from '../graph/client';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { isErased, signOut, useViewer } from './session';
import { SignInForm } from './sign-in-form';
import { words } from './words';

/** Over the page, when the session has ended: whoever signs in again goes on where they were. */
export function EndedSession() {
  const t = useWords(words);
  const { username } = useViewer();
  const isOver = useSyncExternalStore(hasSessionEnded.subscribe, hasSessionEnded.get);
  const isGone = useSyncExternalStore(isErased.subscribe, isErased.get);
  return (
    <Dialog isOpen={isOver && !isGone} isDismissable={false} title={t('ended')} size="small">
      <p>{t('endedText')}</p>
      <SignInForm identifier={username} onDone={() => hasSessionEnded.set(false)} />
      <Button kind="quiet" onPress={() => void signOut()}>
        {t('asSomebodyElse')}
      </Button>
    </Dialog>
  );
}
