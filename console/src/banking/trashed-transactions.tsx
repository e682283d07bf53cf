import { ArrowLeftRight, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import { TrashedTransactionsOperation } from './operations.gen';
import { useTransactionActions } from './transaction-actions';
import { useUndoImport } from './undo-import';
import { words } from './words';

/** What was deleted of an account in the last 30 days. */
export function TrashedTransactions({ accountId }: { accountId: string }) {
  const t = useWords(words);
  const format = useFormat();
  const { restore } = useTransactionActions();
  const { restore: restoreImport } = useUndoImport();
  const [restored, setRestored] = useState<string>();
  const trash = useGraph(TrashedTransactionsOperation, { accountId }, { topics: ['banking'] });
  const bringBack = async (row: { id: string; description: string; transferId?: string | null }): Promise<void> => {
    setRestored(row.id);
    await restore(row);
    setRestored(undefined);
  };
  return (
    <Card isFlush title={t('trash')}>
      <Answer of={trash}>
        {({ trashedTransactions }) => (
          <Table
            label={t('trash')}
            items={(trashedTransactions ?? []).map((row) => ({ ...row, id: row.transactionId }))}
            columns={[
              {
                id: 'description',
                title: t('description'),
                isName: true,
                cell: ({ description, transferId, undoneImportName }) => (
                  <span className="row">
                    {transferId != null && <ArrowLeftRight size={16} aria-label={t('transfer')} />}
                    {description}
                    {undoneImportName != null && <Badge>{undoneImportName}</Badge>}
                  </span>
                ),
              },
              {
                id: 'date',
                title: t('date'),
                isShort: true,
                cell: ({ transactionDate }) => format.date(transactionDate),
              },
              {
                id: 'amount',
                title: t('amount'),
                isNumber: true,
                cell: ({ amount, currency }) => format.money(amount, currency),
              },
              {
                id: 'deletedAt',
                title: t('deletedAt'),
                isExtra: true,
                cell: ({ deletedAt }) => format.relative(deletedAt),
              },
              {
                id: 'purged',
                title: t('goneAfter'),
                isExtra: true,
                cell: ({ purgedAfter }) => format.date(purgedAfter),
              },
              {
                id: 'restore',
                title: t('restore'),
                isTitleHidden: true,
                cell: (row) => (
                  <span className="row">
                    <Button size="small" isPending={restored === row.id} onPress={() => bringBack(row)}>
                      {t('restore')}
                    </Button>
                    {row.undoneImportId != null && (
                      <Button kind="quiet" size="small" onPress={() => restoreImport(row.undoneImportId ?? '')}>
                        {t('restoreWholeImport')}
                      </Button>
                    )}
                  </span>
                ),
              },
            ]}
            empty={
              <EmptyState icon={<Trash2 size={32} aria-hidden />} title={t('trashEmpty')} text={t('trashEmptyText')} />
            }
          />
        )}
      </Answer>
    </Card>
  );
}
