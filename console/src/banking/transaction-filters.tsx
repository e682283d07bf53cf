import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ComboBox, Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { NumberField } from '../ui/number-field';
import { SearchField } from '../ui/search-field';
import { type AccountSearch, isFiltered } from './account-search';
import { useCategoryChoices } from './choices';
import { words } from './words';
import styles from './transaction-filters.module.css';

interface TransactionFiltersProps {
  search: AccountSearch;
  onChange: (search: AccountSearch) => void;
}

/** What of an account's transactions is shown; all of it stands in the address. */
export function TransactionFilters({ search, onChange }: TransactionFiltersProps) {
  const t = useWords(words);
  const categories = useCategoryChoices();
  const filters = { ...search, q: undefined, sort: undefined, tab: undefined };
  const [isOpen, setOpen] = useState(isFiltered(filters));
  const change = (changed: Partial<AccountSearch>): void => onChange({ ...search, ...changed });
  return (
    <search className="stack">
      <div className={styles.bar}>
        <SearchField
          key={search.q ?? ''}
          label={t('searchTransactions')}
          defaultValue={search.q ?? ''}
          onSubmit={(typed) => change({ q: typed || undefined })}
          onChange={(typed) => typed === '' && search.q && change({ q: undefined })}
        />
        <Button onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          <ListFilter size={18} aria-hidden />
          {t('filters')}
        </Button>
        {isFiltered(search) && (
          <Button kind="quiet" onPress={() => onChange({ tab: search.tab, sort: search.sort })}>
            {t('clearFilters')}
          </Button>
        )}
      </div>
      {isOpen && (
        <div className="fields">
          <DateField
            label={t('from')}
            value={search.from ?? null}
            onChange={(from) => change({ from: from ?? undefined })}
          />
          <DateField label={t('to')} value={search.to ?? null} onChange={(to) => change({ to: to ?? undefined })} />
          <ComboBox
            key={categories.length}
            label={t('category')}
            choices={[{ id: 'none', label: t('withoutCategory') }, ...categories]}
            defaultValue={search.category ?? null}
            onChange={(category) => change({ category: category ?? undefined })}
          />
          <Select
            label={t('state')}
            choices={[
              { id: 'all', label: t('all') },
              { id: 'open', label: t('notReconciled') },
              { id: 'reconciled', label: t('reconciled') },
            ]}
            value={search.state ?? 'all'}
            onChange={(state) => change({ state: state === 'open' || state === 'reconciled' ? state : undefined })}
          />
          <Select
            label={t('kind')}
            choices={[
              { id: 'all', label: t('all') },
              { id: 'transfer', label: t('transfers') },
              { id: 'recurring', label: t('recurring') },
            ]}
            value={search.kind ?? 'all'}
            onChange={(kind) => change({ kind: kind === 'transfer' || kind === 'recurring' ? kind : undefined })}
          />
          {(['min', 'max'] as const).map((bound) => (
            <NumberField
              key={bound}
              label={t(bound)}
              step={0.01}
              value={search[bound] === undefined ? NaN : Number(search[bound])}
              onChange={(amount) => change({ [bound]: Number.isNaN(amount) ? undefined : String(amount) })}
            />
          ))}
        </div>
      )}
    </search>
  );
}
