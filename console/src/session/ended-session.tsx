import { lazy, Suspense, useSyncExternalStore } from 'react';
import { hasSessionEnded } from '../graph/client';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { LateDialog } from '../ui/late-dialog';
import { Loading } from '../ui/page';
import { isErased, signOut, useViewer } from './session';
import { words } from './words';

const SignInForm = lazy(() => import('./sign-in-form').then((module) => ({ default: module.SignInForm })));

/** Over the page, when the session has ended: whoever signs in again goes on where they were. */
export function EndedSession() {
  const t = useWords(words);
  const { username } = useViewer();
  const isOver = useSyncExternalStore(hasSessionEnded.subscribe, hasSessionEnded.get);
  const isGone = useSyncExternalStore(isErased.subscribe, isErased.get);
  return (
    <LateDialog
      isOpen={isOver && !isGone}
      isDismissable={false}
      title={t('ended')}
      size="small"
      // The server has other files by now: a new page asks who one is.
      onMissing={() => location.reload()}
    >
      <p>{t('endedText')}</p>
      <Suspense fallback={<Loading />}>
        <SignInForm identifier={username} onDone={() => hasSessionEnded.set(false)} />
      </Suspense>
      <Button kind="quiet" onPress={() => void signOut()}>
        {t('asSomebodyElse')}
      </Button>
    </LateDialog>
  );
}
