import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { importWords } from './import-words';
import { type AccountFactsFragment, ImportsOperation } from './operations.gen';
import { useUndoImport } from './undo-import';

/** The files that were taken into an account. */
export function Imports({ account }: { account: AccountFactsFragment }) {
  const t = useWords(importWords);
  const format = useFormat();
  const { undo, restore } = useUndoImport();
  const list = useGraphList(
    ImportsOperation,
    { filter: { accountId: account.id } },
    { topics: ['banking'], connectionOf: ({ bankImports }) => bankImports ?? none },
  );
  return (
    <Card isFlush title={t('imports')}>
      <Answer of={{ ...list, data: list.first }}>
        {() =>
          list.nodes.length === 0 ? (
            <EmptyState title={t('noImports')} text={t('noImportsText')} />
          ) : (
            <>
              <Table
                label={t('imports')}
                items={list.nodes}
                columns={[
                  {
                    id: 'file',
                    title: t('file'),
                    isName: true,
                    cell: ({ fileName, undoneAt }) => (
                      <span className="row">
                        {fileName}
                        {undoneAt && <Badge tone="warn">{t('undone')}</Badge>}
                      </span>
                    ),
                  },
                  { id: 'when', title: t('date'), isShort: true, cell: ({ createdAt }) => format.dateTime(createdAt) },
                  { id: 'by', title: t('by'), isExtra: true, cell: ({ createdBy }) => createdBy?.fullName },
                  {
                    id: 'made',
                    title: t('made'),
                    isNumber: true,
                    cell: ({ createdCount, rowCount }) =>
                      t('ofCount', { made: format.number(createdCount), all: format.number(rowCount) }),
                  },
                  {
                    id: 'undo',
                    title: t('actions'),
                    isTitleHidden: true,
                    cell: ({ id, undoneAt, createdCount }) =>
                      account.access !== 'READ' &&
                      (undoneAt ? (
                        <Button kind="quiet" size="small" onPress={() => restore(id)}>
                          {t('bringBack')}
                        </Button>
                      ) : (
                        <ConfirmButton
                          kind="quiet"
                          size="small"
                          title={t('undoImport')}
                          text={t('undoImportText', { count: createdCount })}
                          action={t('takeOut')}
                          onConfirm={() => undo(id)}
                        >
                          {t('undo')}
                        </ConfirmButton>
                      )),
                  },
                ]}
              />
              <More list={list} />
            </>
          )
        }
      </Answer>
    </Card>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
