import { language, type Language } from '../i18n/words';

interface Worded {
  title: string;
  message: string;
  /** Null of what was made before there were English texts. */
  englishTitle?: string | null;
  englishMessage?: string | null;
}

/** A notification in the reader's language, otherwise in French, which `lang` says. */
export function notificationWords({ title, message, englishTitle, englishMessage }: Worded): {
  title: string;
  message: string;
  lang: Language;
} {
  return language() === 'en' && englishTitle != null && englishMessage != null
    ? { title: englishTitle, message: englishMessage, lang: 'en' }
    : { title, message, lang: 'fr' };
}
