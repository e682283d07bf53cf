import { getRouteApi } from '@tanstack/react-router';
import { LayoutGrid, List, SlidersHorizontal, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog } from '../ui/dialog';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { complain, tell } from '../ui/toast';
import { BulkEdit } from './bulk-edit';
import { DocumentGrid } from './document-grid';
import { DocumentTable, type FoundDocument } from './document-table';
import { FacetPanel } from './facet-panel';
import {
  conditionCount,
  type DocumentOrder,
  filterOf,
  type ListChanges,
  type ListSearch,
  orders,
  searchOf,
} from './list-search';
import {
  BulkEditOperation,
  DocumentListOperation,
  DocumentSearchOperation,
  RestoreDocumentOperation,
} from './operations.gen';
import { SavedViews } from './saved-views';
import { SearchBox } from './search-box';
import { DropHint, useDroppedFiles } from './upload-panel';
import { uploadFiles } from './uploads';
import { words } from './words';
import styles from './list-page.module.css';

const route = getRouteApi('/app/documents');

/** The documents that the address describes: best first while words are searched and no order is chosen. */
function useDocuments(search: ListSearch) {
  const { q, sort } = search;
  const isRanked = q !== undefined && sort === undefined;
  const filter = filterOf(search);
  const ranked = useGraphList(
    DocumentSearchOperation,
    { q: q ?? null, filter },
    {
      topics: ['documents'],
      enabled: isRanked,
      connectionOf: ({ searchDocuments }) => ({ ...searchDocuments!, nodes: searchDocuments!.edges }),
    },
  );
  const listed = useGraphList(
    DocumentListOperation,
    { filter: { ...filter, ...(q !== undefined && { search: q }) }, orderBy: sort ?? 'CREATED_AT_DESC' },
    { topics: ['documents'], enabled: !isRanked, connectionOf: ({ documents }) => documents! },
  );
  const documents: FoundDocument[] = isRanked
    ? ranked.nodes.map(({ node, snippet }) => ({ ...node, snippet: snippet ?? null }))
    : listed.nodes.map((node) => ({ ...node, snippet: null }));
  const list = isRanked ? ranked : listed;
  return { list: { ...list, data: list.data as unknown }, documents };
}

export function DocumentsPage() {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isFiltering, setFiltering] = useState(false);
  const { list, documents } = useDocuments(search);
  const mayFile = may('documents:write') || may('documents:own');
  const isOver = useDroppedFiles(uploadFiles, mayFile);
  const show = (next: ListSearch) => {
    setSelected(new Set());
    void navigate({ search: next });
  };
  const change = (changes: ListChanges) => show(searchOf({ ...search, ...changes }));
  const isNarrowed = search.q !== undefined || conditionCount(search) > 0;
  const count = conditionCount(search);
  return (
    <Page
      title={t('title')}
      lead={
        list.totalCount === undefined
          ? // Its line is there before, so that nothing below moves.
            '\u00A0'
          : list.isEstimated
            ? t('about', { total: format.number(list.totalCount) })
            : t('count', { count: list.totalCount })
      }
      actions={
        <>
          {mayFile && (
            <FileTrigger allowsMultiple onSelect={(files) => files && uploadFiles([...files])}>
              <Button kind="primary">
                <Upload size={18} aria-hidden />
                {t('upload')}
              </Button>
            </FileTrigger>
          )}
          <LinkButton to="/trash">
            <Trash2 size={18} aria-hidden />
            {t('trash')}
          </LinkButton>
        </>
      }
    >
      <div className={styles.tools}>
        <SearchBox value={search.q ?? ''} onSearch={(q) => change({ q, sort: undefined })} />
        <SavedViews search={search} onUse={(view) => show({ ...view, ...(search.view && { view: search.view }) })} />
        <span className={styles.narrow}>
          <Button onPress={() => setFiltering(true)}>
            <SlidersHorizontal size={18} aria-hidden />
            {count > 0 ? t('filtersCount', { count }) : t('filters')}
          </Button>
        </span>
      </div>
      <div className={styles.columns}>
        <aside className={styles.facets} aria-label={t('filters')}>
          <FacetPanel search={search} onChange={change} />
        </aside>
        <Card
          isFlush
          actions={
            <div className={styles.above}>
              <Selected ids={[...selected]} onEnd={() => setSelected(new Set())} />
              <ListShape search={search} onChange={change} />
            </div>
          }
        >
          <Answer of={list}>
            {() =>
              documents.length === 0 ? (
                isNarrowed ? (
                  <EmptyState title={t('nothing')} text={t('nothingText')} />
                ) : (
                  <EmptyState title={t('none')} text={t('noneText')} />
                )
              ) : (
                <>
                  {search.view === 'grid' ? (
                    <DocumentGrid documents={documents} selected={selected} onSelect={setSelected} />
                  ) : (
                    <DocumentTable
                      documents={documents}
                      selected={selected}
                      onSelect={setSelected}
                      sort={search.sort ?? (search.q === undefined ? 'CREATED_AT_DESC' : undefined)}
                      onSort={(sort) => change({ sort })}
                    />
                  )}
                  <More list={list} />
                </>
              )
            }
          </Answer>
        </Card>
      </div>
      <Dialog isOpen={isFiltering} onClose={() => setFiltering(false)} title={t('filters')} size="side">
        <FacetPanel search={search} onChange={change} />
      </Dialog>
      {isOver && <DropHint />}
    </Page>
  );
}

