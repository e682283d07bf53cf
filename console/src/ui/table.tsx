import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useId, useSyncExternalStore } from 'react';
import {
  Cell,
  Checkbox as AriaCheckbox,
  Column,
  isFileDropItem,
  type Key,
  Row,
  type Selection,
  type SortDescriptor,
  Table as AriaTable,
  TableBody,
  TableHeader,
  useDragAndDrop,
} from 'react-aria-components';
import { useWords } from '../i18n/words';
import { Subject } from './subject';
import { words } from './words';
import styles from './table.module.css';

export interface TableColumn<Item> {
  id: string;
  title: string;
  cell: (item: Item) => ReactNode;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** The column that names the row, or one of those that do it together. */
  isName?: boolean;
  canSort?: boolean;
  /** Left out on narrow screens. */
  isExtra?: boolean;
  /** Below the cell on narrow screens: what a column that is left out there says. */
  below?: (item: Item) => ReactNode;
  /** Never broken into lines: dates. */
  isShort?: boolean;
  /** Read out, not shown: of a column of buttons. */
  isTitleHidden?: boolean;
}

interface TableProps<Item extends { id: string }> {
  label: string;
  columns: readonly TableColumn<Item>[];
  items: readonly Item[];
  /** Of each row: where it leads, as a path below the console. */
  hrefOf?: (item: Item) => string;
  onOpen?: (item: Item) => void;
  sort?: SortDescriptor;
  onSort?: (sort: SortDescriptor) => void;
  /** With it rows can be chosen. */
  selected?: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
  /** With it files can be dropped onto rows. */
  onFiles?: (item: Item, files: File[]) => void;
  empty?: ReactNode;
}

/** As in the style sheet. */
const narrow = matchMedia('(max-width: 760px)');

const useNarrow = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed);
      return () => narrow.removeEventListener('change', changed);
    },
    () => narrow.matches,
  );

/** Rows with columns: by the keyboard with the arrows, Enter opens. */
export function Table<Item extends { id: string }>({
  label,
  columns,
  items,
  hrefOf,
  onOpen,
  sort,
  onSort,
  selected,
  onSelect,
  onFiles,
  empty,
}: TableProps<Item>) {
  const t = useWords(words);
  const isNarrow = useNarrow();
  const tableId = useId();
  const naming = columns.filter(({ isName }) => isName);
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !onFiles,
    getDropOperation: (target) => (target.type === 'item' ? 'copy' : 'cancel'),
    onItemDrop: async ({ items: dropped, target }) => {
      const files = await Promise.all(dropped.filter(isFileDropItem).map((each) => each.getFile()));
      if (files.length > 0) openOf(items, target.key, (item) => onFiles?.(item, files));
    },
  });
  const choose = (selection: Selection) =>
    onSelect?.(new Set(selection === 'all' ? items.map(({ id }) => id) : [...selection].map(String)));
  return (
    <AriaTable
      aria-label={label}
      className={styles.table ?? ''}
      selectionMode={onSelect ? 'multiple' : 'none'}
      {...(selected && { selectedKeys: selected as ReadonlySet<Key> as Set<Key> })}
      onSelectionChange={choose}
      {...(sort && { sortDescriptor: sort })}
      {...(onSort && { onSortChange: onSort })}
      {...(onFiles && { dragAndDropHooks })}
      {...(onOpen && { onRowAction: (key: Key) => openOf(items, key, onOpen) })}
    >
      <TableHeader>
        {onSelect && (
          <Column className={styles.choice ?? ''}>
            <ChoiceBox label={t('selectAll')} />
          </Column>
        )}
        {columns.map(({ id, title, isNumber, isName, canSort, isExtra, isTitleHidden }) => (
          <Column
            key={id}
            id={id}
            isRowHeader={isName ?? false}
            allowsSorting={canSort ?? false}
            className={`${isNumber ? styles.number : ''} ${isExtra ? styles.extra : ''}`}
          >
            {({ allowsSorting, sortDirection }) => (
              <span className={isTitleHidden ? 'visually-hidden' : styles.title}>
                {title}
                {allowsSorting && sortDirection === 'ascending' && <ArrowUp size={14} aria-hidden />}
                {allowsSorting && sortDirection === 'descending' && <ArrowDown size={14} aria-hidden />}
              </span>
            )}
          </Column>
        ))}
      </TableHeader>
      <TableBody items={items} dependencies={[columns, selected, isNarrow]} renderEmptyState={() => empty}>
        {(item) => (
          <Row {...(hrefOf && { href: hrefOf(item) })} className={hrefOf || onOpen ? (styles.opens ?? '') : ''}>
            {onSelect && (
              <Cell className={styles.choice ?? ''}>
                <ChoiceBox />
              </Cell>
            )}
            {columns.map(({ id, cell, below, isName, isNumber, isExtra, isShort }) => (
              <Cell
                key={id}
                className={`${isNumber ? styles.number : ''} ${isExtra ? styles.extra : ''} ${isShort ? styles.short : ''}`}
              >
                {isName ? (
                  <div id={nameIdOf(tableId, item, id)} className={styles.rowName}>
                    {cell(item)}
                  </div>
                ) : (
                  <Subject value={naming.map((each) => nameIdOf(tableId, item, each.id)).join(' ')}>
                    {cell(item)}
                  </Subject>
                )}
                {below && isNarrow && <span className={styles.below}>{below(item)}</span>}
              </Cell>
            ))}
          </Row>
        )}
      </TableBody>
    </AriaTable>
  );
}

/** Ids that are named in attributes hold no spaces. */
const nameIdOf = (tableId: string, { id }: { id: string }, column: string): string =>
  `${tableId}${id}-${column}`.replaceAll(/\s+/g, '-');

const ChoiceBox = ({ label }: { label?: string }) => (
  <AriaCheckbox slot="selection" className={`checkbox ${styles.box}`} {...(label && { 'aria-label': label })}>
    {({ isSelected, isIndeterminate }) => (
      <span className="checkbox-box" aria-hidden>
        {isIndeterminate ? '–' : isSelected ? '✓' : ''}
      </span>
    )}
  </AriaCheckbox>
);

function openOf<Item extends { id: string }>(items: readonly Item[], key: Key, open: (item: Item) => void): void {
  const item = items.find(({ id }) => id === key);
  if (item) open(item);
}
