import { useState } from 'react';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { Badge, Notice } from '../ui/notice';
import { Figure } from '../ui/page';
import { Table } from '../ui/table';
import { Amount } from './amount';
import { importWords } from './import-words';
import type { BankImportRowStatus, PreviewImportMutation } from './operations.gen';
import styles from './import-preview.module.css';

type Preview = NonNullable<PreviewImportMutation['previewImport']>;

interface ImportPreviewProps {
  preview: Preview;
  currency: string;
  fileName: string;
  createFlagged: boolean;
  onCreateFlagged: (createFlagged: boolean) => void;
  /** Lines of deleted bookings that are made anew. */
  recreated: ReadonlySet<number>;
  onRecreate: (lines: ReadonlySet<number>) => void;
}

const tones = {
  NEW: 'good',
  DUPLICATE: 'plain',
  DUPLICATE_OF_DELETED: 'info',
  FLAGGED: 'warn',
  ERROR: 'bad',
} as const satisfies Record<BankImportRowStatus, string>;
const statuses = Object.keys(tones) as BankImportRowStatus[];
/** Rows that are drawn at once: a file may have ten thousand. */
const step = 100;

/** What each booking of a file would become, to be read before anything is written. */
export function ImportPreview({
  preview,
  currency,
  fileName,
  createFlagged,
  onCreateFlagged,
  recreated,
  onRecreate,
}: ImportPreviewProps) {
  const t = useWords(importWords);
  const format = useFormat();
  const [status, setStatus] = useState<BankImportRowStatus | 'all'>('all');
  const [limit, setLimit] = useState(step);
  const counts = Object.groupBy(preview.rows, (row) => row.status);
  const countOf = (of: BankImportRowStatus): number => counts[of]?.length ?? 0;
  const rows = status === 'all' ? preview.rows : (counts[status] ?? []);
  return (
    <section className="stack" aria-label={t('dryRun')}>
      <p role="status">
        {t('dryRunOf', { file: fileName, format: preview.format, count: preview.rowCount })} {t('nothingWritten')}
      </p>
      <div className={styles.figures}>
        <Figure name={t('wouldMake')} value={format.number(preview.createdCount)} />
        <Figure name={t('knownAlready')} value={format.number(preview.duplicateCount)} />
        {countOf('FLAGGED') > 0 && <Figure name={t('status_FLAGGED')} value={format.number(countOf('FLAGGED'))} />}
        {countOf('ERROR') > 0 && <Figure name={t('status_ERROR')} value={format.number(countOf('ERROR'))} />}
      </div>
      {countOf('ERROR') > 0 && <Notice tone="warn">{t('errorsStop')}</Notice>}
      {countOf('FLAGGED') > 0 && (
        <Checkbox isSelected={createFlagged} onChange={onCreateFlagged} description={t('createFlaggedHint')}>
          {t('createFlagged')}
        </Checkbox>
      )}
      <div className="row">
        <Select
          label={t('show')}
          value={status}
          onChange={(value) => {
            setStatus((value ?? 'all') as BankImportRowStatus | 'all');
            setLimit(step);
          }}
          choices={[
            { id: 'all', label: `${t('all')} (${preview.rows.length})` },
            ...statuses
              .filter((each) => countOf(each) > 0)
              .map((each) => ({ id: each, label: `${t(`status_${each}`)} (${countOf(each)})` })),
          ]}
        />
      </div>
      <div className={styles.rows}>
        <Table
          label={t('dryRun')}
          items={rows.slice(0, limit).map((row) => ({ ...row, id: String(row.line) }))}
          columns={[
            { id: 'line', title: t('line'), isNumber: true, isExtra: true, cell: ({ line }) => line },
            {
              id: 'date',
              title: t('date'),
              isShort: true,
              isExtra: true,
              cell: ({ transactionDate }) => format.date(transactionDate) || '–',
            },
            {
              id: 'description',
              title: t('description'),
              isName: true,
              below: ({ transactionDate }) => format.date(transactionDate) || '–',
              cell: ({ description, problems }) => (
                <>
                  {description || '–'}
                  {problems.map(({ field, message }) => (
                    <span key={field + message} className={styles.problem}>
                      {t('problemOf', { field, message })}
                    </span>
                  ))}
                </>
              ),
            },
            {
              id: 'amount',
              title: t('amount'),
              isNumber: true,
              cell: ({ amount }) => (amount == null ? '–' : <Amount value={amount} currency={currency} />),
            },
            {
              id: 'status',
              title: t('becomes'),
              cell: (row) => (
                <span className="row">
                  <Badge tone={tones[row.status]}>{t(`status_${row.status}`)}</Badge>
                  {(row.status === 'DUPLICATE_OF_DELETED' || recreated.has(row.line)) && (
                    <Checkbox
                      isSelected={recreated.has(row.line)}
                      onChange={(isChosen) => {
                        const lines = new Set(recreated);
                        if (isChosen) lines.add(row.line);
                        else lines.delete(row.line);
                        onRecreate(lines);
                      }}
                    >
                      {t('makeAnew')}
                    </Checkbox>
                  )}
                </span>
              ),
            },
          ]}
        />
        {rows.length > limit && (
          <Button size="small" onPress={() => setLimit(limit + 5 * step)}>
            {t('moreRows', { count: rows.length - limit })}
          </Button>
        )}
      </div>
    </section>
  );
}
