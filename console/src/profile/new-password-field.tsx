import { Check, Circle } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/words';
import { TextField } from '../ui/form';
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

interface NewPasswordFieldProps {
  name: string;
  label: string;
  autoFocus?: boolean;
}

/** Asks for a password that is new, with its rules below, ticked off while one types. Empty again with a new `key`. */
export function NewPasswordField({ name, label, autoFocus = false }: NewPasswordFieldProps) {
  const [typed, setTyped] = useState('');
  return (
    <div className="stack">
      <TextField
        name={name}
        type="password"
        label={label}
        autoComplete="new-password"
        maxLength={200}
        onChange={setTyped}
        autoFocus={autoFocus}
        isRequired
      />
      <PasswordRules typed={typed} />
    </div>
  );
}

function PasswordRules({ typed }: { typed: string }) {
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
