import { Check, Circle } from 'lucide-react';
import { useWords } from '../i18n/words';
import { words } from './words';
import styles from './profile.module.css';

/** What the server asks of a password, `schema.graphql`, `ChangePasswordInput.newPassword`. */
const rules = [
  ['ruleLength', (text: string) => text.length >= 8 && text.length <= 200],
  ['ruleUpper', (text: string) => /\p{Lu}/u.test(text)],
  ['ruleLower', (text: string) => /\p{Ll}/u.test(text)],
  ['ruleDigit', (text: string) => /\d/.test(text)],
  ['ruleSpecial', (text: string) => /[^\p{L}\p{N}]/u.test(text)],
] as const;

/** The rules, ticked off while one types. */
export function PasswordRules({ typed }: { typed: string }) {
  const t = useWords(words);
  return (
    <ul className={styles.rules} aria-label={t('rules')}>
      {rules.map(([name, holds]) => {
        const isMet = holds(typed);
        return (
          <li key={name} className={isMet ? styles.met : ''}>
            {isMet ? <Check size={15} aria-hidden /> : <Circle size={15} aria-hidden />}
            {t(name)}
            <span className="visually-hidden">{isMet ? t('ruleMet') : t('ruleOpen')}</span>
          </li>
        );
      })}
    </ul>
  );
}
