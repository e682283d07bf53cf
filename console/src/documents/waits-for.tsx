import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Notice } from '../ui/notice';
import { useRoleName } from '../ui/role-name';
import { documentWords } from './document-words';
import type { WaitsForFragment } from './operations.gen';

/** As many are named; of more it is said how many there are. */
const namedAtMost = 4;

/** Who decides on a document, and until when, as a sentence; with `name` the one that is said when it was submitted. */
export function useWaitsForText(): (approval: WaitsForFragment, name?: string) => string {
  const t = useWords(documentWords);
  const format = useFormat();
  const roleName = useRoleName();
  const whoOf = ({ validators, requiredRole }: WaitsForFragment): string => {
    // The reader may see none of them.
    if (validators.length === 0)
      return requiredRole ? t('validatorsFrom', { role: roleName(requiredRole) }) : t('anyValidator');
    const names = validators.slice(0, namedAtMost).map(({ fullName }) => fullName);
    const count = validators.length - names.length;
    return format.list(count > 0 ? [...names, t('others', { count })] : names, 'disjunction');
  };
  return (approval, name) => {
    const { deadline } = approval;
    const values = { who: whoOf(approval), deadline: format.dateTime(deadline), name: name ?? '' };
    const key = name === undefined ? 'waitsFor' : 'submittedTo';
    return t(deadline ? `${key}Until` : key, values);
  };
}

export function WaitsFor({ approval }: { approval: WaitsForFragment }) {
  const textOf = useWaitsForText();
  return <Notice>{textOf(approval)}</Notice>;
}
