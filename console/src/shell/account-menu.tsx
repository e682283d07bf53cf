import { ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import { useWords } from '../i18n/words';
import { signOut, useViewer } from '../session/session';
import { Button } from '../ui/button';
import { useLate } from '../ui/late';
import type { MenuStart } from '../ui/menu';
import { applyTheme, languageEntries, type Theme, themeNow } from './preferences';
import { words } from './words';
import styles from './frame.module.css';

const load = async () => (await import('../ui/menu')).MenuBelow;

/** What the account has; what draws it is loaded when somebody comes near it. */
export function AccountMenu() {
  const t = useWords(words);
  const { fullName, username } = useViewer();
  const [theme, setTheme] = useState(themeNow);
  const [from, setFrom] = useState<MenuStart>('menu');
  const [isOpen, setOpen] = useState(false);
  const [MenuBelow, want] = useLate(load);
  const button = useRef<HTMLButtonElement>(null);
  const choose = (chosen: Theme) => {
    applyTheme(chosen);
    setTheme(chosen);
  };
  const open = async (start: MenuStart) => {
    setFrom(start);
    if (await want()) setOpen(true);
  };
  // Without a word when it fails: who opens it tries again.
  const prepare = () => void load().catch(() => undefined);
  return (
    <>
      <Button
        kind="quiet"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onHoverStart={prepare}
        onFocus={prepare}
        onPress={({ pointerType }) =>
          void open(pointerType === 'keyboard' || pointerType === 'virtual' ? 'first' : 'menu')
        }
        onKeyDown={({ key }) => {
          if (key === 'ArrowDown') void open('first');
          if (key === 'ArrowUp') void open('last');
        }}
      >
        <span className={styles.name}>{fullName}</span>
        <span className={styles.initials} aria-hidden>
          {initialsOf(fullName)}
        </span>
        <ChevronDown size={16} aria-hidden />
      </Button>
      {MenuBelow && (
        <MenuBelow
          button={button}
          isOpen={isOpen}
          onClose={() => setOpen(false)}
          from={from}
          label={t('account')}
          groups={[
            {
              id: 'account',
              title: t('signedInAs', { name: username }),
              entries: [
                { id: 'profile', label: t('profile'), href: '/profile' },
                { id: 'explorer', label: t('explorer'), onAction: () => location.assign('/graphql') },
                { id: 'reference', label: t('reference'), onAction: () => location.assign('/core-docs') },
              ],
            },
            { id: 'language', title: t('language'), entries: languageEntries() },
            {
              id: 'theme',
              title: t('theme'),
              entries: (['system', 'light', 'dark'] as const).map((id) => ({
                id,
                label: t(id),
                isChosen: theme === id,
                onAction: () => choose(id),
              })),
            },
            { id: 'end', entries: [{ id: 'out', label: t('signOut'), onAction: signOut }] },
          ]}
        />
      )}
    </>
  );
}

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map(([first = '']) => first)
    .join('')
    .slice(0, 2)
    .toUpperCase();
