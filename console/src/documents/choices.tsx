import { X } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { ComboBox, Select } from '../ui/choice-fields';
import { CorrespondentChoicesOperation, TagChoicesOperation, TypeChoicesOperation } from './operations.gen';
import { TagChip } from './tag-chip';
import { words } from './words';
import styles from './tag-chip.module.css';

export interface Named {
  id: string;
  name: string;
}

export interface ChosenTag extends Named {
  color: string;
}

interface ChoiceProps {
  label: string;
  value: string | null;
  onChange: (value: string | null) => void;
  name?: string;
  /** What stands for none. */
  none: string;
  /** Choices before the others. */
  before?: readonly { id: string; label: string }[];
}

const nothing = '-';

/** A document type. */
export function TypeChoice({ value, onChange, none, before = [], ...props }: ChoiceProps) {
  const { data } = useGraph(TypeChoicesOperation, {}, { topics: ['filing'] });
  const types = data?.documentTypes?.nodes ?? [];
  return (
    <Select
      {...props}
      value={value ?? nothing}
      choices={[...before, { id: nothing, label: none }, ...types.map(({ id, label }) => ({ id, label }))]}
      onChange={(chosen) => onChange(chosen === nothing ? null : chosen)}
    />
  );
}

/** A correspondent, found by its name; `chosen` is the one that is shown now. */
export function CorrespondentChoice({
  value,
  onChange,
  none,
  before = [],
  chosen,
  ...props
}: Omit<ChoiceProps, 'onChange'> & {
  chosen?: Named | null | undefined;
  /** With the name of whoever is chosen. */
  onChange: (value: string | null, name?: string) => void;
}) {
  const [typed, setTyped] = useState('');
  const search = typed === chosen?.name || typed === none ? '' : typed.trim();
  const { data } = useGraph(CorrespondentChoicesOperation, { search: search || null }, { topics: ['filing'] });
  const found = data?.correspondents?.nodes ?? [];
  const all = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <ComboBox
      {...props}
      value={value ?? nothing}
      choices={[...before, { id: nothing, label: none }, ...all.map(({ id, name }) => ({ id, label: name }))]}
      onSearch={setTyped}
      onChange={(id) => (id === nothing ? onChange(null) : onChange(id, all.find((each) => each.id === id)?.name))}
    />
  );
}

interface TagPickerProps {
  label: string;
  value: readonly ChosenTag[];
  onChange: (tags: ChosenTag[]) => void;
}

/** Tags, each with a button that takes it off, and a field that adds one. */
export function TagPicker({ label, value, onChange }: TagPickerProps) {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  // A new field after each choice: what was typed is done.
  const [turn, setTurn] = useState(0);
  const { data } = useGraph(TagChoicesOperation, { search: typed.trim() || null }, { topics: ['filing'] });
  const free = (data?.tags?.nodes ?? []).filter(({ id }) => !value.some((tag) => tag.id === id));
  return (
    <div className={styles.picker}>
      <ComboBox
        key={turn}
        label={label}
        placeholder={t('addTag')}
        choices={free.map(({ id, name }) => ({ id, label: name }))}
        onSearch={setTyped}
        onChange={(id) => {
          const tag = free.find((each) => each.id === id);
          if (!tag) return;
          onChange([...value, tag]);
          setTyped('');
          setTurn(turn + 1);
        }}
      />
      {value.length > 0 && (
        <span className="row">
          {value.map((tag) => (
            <TagChip key={tag.id} {...tag}>
              <AriaButton
                aria-label={t('removeTag', { name: tag.name })}
                onPress={() => onChange(value.filter(({ id }) => id !== tag.id))}
              >
                <X size={14} aria-hidden />
              </AriaButton>
            </TagChip>
          ))}
        </span>
      )}
    </div>
  );
}
