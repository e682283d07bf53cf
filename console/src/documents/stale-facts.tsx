import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { documentWords } from './document-words';
import { type CustomField, differences, type Facts, type Part, withParts } from './facts';
import styles from './stale-facts.module.css';

interface StaleFactsProps {
  isOpen: boolean;
  /** What both began from. */
  before: Facts;
  yours: Facts;
  theirs: Facts;
  fields: readonly CustomField[];
  isRunning: boolean;
  onCancel: () => void;
  onSave: (chosen: Facts) => void;
}

/** Both versions side by side; the person chooses for each fact that differs. */
export function StaleFacts({ isOpen, before, yours, theirs, fields, isRunning, onCancel, onSave }: StaleFactsProps) {
  const t = useWords(documentWords);
  const [kept, setKept] = useState<ReadonlyMap<Part, 'yours' | 'theirs'>>(new Map());
  const mine = new Set(differences(before, yours));
  const parts = differences(yours, theirs);
  // What only the other person changed holds unless one says otherwise.
  const choiceOf = (part: Part) => kept.get(part) ?? (mine.has(part) ? 'yours' : 'theirs');
  const chosen = withParts(
    theirs,
    yours,
    parts.filter((part) => choiceOf(part) === 'yours'),
  );
  return (
    <Dialog isOpen={isOpen} onClose={onCancel} title={t('staleTitle')} size="large">
      <p>{t('staleText')}</p>
      {parts.map((part) => (
        <RadioGroup
          key={part}
          className={styles.part ?? ''}
          value={choiceOf(part)}
          onChange={(value) => setKept(new Map(kept).set(part, value as 'yours' | 'theirs'))}
        >
          <Label>
            <PartName part={part} fields={fields} />
          </Label>
          {(['yours', 'theirs'] as const).map((side) => (
            <Radio key={side} value={side} className={styles.side ?? ''}>
              <span className="quiet">{t(side)}</span>
              <strong>
                <PartValue part={part} facts={side === 'yours' ? yours : theirs} />
              </strong>
            </Radio>
          ))}
        </RadioGroup>
      ))}
      <DialogActions>
        <Button onPress={onCancel}>{t('revert')}</Button>
        <Button kind="primary" isPending={isRunning} onPress={() => onSave(chosen)}>
          {t('saveChoice')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function PartName({ part, fields }: { part: Part; fields: readonly CustomField[] }) {
  const t = useWords(documentWords);
  if (part.startsWith('fields.')) return fields.find(({ id }) => `fields.${id}` === part)?.name ?? part;
  return t(({ title: 'name', documentDate: 'date' } as Record<string, 'name' | 'date'>)[part] ?? (part as 'type'));
}

function PartValue({ part, facts }: { part: Part; facts: Facts }) {
  const t = useWords(documentWords);
  const format = useFormat();
  const text = (): string => {
    if (part.startsWith('fields.')) return facts.fields[part.slice('fields.'.length)] ?? '';
    switch (part) {
      case 'type':
      case 'correspondent':
        return facts[part]?.name ?? '';
      case 'tags':
        return format.list(facts.tags.map(({ name }) => name));
      case 'documentDate':
        return format.date(facts.documentDate);
      case 'amount':
        return format.money(facts.amount, facts.currency);
      default:
        return String(facts[part as 'title' | 'asn'] ?? '');
    }
  };
  return text() || t('none');
}
