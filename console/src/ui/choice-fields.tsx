import { ChevronDown } from 'lucide-react';
import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  Group,
  Input,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components';
import { useWords } from '../i18n/words';
import { type Around, Below } from './field-parts';
import { words } from './words';

export interface Choice {
  id: string;
  label: string;
  description?: string;
}

interface ChoiceProps extends Around {
  choices: readonly Choice[];
  name?: string;
  /** Null: none. */
  value?: string | null;
  defaultValue?: string | null;
  isRequired?: boolean;
  isDisabled?: boolean;
  placeholder?: string;
  onChange?: (value: string | null) => void;
}

const choiceItem = ({ id, label, description }: Choice) => (
  <ListBoxItem key={id} id={id} textValue={label}>
    <Text slot="label">{label}</Text>
    {description !== undefined && <Text slot="description">{description}</Text>}
  </ListBoxItem>
);

const textOf = (key: Key | null): string | null => (key === null ? null : String(key));

/** One of a few. */
export function Select({ label, description, choices, value, defaultValue, onChange, ...props }: ChoiceProps) {
  return (
    <AriaSelect
      {...props}
      {...(value !== undefined && { value })}
      {...(defaultValue !== undefined && { defaultValue })}
      {...(onChange && { onChange: (key: Key | null) => onChange(textOf(key)) })}
    >
      <Label>{label}</Label>
      <AriaButton className="select-button">
        <SelectValue />
        <ChevronDown size={18} aria-hidden />
      </AriaButton>
      <Below description={description} />
      <Popover className="popover">
        <ListBox className="list-box">{choices.map(choiceItem)}</ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface ComboBoxProps extends ChoiceProps {
  /** What was typed, for choices that the server finds. Without it the choices are filtered here. */
  onSearch?: (typed: string) => void;
  /** The text in the field, where the page keeps it; told of by `onSearch` or `onTyped`. */
  typed?: string;
  onTyped?: (typed: string) => void;
  /** Whether something else than a choice may stand there. */
  allowsCustomValue?: boolean;
}

/** One of many: typed, or taken from the list. */
export function ComboBox({
  label,
  description,
  choices,
  value,
  defaultValue,
  onChange,
  onSearch,
  placeholder,
  typed,
  onTyped,
  ...props
}: ComboBoxProps) {
  const t = useWords(words);
  return (
    <AriaComboBox
      {...props}
      menuTrigger="focus"
      allowsEmptyCollection
      {...(onSearch ? { items: choices, onInputChange: onSearch } : { defaultItems: choices })}
      {...(onTyped && { onInputChange: onTyped })}
      {...(typed !== undefined && { inputValue: typed })}
      {...(value !== undefined && { value })}
      {...(defaultValue !== undefined && { defaultValue })}
      {...(onChange && { onChange: (key: Key | null) => onChange(textOf(key)) })}
    >
      <Label>{label}</Label>
      <Group className="combo">
        <Input placeholder={placeholder} />
        <AriaButton className="combo-button" aria-label={t('showAll')}>
          <ChevronDown size={18} aria-hidden />
        </AriaButton>
      </Group>
      <Below description={description} />
      <Popover className="popover">
        <ListBox className="list-box" renderEmptyState={() => <p className="list-empty">{t('nothingFound')}</p>}>
          {(choice: Choice) => choiceItem(choice)}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