const best = 'best';

function ListShape({ search, onChange }: { search: ListSearch; onChange: (changes: ListChanges) => void }) {
  const t = useWords(words);
  const isRanked = search.q !== undefined;
  return (
    <div className={styles.shape}>
      <Select
        label={t('sort')}
        value={search.sort ?? (isRanked ? best : 'CREATED_AT_DESC')}
        choices={[...(isRanked ? [{ id: best, label: t('best') }] : []), ...orders.map((id) => ({ id, label: t(id) }))]}
        onChange={(sort) => onChange({ sort: sort === best ? undefined : (sort as DocumentOrder) })}
      />
      <ToggleButtonGroup
        aria-label={t('shownAs')}
        className={styles.toggle ?? ''}
        disallowEmptySelection
        selectedKeys={[search.view ?? 'list']}
        onSelectionChange={([view]) => onChange({ view: view === 'grid' ? 'grid' : undefined })}
      >
        <ToggleButton id="list" aria-label={t('list')}>
          <List size={18} aria-hidden />
        </ToggleButton>
        <ToggleButton id="grid" aria-label={t('grid')}>
          <LayoutGrid size={18} aria-hidden />
        </ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}

/** What can be done with those that are selected. */
function Selected({ ids, onEnd }: { ids: readonly string[]; onEnd: () => void }) {
  const t = useWords(words);
  const [isEditing, setEditing] = useState(false);
  const bulk = useAction(BulkEditOperation, { touches: ['documents', 'approvals'], onError: complain });
  const restore = useAction(RestoreDocumentOperation, { touches: ['documents'], onError: complain });
  if (ids.length === 0) return <span />;
  const trash = async () => {
    const done = (await bulk.run({ input: { ids: [...ids], trash: true } }))?.bulkEditDocuments;
    if (!done) return;
    const { changedCount, refused } = done;
    const left = new Set(refused.map(({ id }) => id));
    const undo = async () => {
      for (const id of ids) if (!left.has(id)) await restore.run({ input: { id } });
    };
    tell(t('trashed', { count: changedCount }), undo);
    onEnd();
  };
  return (
    <div className="row">
      <strong role="status">{t('selected', { count: ids.length })}</strong>
      <Button size="small" onPress={() => setEditing(true)}>
        {t('edit')}
      </Button>
      <Button size="small" kind="danger" isPending={bulk.isRunning} onPress={() => void trash()}>
        {t('toTrash')}
      </Button>
      <Button size="small" kind="quiet" onPress={onEnd}>
        {t('deselect')}
      </Button>
      <Dialog isOpen={isEditing} onClose={() => setEditing(false)} title={t('bulkTitle', { count: ids.length })}>
        <BulkEdit
          ids={ids}
          onEnd={(isDone) => {
            setEditing(false);
            if (isDone) onEnd();
          }}
        />
      </Dialog>
    </div>
  );
}
