import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { StaleSave } from '../ui/stale-save';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  CreateTypeOperation,
  DeleteTypeOperation,
  type FiledTypeFragment,
  FiledTypeNowOperation,
  FiledTypesOperation,
  UpdateTypeOperation,
} from './operations.gen';
import { RowActions } from './row-actions';
import { useTheirs } from './use-theirs';
import { words } from './words';

const touches = ['filing', 'documents'] as const;

export function TypesTab() {
  const t = useWords(words);
  const [edited, setEdited] = useState<FiledTypeFragment | 'new'>();
  const list = useGraphList(
    FiledTypesOperation,
    {},
    { topics: ['filing'], connectionOf: ({ documentTypes }) => documentTypes! },
  );
  const remove = useAction(DeleteTypeOperation, { touches, onError: complain });
  const close = () => setEdited(undefined);
  return (
    <Card
      isFlush
      actions={
        <Button kind="primary" onPress={() => setEdited('new')}>
          <Plus size={18} aria-hidden />
          {t('addType')}
        </Button>
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('types')}
              items={list.nodes}
              empty={<EmptyState title={t('noTypes')} text={t('noTypesText')} />}
              columns={[
                { id: 'label', title: t('label'), isName: true, cell: ({ label }) => label },
                { id: 'code', title: t('code'), isExtra: true, cell: ({ code }) => <code>{code}</code> },
                {
                  id: 'actions',
                  title: t('actions'),
                  isNumber: true,
                  cell: (type) => (
                    <RowActions
                      name={type.label}
                      text={t('removeTypeText')}
                      onEdit={() => setEdited(type)}
                      onRemove={async () => {
                        if (await remove.run({ input: { id: type.id } })) tell(t('removed', { name: type.label }));
                      }}
                    />
                  ),
                },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      <Dialog isOpen={edited !== undefined} onClose={close} title={t(edited === 'new' ? 'addType' : 'editType')}>
        {edited !== undefined && <TypeForm {...(edited !== 'new' && { type: edited })} onEnd={close} />}
      </Dialog>
    </Card>
  );
}

function TypeForm({ type, onEnd }: { type?: FiledTypeFragment; onEnd: () => void }) {
  const t = useWords(words);
  const create = useAction(CreateTypeOperation, { touches });
  const update = useAction(UpdateTypeOperation, { touches });
  const [mine, setMine] = useState<{ label: string; code: string }>();
  const theirs = useTheirs(FiledTypeNowOperation, type?.id, update.error)?.documentType;
  const save = async (facts: { label: string; code: string }, version?: number) => {
    setMine(facts);
    const done = type
      ? await update.run({ input: { id: type.id, version, ...facts } })
      : await create.run({ input: facts });
    if (!done) return;
    tell(t('saved', { name: facts.label }));
    onEnd();
  };
  const submit = (values: FormData) =>
    save({ label: String(values.get('label')), code: String(values.get('code')).toUpperCase() }, type?.version);
  return (
    <Form onSubmit={submit} error={create.error ?? update.error} names={['label', 'code']}>
      <TextField name="label" label={t('label')} defaultValue={type?.label ?? ''} isRequired autoFocus />
      <TextField
        name="code"
        label={t('code')}
        description={t('codeHint')}
        defaultValue={type?.code ?? ''}
        maxLength={30}
        isRequired
      />
      <DialogActions>
        <Button onPress={onEnd}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={create.isRunning || update.isRunning}>
          {t('save')}
        </Button>
      </DialogActions>
      {mine && theirs && (
        <StaleSave
          error={update.error}
          topics={['filing']}
          fields={[
            { name: t('label'), mine: mine.label, theirs: theirs.label },
            { name: t('code'), mine: mine.code, theirs: theirs.code },
          ]}
          onKeepMine={() => save(mine, theirs.version)}
          onTakeTheirs={onEnd}
        />
      )}
    </Form>
  );
}
