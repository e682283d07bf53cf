import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { TextField } from '../ui/form';
import { NumberField } from '../ui/number-field';
import { documentWords } from './document-words';
import type { CustomField } from './facts';

interface CustomFieldInputsProps {
  fields: readonly CustomField[];
  values: Readonly<Record<string, string | null>>;
  onChange: (id: string, value: string | null) => void;
}

const none = '-';

/** What the firm wants to know beyond what every document has. */
export function CustomFieldInputs({ fields, values, onChange }: CustomFieldInputsProps) {
  if (fields.length === 0) return null;
  return (
    <div className="fields">
      {fields.map((field) => (
        <OneField
          key={field.id}
          field={field}
          value={values[field.id] ?? null}
          onChange={(value) => onChange(field.id, value)}
        />
      ))}
    </div>
  );
}

interface OneFieldProps {
  field: CustomField;
  value: string | null;
  onChange: (value: string | null) => void;
}

function OneField({ field: { name, kind, choices }, value, onChange }: OneFieldProps) {
  const t = useWords(documentWords);
  switch (kind) {
    case 'BOOLEAN':
    case 'CHOICE': {
      const known =
        kind === 'CHOICE'
          ? choices.map((choice) => ({ id: choice, label: choice }))
          : [
              { id: 'true', label: t('yes') },
              { id: 'false', label: t('no') },
            ];
      return (
        <Select
          label={name}
          value={value ?? none}
          choices={[{ id: none, label: t('none') }, ...known]}
          onChange={(chosen) => onChange(chosen === none ? null : chosen)}
        />
      );
    }
    case 'DATE':
      return <DateField label={name} value={value} onChange={onChange} />;
    case 'INTEGER':
    case 'DECIMAL':
      return (
        <NumberField
          label={name}
          value={value === null ? Number.NaN : Number(value)}
          formatOptions={{ maximumFractionDigits: kind === 'INTEGER' ? 0 : 6 }}
          onChange={(number) => onChange(Number.isNaN(number) ? null : String(number))}
        />
      );
    default:
      return <TextField label={name} value={value ?? ''} onChange={(text) => onChange(text || null)} />;
  }
}
