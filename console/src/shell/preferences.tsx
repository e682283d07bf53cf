import { useTranslation } from 'react-i18next';
import { chooseLanguage, type Language, languages } from '../i18n/words';
import type { MenuEntry } from '../ui/menu';
import styles from './preferences.module.css';

const names: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' };

export type Theme = 'system' | 'light' | 'dark';
const themeKey = 'passerelle.theme';

export function themeNow(): Theme {
  const kept = localStorage.getItem(themeKey);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(themeKey);
    delete document.documentElement.dataset['theme'];
  } else {
    localStorage.setItem(themeKey, theme);
    document.documentElement.dataset['theme'] = theme;
  }
}

export const languageEntries = (): MenuEntry[] =>
  languages.map((language) => ({
    id: language,
    label: <span lang={language}>{names[language]}</span>,
    isChosen: document.documentElement.lang === language,
    onAction: () => chooseLanguage(language),
  }));

/** The languages side by side, for pages without a menu. */
export function LanguageChoice() {
  const { i18n } = useTranslation();
  return (
    <div className={styles.languages}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => void chooseLanguage(language)}
        >
          {names[language]}
        </button>
      ))}
    </div>
  );
}
