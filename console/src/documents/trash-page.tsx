import { RotateCcw } from 'lucide-react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  DocumentListOperation,
  type DocumentRowFragment,
  PurgeDocumentOperation,
  RestoreDocumentOperation,
  TrashDocumentOperation,
} from './operations.gen';
import { words } from './words';

export function TrashPage() {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const list = useGraphList(
    DocumentListOperation,
    { filter: { trashed: true }, orderBy: 'UPDATED_AT_DESC' },
    { topics: ['documents'], connectionOf: ({ documents }) => documents! },
  );
  const mayChange = may('documents:write') || may('documents:own');
  return (
    <Page title={t('trashTitle')} lead={t('trashLead')}>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('trashTitle')}
                items={list.nodes}
                empty={<EmptyState title={t('trashEmpty')} text={t('trashEmptyText')} />}
                columns={[
                  { id: 'title', title: t('name'), isName: true, cell: ({ title }) => title },
                  {
                    id: 'since',
                    title: t('trashedAt'),
                    isExtra: true,
                    cell: ({ deletedAt }) => format.relative(deletedAt),
                  },
                  {
                    id: 'actions',
                    title: t('actions'),
                    isTitleHidden: true,
                    isNumber: true,
                    cell: (document) => mayChange && <TrashActions document={document} />,
                  },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
    </Page>
  );
}

function TrashActions({ document: { id, title } }: { document: DocumentRowFragment }) {
  const t = useWords(words);
  const restore = useAction(RestoreDocumentOperation, { touches: ['documents'], onError: complain });
  const trash = useAction(TrashDocumentOperation, { touches: ['documents'], onError: complain });
  const purge = useAction(PurgeDocumentOperation, { touches: ['documents'], onError: complain });
  const bringBack = async () => {
    if (await restore.run({ input: { id } })) tell(t('restored', { name: title }), () => trash.run({ input: { id } }));
  };
  const remove = async () => {
    if (await purge.run({ input: { id } })) tell(t('purged', { name: title }));
  };
  return (
    <span className="row" style={{ justifyContent: 'end' }}>
      <Button size="small" isPending={restore.isRunning} onPress={() => void bringBack()}>
        <RotateCcw size={16} aria-hidden />
        {t('restore')}
      </Button>
      <ConfirmButton
        size="small"
        title={t('purgeTitle')}
        text={t('purgeText', { name: title })}
        action={t('purge')}
        onConfirm={remove}
      >
        {t('purge')}
      </ConfirmButton>
    </span>
  );
}
