import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { TextField } from '../ui/form';
import type { StaleField } from '../ui/stale-save';
import type { FiledTagFragment } from './operations.gen';
import { words } from './words';

export type Algorithm = FiledTagFragment['matchingAlgorithm'];

const algorithms = ['NONE', 'ANY', 'ALL', 'EXACT', 'FUZZY', 'REGEX', 'AUTO'] as const satisfies readonly Algorithm[];

export interface Rule {
  match: string;
  matchingAlgorithm: Algorithm;
}

export const hasPattern = ({ matchingAlgorithm }: Rule): boolean =>
  matchingAlgorithm !== 'NONE' && matchingAlgorithm !== 'AUTO';

/** How documents are recognised. */
export function RuleFields({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const t = useWords(words);
  return (
    <>
      <Select
        label={t('algorithm')}
        value={rule.matchingAlgorithm}
        choices={algorithms.map((id) => ({ id, label: t(id), description: t(`${id}_hint`) }))}
        onChange={(chosen) => onChange({ ...rule, matchingAlgorithm: chosen as Algorithm })}
      />
      {hasPattern(rule) && (
        <TextField
          name="match"
          label={t('pattern')}
          description={t(`${rule.matchingAlgorithm}_hint`)}
          value={rule.match}
          onChange={(match) => onChange({ ...rule, match })}
          autoCapitalize="none"
          isRequired
        />
      )}
    </>
  );
}

/** The rule among the fields of `StaleSave`. */
export function useStaleRule() {
  const t = useWords(words);
  const patternOf = (rule: Rule): string => (hasPattern(rule) ? rule.match : '');
  return (mine: Rule, theirs: Rule): StaleField[] => [
    { name: t('algorithm'), mine: t(mine.matchingAlgorithm), theirs: t(theirs.matchingAlgorithm) },
    { name: t('pattern'), mine: patternOf(mine), theirs: patternOf(theirs) },
  ];
}

/** A rule in a few words, for a list. */
export function RuleText({ match, matchingAlgorithm }: Rule) {
  const t = useWords(words);
  return (
    <span className="quiet">
      {t(matchingAlgorithm)} {hasPattern({ match, matchingAlgorithm }) && <code>{match}</code>}
    </span>
  );
}
