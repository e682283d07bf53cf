import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

const chosenKey = 'passerelle.language';

/** What was chosen here before, otherwise the first of the browser's languages that we speak. */
function firstLanguage(): Language {
  const wanted = [localStorage.getItem(chosenKey), ...navigator.languages];
  for (const tag of wanted) {
    const found = languages.find((language) => tag?.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

void i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: 'en',
  resources: {},
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  // React escapes.
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
});
document.documentElement.lang = i18next.language;

export const language = (): Language => i18next.language as Language;

const ownCountries: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

/** How dates and numbers are written: as where the browser says that its reader lives, when it speaks the language. */
export const localeOf = (chosen: string): string =>
  navigator.languages.find((tag) => tag.startsWith(`${chosen}-`)) ?? ownCountries[chosen as Language];

export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(chosenKey, chosen);
  document.documentElement.lang = chosen;
  await i18next.changeLanguage(chosen);
}

/** Words of one folder: an English text for each key, and the same keys in French. */
export interface Words<Key extends string> {
  readonly of: string;
  readonly keys?: Key;
}

/** Plural keys end with `_one` and `_other` and are asked for without; `count` chooses. */
type Asked<Key extends string> = Key extends `${infer Stem}_${'one' | 'other' | 'many'}` ? Stem : Key;

/**
 * Gives a folder its words: `defineWords('clients', { add: 'Add a client' }, { add: 'Ajouter un client' })`. Values
 * stand in double braces: `{{count}}`. French plurals of a million and more want `_many`; without it `_other` serves.
 */
export function defineWords<Key extends string>(
  of: string,
  en: Readonly<Record<Key, string>>,
  fr: Readonly<Record<NoInfer<Key>, string>>,
): Words<Asked<Key>> {
  i18next.addResourceBundle('en', of, en);
  i18next.addResourceBundle('fr', of, fr);
  return { of };
}

export type Say<Key extends string> = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

/** Says a folder's words in the language of the reader; the component is drawn again when that changes. */
export function useWords<Key extends string>({ of }: Words<Key>): Say<Key> {
  const { t } = useTranslation(of);
  return t as unknown as Say<Key>;
}

/** Outside of components: what is said once. */
export const say = <Key extends string>({ of }: Words<Key>, key: Key, values: Record<string, string | number> = {}) =>
  (i18next.t as unknown as (key: string, options: object) => string)(key, { ns: of, ...values });
