import { ToggleButton } from 'react-aria-components';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { conditionCount, filterOf, type ListChanges, type ListSearch } from './list-search';
import { DocumentFacetsOperation } from './operations.gen';
import { words } from './words';
import styles from './facet-panel.module.css';

interface FacetPanelProps {
  search: ListSearch;
  onChange: (changes: ListChanges) => void;
}

interface FacetItem {
  id: string;
  name: string;
  count: number;
  color?: string;
}

/** The labels of what is found, each with how many bear it; one that is chosen narrows the list. */
export function FacetPanel({ search, onChange }: FacetPanelProps) {
  const t = useWords(words);
  const { data, error } = useGraph(
    DocumentFacetsOperation,
    { q: search.q ?? null, filter: filterOf(search) },
    { topics: ['documents', 'filing'] },
  );
  const facets = data?.searchDocuments?.facets;
  const isEstimated = data?.searchDocuments?.isEstimated === true;
  const tags = search.tags ?? [];
  const toggleTag = (id: number) =>
    onChange({ tags: tags.includes(id) ? tags.filter((each) => each !== id) : [...tags, id] });
  // What it says at first would move when the counts come.
  if (data === undefined && !error) return <div className={styles.panel} />;
  return (
    <div className={styles.panel}>
      {conditionCount(search) > 0 && (
        <Button
          size="small"
          onPress={() =>
            onChange({ type: undefined, tags: undefined, from: undefined, after: undefined, before: undefined })
          }
        >
          {t('clear')}
        </Button>
      )}
      <Facet
        isEstimated={isEstimated}
        title={t('type')}
        items={facets?.types.map(({ count, type: { id, label } }) => ({ id, name: label, count }))}
        chosen={search.type === undefined ? [] : [search.type]}
        onToggle={(id) => onChange({ type: search.type === id ? undefined : id })}
      />
      <Facet
        isEstimated={isEstimated}
        title={t('tags')}
        items={facets?.tags.map(({ count, tag: { id, name, color } }) => ({ id, name, count, color }))}
        chosen={tags}
        onToggle={toggleTag}
      />
      <Facet
        isEstimated={isEstimated}
        title={t('correspondent')}
        items={facets?.correspondents.map(({ count, correspondent }) => ({ ...correspondent, count }))}
        chosen={search.from === undefined ? [] : [search.from]}
        onToggle={(id) => onChange({ from: search.from === id ? undefined : id })}
      />
      <section className={styles.facet}>
        <h2>{t('filed')}</h2>
        <DateField
          label={t('filedFrom')}
          value={search.after ?? null}
          onChange={(day) => onChange({ after: day ?? undefined })}
        />
        <DateField
          label={t('filedTo')}
          value={search.before ?? null}
          onChange={(day) => onChange({ before: day ?? undefined })}
        />
      </section>
    </div>
  );
}

interface FacetProps {
  title: string;
  /** Undefined until they have come. */
  items: readonly FacetItem[] | undefined;
  isEstimated: boolean;
  chosen: readonly number[];
  onToggle: (id: number) => void;
}

function Facet({ title, items, isEstimated, chosen, onToggle }: FacetProps) {
  const t = useWords(words);
  const format = useFormat();
  return (
    <section className={styles.facet}>
      <h2>{title}</h2>
      {items?.length === 0 && <p className="quiet">{t('facetNone')}</p>}
      <ul>
        {items?.map(({ id, name, count, color }) => (
          <li key={id}>
            <ToggleButton
              className={styles.item ?? ''}
              isSelected={chosen.includes(Number(id))}
              onChange={() => onToggle(Number(id))}
            >
              {color !== undefined && <span className={styles.dot} style={{ background: color }} aria-hidden />}
              <span className={styles.name}>{name}</span>
              <span className={styles.count}>
                {isEstimated ? t('aboutCount', { total: format.number(count) }) : format.number(count)}
              </span>
            </ToggleButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
