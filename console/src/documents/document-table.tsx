import { Fragment } from 'react';
import type { SortDescriptor } from 'react-aria-components';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Table, type TableColumn } from '../ui/table';
import { ApprovalBadge } from './approval-badge';
import type { DocumentOrder } from './list-search';
import type { DocumentRowFragment } from './operations.gen';
import { PreviewPicture } from './preview-picture';
import { TagChip } from './tag-chip';
import { words } from './words';
import styles from './document-table.module.css';

export type FoundDocument = DocumentRowFragment & {
  /** Passages of the text, with what was searched for between U+E000 and U+E001. */
  snippet: string | null;
};

interface DocumentTableProps {
  documents: readonly FoundDocument[];
  selected: ReadonlySet<string>;
  onSelect: (ids: Set<string>) => void;
  sort: DocumentOrder | undefined;
  onSort: (sort: DocumentOrder) => void;
}

const columnOrders: Readonly<Record<string, string>> = { title: 'TITLE', date: 'DOCUMENT_DATE', amount: 'AMOUNT' };

const descriptorOf = (sort: DocumentOrder | undefined): SortDescriptor | undefined => {
  const column = Object.keys(columnOrders).find((id) => sort?.startsWith(`${columnOrders[id]}_`));
  return column === undefined ? undefined : { column, direction: sort?.endsWith('_DESC') ? 'descending' : 'ascending' };
};

export function DocumentTable({ documents, selected, onSelect, sort, onSort }: DocumentTableProps) {
  const t = useWords(words);
  const format = useFormat();
  const columns: TableColumn<FoundDocument>[] = [
    {
      id: 'title',
      title: t('name'),
      isName: true,
      canSort: true,
      cell: (document) => <NameCell document={document} />,
    },
    {
      id: 'correspondent',
      title: t('correspondent'),
      isExtra: true,
      cell: ({ correspondent, type }) => (
        <>
          <div>{correspondent?.name}</div>
          <div className="quiet">{type?.label}</div>
        </>
      ),
    },
    {
      id: 'date',
      title: t('date'),
      canSort: true,
      isExtra: true,
      cell: ({ documentDate }) => <span className={styles.date}>{format.date(documentDate)}</span>,
    },
    {
      id: 'amount',
      title: t('amount'),
      isNumber: true,
      canSort: true,
      isExtra: true,
      cell: ({ amount, currency }) => format.money(amount, currency),
    },
  ];
  const descriptor = descriptorOf(sort);
  return (
    <Table
      label={t('title')}
      columns={columns}
      items={documents}
      hrefOf={({ id }) => `/documents/${id}`}
      selected={selected}
      onSelect={onSelect}
      {...(descriptor && { sort: descriptor })}
      onSort={({ column, direction }) =>
        onSort(`${columnOrders[String(column)]}_${direction === 'descending' ? 'DESC' : 'ASC'}` as DocumentOrder)
      }
    />
  );
}

function NameCell({ document }: { document: FoundDocument }) {
  const format = useFormat();
  const { title, previewUrl, version, tags, approval, snippet, amount, currency, documentDate, createdAt } = document;
  return (
    <div className={styles.name}>
      <span className={styles.thumbnail}>
        <PreviewPicture src={`${previewUrl}?v=${version}`} alt="" />
      </span>
      <div className={styles.words}>
        <strong>{title}</strong>
        {snippet && (
          <p className={styles.snippet}>
            <Passages text={snippet} />
          </p>
        )}
        <span className={styles.below}>
          <ApprovalBadge approval={approval} />
          {tags.map((tag) => (
            <TagChip key={tag.id} {...tag} />
          ))}
        </span>
        <span className={styles.onPhone}>
          {[document.correspondent?.name, format.date(documentDate ?? createdAt), format.money(amount, currency)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
    </div>
  );
}

/** What was found, marked. */
const Passages = ({ text }: { text: string }) =>
  text.split('\uE000').map((part, index) => {
    if (index === 0) return <Fragment key={index}>{part}</Fragment>;
    const [found, rest = ''] = part.split('\uE001');
    return (
      <Fragment key={index}>
        <mark>{found}</mark>
        {rest}
      </Fragment>
    );
  });
