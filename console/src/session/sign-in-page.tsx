import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { Brand } from '../shell/brand';
import { LanguageChoice } from '../shell/preferences';
import { useTitle } from '../ui/page';
import { SignInForm } from './sign-in-form';
import { words } from './words';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const t = useWords(words);
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  useTitle(t('title'));
  // Pages of the server beside the console are documents of their own.
  const leave = () =>
    next.startsWith('/console')
      ? navigate({ href: next.slice('/console'.length).replace(/^\/*/, '/') })
      : location.assign(next);
  return (
    <main className={styles.page}>
      <div className={styles.panel}>
        <Brand />
        <h1>{t('title')}</h1>
        <p className="quiet">{t('lead')}</p>
        <SignInForm onDone={() => void leave()} />
        <p className={styles.hint}>{t('forgotten')}</p>
      </div>
      <LanguageChoice />
    </main>
  );
}
