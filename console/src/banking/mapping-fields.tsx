import { useWords } from '../i18n/words';
import { Select } from '../ui/choice-fields';
import type { FileMapping } from './file-columns';
import { importWords } from './import-words';

interface MappingFieldsProps {
  columns: readonly string[];
  mapping: FileMapping;
  isOpen: boolean;
  onChange: (mapping: FileMapping) => void;
}

const dateFormats = ['dd/mm/yyyy', 'dd/mm/yy', 'mm/dd/yyyy', 'yyyy-mm-dd', 'dd.mm.yyyy', 'dd-mm-yyyy'];

/** Which column of a table is what. A change has the file looked at again. */
export function MappingFields({ columns, mapping, isOpen, onChange }: MappingFieldsProps) {
  const t = useWords(importWords);
  const change = (name: keyof FileMapping, value: string | null): void => {
    const { [name]: _, ...others } = mapping;
    onChange(value ? { ...others, [name]: value } : others);
  };
  const found = (name: string | undefined): string =>
    columns.find((column) => column.toLowerCase() === name?.toLowerCase()) ?? '';
  const choices = [{ id: '', label: t('noColumn') }, ...columns.map((column) => ({ id: column, label: column }))];
  const column = (name: 'date' | 'description' | 'amount' | 'debit' | 'credit' | 'reference') => (
    <Select
      key={name}
      label={t(`column_${name}`)}
      choices={choices}
      value={found(mapping[name])}
      onChange={(value) => change(name, value)}
    />
  );
  const known = mapping.dateFormat && !dateFormats.includes(mapping.dateFormat) ? [mapping.dateFormat] : [];
  return (
    <details open={isOpen}>
      <summary>{t('mapping')}</summary>
      <div className="fields" style={{ paddingTop: 12 }}>
        {(['date', 'description', 'amount', 'debit', 'credit', 'reference'] as const).map(column)}
        <Select
          label={t('dateFormat')}
          choices={[
            { id: '', label: t('foundOut') },
            ...[...dateFormats, ...known].map((format) => ({ id: format, label: format })),
          ]}
          value={mapping.dateFormat ?? ''}
          onChange={(value) => change('dateFormat', value)}
        />
        <Select
          label={t('decimalSign')}
          choices={[
            { id: '', label: t('foundOut') },
            { id: ',', label: t('comma') },
            { id: '.', label: t('point') },
          ]}
          value={mapping.decimal ?? ''}
          onChange={(value) => change('decimal', value)}
        />
      </div>
    </details>
  );
}
