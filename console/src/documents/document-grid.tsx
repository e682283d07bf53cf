import { GridList, GridListItem, type Selection } from 'react-aria-components';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Checkbox } from '../ui/checks';
import { ApprovalBadge } from './approval-badge';
import type { DocumentRowFragment } from './operations.gen';
import { PreviewPicture } from './preview-picture';
import { TagChip } from './tag-chip';
import { words } from './words';
import styles from './document-grid.module.css';

interface DocumentGridProps {
  documents: readonly DocumentRowFragment[];
  selected: ReadonlySet<string>;
  onSelect: (ids: Set<string>) => void;
}

/** Documents as the pictures of their first pages. */
export function DocumentGrid({ documents, selected, onSelect }: DocumentGridProps) {
  const t = useWords(words);
  const format = useFormat();
  const choose = (selection: Selection) =>
    onSelect(new Set(selection === 'all' ? documents.map(({ id }) => id) : [...selection].map(String)));
  return (
    <GridList
      aria-label={t('title')}
      layout="grid"
      className={styles.grid ?? ''}
      selectionMode="multiple"
      selectedKeys={selected as Set<string>}
      onSelectionChange={choose}
      items={documents}
    >
      {(document) => (
        <GridListItem
          id={document.id}
          textValue={document.title}
          href={`/documents/${document.id}`}
          className={styles.item ?? ''}
        >
          <span className={styles.paper}>
            <PreviewPicture src={`${document.previewUrl}?v=${document.version}`} alt="" />
            <span className={styles.check}>
              <Checkbox slot="selection" />
            </span>
          </span>
          <strong className={styles.title}>{document.title}</strong>
          <span className="quiet">
            {[
              document.correspondent?.name,
              format.date(document.documentDate ?? document.createdAt),
              format.money(document.amount, document.currency),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          <span className="row">
            <ApprovalBadge approval={document.approval} />
            {document.tags.map((tag) => (
              <TagChip key={tag.id} {...tag} />
            ))}
          </span>
        </GridListItem>
      )}
    </GridList>
  );
}
