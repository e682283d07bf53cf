import { useWords } from '../i18n/words';
import { Checkbox } from '../ui/checks';
import type { CredentialScope } from './operations.gen';
import { words } from './words';
import styles from './profile.module.css';

export const scopes = ['READ', 'WRITE', 'WEBHOOKS', 'INTEGRATIONS', 'ADMIN'] as const satisfies CredentialScope[];

/** What a credential may do at most. The form has those that are chosen as `scopes`. */
export function ScopeChoice({ chosen }: { chosen: readonly CredentialScope[] }) {
  const t = useWords(words);
  return (
    <fieldset className={styles.choices}>
      <legend>{t('scopes')}</legend>
      {scopes.map((scope) => (
        <Checkbox
          key={scope}
          name="scopes"
          value={scope}
          defaultSelected={chosen.includes(scope)}
          description={t(`scopeText${scope}`)}
        >
          {t(`scope${scope}`)}
        </Checkbox>
      ))}
    </fieldset>
  );
}

export const scopesOf = (values: FormData): CredentialScope[] => values.getAll('scopes') as CredentialScope[];
