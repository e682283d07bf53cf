import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Menu as MenuIcon, WifiOff } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { uploads } from '../documents/running-uploads';
import { isOnline } from '../graph/client';
import { useWords } from '../i18n/words';
import { EndedSession } from '../session/ended-session';
import { mayOf, useViewer } from '../session/session';
import { IconButton } from '../ui/button';
import { LateDialog } from '../ui/late-dialog';
import { Toasts } from '../ui/toast';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';
import { useKeptFocus } from './kept-focus';
import { Live } from './live';
import { navigation } from './navigation';
import { NotificationBell } from './notification-bell';
import { words } from './words';
import styles from './frame.module.css';

/** Around every page of whoever is signed in. */
export function Frame() {
  const t = useWords(words);
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main);
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const shownPath = useRef(path);
  // A reader of the screen hears where one has come to, and the keyboard goes on from there.
  const isNew = useRef(false);
  useEffect(() => {
    isNew.current = shownPath.current !== undefined && shownPath.current !== path;
    shownPath.current = path;
    setOpen(false);
  }, [path]);
  useEffect(() => {
    // The navigation of a phone keeps the keyboard while it is open.
    if (isOpen || !isNew.current) return;
    isNew.current = false;
    // A page that still loads takes the keyboard from `main` when it has its title.
    (document.getElementById('page-title') ?? main.current)?.focus({ preventScroll: true });
  }, [path, isOpen]);
  return (
    <>
      {/* Before what is shown: what changes after a page was read is heard then. */}
      <Live />
      <a className={styles.skip} href="#main">
        {t('skip')}
      </a>
      <div className={styles.frame}>
        <header className={styles.bar}>
          <span className={styles.opener}>
            <IconButton label={t('openNavigation')} onPress={() => setOpen(true)}>
              <MenuIcon size={22} aria-hidden />
            </IconButton>
          </span>
          <Brand />
          <span className={styles.tools}>
            <NotificationBell />
            <AccountMenu />
          </span>
        </header>
        <nav className={styles.side} aria-label={t('navigation')}>
          <NavigationLinks />
        </nav>
        <div className={styles.content}>
          <Connection />
          <main id="main" ref={main} tabIndex={-1} className={styles.main}>
            <Outlet />
          </main>
        </div>
      </div>
      <LateDialog isOpen={isOpen} onClose={() => setOpen(false)} title="Passerelle" size="side">
        <nav aria-label={t('navigation')}>
          <NavigationLinks />
        </nav>
      </LateDialog>
      <EndedSession />
      <Uploads />
      <Toasts />
    </>
  );
}

const UploadPanel = lazy(() => import('../documents/upload-panel').then((module) => ({ default: module.UploadPanel })));

/** Files that are being sent go on while one looks at another page. */
function Uploads() {
  const all = useSyncExternalStore(uploads.subscribe, uploads.get);
  return (
    all.length > 0 && (
      <Suspense fallback={null}>
        <UploadPanel />
      </Suspense>
    )
  );
}

function NavigationLinks() {
  const t = useWords(words);
  const may = mayOf(useViewer());
  const shown = navigation
    .map(({ title, entries }) => ({
      title,
      entries: entries.filter(({ needs }) => needs === undefined || needs.some(may)),
    }))
    .filter(({ entries }) => entries.length > 0);
  return shown.map(({ title, entries }) => (
    <section key={title ?? ''} className={styles.group}>
      {title !== undefined && <h2>{t(title)}</h2>}
      <ul className={styles.links}>
        {entries.map(({ to, label, icon: Picture, mark: Mark }) => (
          <li key={to}>
            <Link to={to as '/'} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>
              <Picture size={19} aria-hidden />
              {t(label)}
              {Mark && <Mark />}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  ));
}

function Connection() {
  const t = useWords(words);
  const online = useSyncExternalStore(isOnline.subscribe, isOnline.get);
  return (
    <div role="status">
      {!online && (
        <p className={styles.offline}>
          <WifiOff size={18} aria-hidden />
          {t('offline')}
        </p>
      )}
    </div>
  );
}
