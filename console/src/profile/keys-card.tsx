import { KeySquare } from 'lucide-react';
import { useState } from 'react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { SecretDialog } from '../ui/secret';
import { Table, type TableColumn } from '../ui/table';
import { KeyDialog } from './key-dialog';
import { KeyForm } from './key-form';
import { KeyState } from './key-state';
import { type KeyFactsFragment, KeyListOperation, type KeyListQueryVariables } from './operations.gen';
import { words } from './words';

/** API keys: of one person, or with `ownerId` absent of everybody whose keys the viewer may see. */
export function KeysCard({ ownerId, filter = {} }: { ownerId?: string; filter?: KeyListQueryVariables['filter'] }) {
  const t = useWords(words);
  const may = useMay();
  const format = useFormat();
  const [isMaking, setMaking] = useState(false);
  const [openId, setOpenId] = useState<string>();
  const [secret, setSecret] = useState<string | null>(null);
  const list = useGraphList(
    KeyListOperation,
    { filter: { ...filter, ...(ownerId !== undefined && { userId: ownerId }) }, orderBy: 'CREATED_AT_DESC' },
    // What came with keys is counted every few seconds, and no event tells of it.
    { topics: ['self'], everyMs: 15_000, connectionOf: ({ apiKeys }) => apiKeys! },
  );
  const columns: TableColumn<KeyFactsFragment>[] = [
    { id: 'name', title: t('name'), isName: true, cell: ({ name }) => name },
    ...(ownerId === undefined
      ? [{ id: 'owner', title: t('owner'), cell: ({ user }: KeyFactsFragment) => user.fullName }]
      : []),
    { id: 'prefix', title: t('prefix'), isExtra: true, cell: ({ prefix }) => <code>{prefix}…</code> },
    { id: 'state', title: t('state'), cell: ({ status }) => <KeyState status={status} /> },
    { id: 'requests', title: t('requests'), isNumber: true, cell: (key) => format.number(key.requestsTotal) },
    {
      id: 'refused',
      title: t('refused'),
      isNumber: true,
      isExtra: true,
      cell: (key) => format.number(key.refusedTotal),
    },
    {
      id: 'used',
      title: t('lastUsed'),
      isExtra: true,
      cell: ({ lastUsedAt }) => (lastUsedAt ? format.relative(lastUsedAt) : t('neverUsed')),
    },
  ];
  const opened = list.nodes.find(({ id }) => id === openId);
  return (
    <Card
      title={ownerId === undefined ? t('allKeys') : t('keys')}
      isFlush
      actions={
        ownerId !== undefined &&
        may('api_keys:write') && (
          <Button size="small" onPress={() => setMaking(true)}>
            {t('makeKey')}
          </Button>
        )
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('keys')}
              columns={columns}
              items={list.nodes}
              onOpen={({ id }) => setOpenId(id)}
              empty={<EmptyState icon={<KeySquare size={32} aria-hidden />} title={t('noKeys')} text={t('keysText')} />}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      {isMaking && (
        <KeyForm
          onClose={() => setMaking(false)}
          onDone={(made) => {
            setMaking(false);
            setSecret(made ?? null);
          }}
        />
      )}
      {opened && <KeyDialog apiKey={opened} onClose={() => setOpenId(undefined)} onSecret={setSecret} />}
      <SecretDialog title={t('newSecret')} secret={secret} onClose={() => setSecret(null)}>
        <p>{t('newSecretText')}</p>
      </SecretDialog>
    </Card>
  );
}
