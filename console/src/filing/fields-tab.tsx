import { Plus } from 'lucide-react';
import { useState } from 'react';
import { TypeChoice } from '../documents/choices';
import { TypeChoicesOperation } from '../documents/operations.gen';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { StaleSave } from '../ui/stale-save';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  CreateFieldOperation,
  DeleteFieldOperation,
  type FiledFieldFragment,
  FiledFieldNowOperation,
  FiledFieldsOperation,
  UpdateFieldOperation,
} from './operations.gen';
import { RowActions } from './row-actions';
import { useTheirs } from './use-theirs';
import { words } from './words';

const touches = ['filing', 'documents'] as const;
const kinds = ['TEXT', 'INTEGER', 'DECIMAL', 'DATE', 'BOOLEAN', 'CHOICE', 'URL'] as const;
type Kind = FiledFieldFragment['kind'];

interface Filled {
  name: string;
  documentTypeId: string | null;
  isRequired: boolean;
  choices?: string[];
}

export function FieldsTab() {
  const t = useWords(words);
  const [edited, setEdited] = useState<FiledFieldFragment | 'new'>();
  const list = useGraphList(
    FiledFieldsOperation,
    {},
    { topics: ['filing'], connectionOf: ({ customFields }) => customFields! },
  );
  const remove = useAction(DeleteFieldOperation, { touches, onError: complain });
  const close = () => setEdited(undefined);
  return (
    <Card
      isFlush
      actions={
        <Button kind="primary" onPress={() => setEdited('new')}>
          <Plus size={18} aria-hidden />
          {t('addField')}
        </Button>
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('fields')}
              items={list.nodes}
              empty={<EmptyState title={t('noFields')} text={t('noFieldsText')} />}
              columns={[
                {
                  id: 'name',
                  title: t('name'),
                  isName: true,
                  cell: ({ name, isRequired }) => (
                    <span className="row">
                      {name}
                      {isRequired && <Badge tone="info">{t('required')}</Badge>}
                    </span>
                  ),
                },
                { id: 'kind', title: t('kind'), cell: ({ kind }) => t(kind) },
                {
                  id: 'type',
                  title: t('ofType'),
                  isExtra: true,
                  cell: ({ documentType }) => documentType?.label ?? t('allTypes'),
                },
                {
                  id: 'actions',
                  title: t('actions'),
                  isNumber: true,
                  cell: (field) => (
                    <RowActions
                      name={field.name}
                      text={t('removeFieldText')}
                      onEdit={() => setEdited(field)}
                      onRemove={async () => {
                        if (await remove.run({ input: { id: field.id } })) tell(t('removed', { name: field.name }));
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
      <Dialog isOpen={edited !== undefined} onClose={close} title={t(edited === 'new' ? 'addField' : 'editField')}>
        {edited !== undefined && <FieldForm {...(edited !== 'new' && { field: edited })} onEnd={close} />}
      </Dialog>
    </Card>
  );
}

function FieldForm({ field, onEnd }: { field?: FiledFieldFragment; onEnd: () => void }) {
  const t = useWords(words);
  const [kind, setKind] = useState<Kind>(field?.kind ?? 'TEXT');
  const [documentTypeId, setType] = useState<string | null>(field?.documentType?.id ?? null);
  const create = useAction(CreateFieldOperation, { touches });
  const update = useAction(UpdateFieldOperation, { touches });
  const [mine, setMine] = useState<Filled>();
  const theirs = useTheirs(FiledFieldNowOperation, field?.id, update.error)?.customField;
  const { data: types } = useGraph(TypeChoicesOperation, {}, { topics: ['filing'] });
  const typeOf = (id: string | null | undefined): string =>
    id == null ? t('allTypes') : (types?.documentTypes?.nodes.find((type) => type.id === id)?.label ?? id);
  const save = async (facts: Filled, version?: number) => {
    setMine(facts);
    const done = field
      ? await update.run({ input: { id: field.id, version, ...facts } })
      : await create.run({ input: { kind, ...facts } });
    if (!done) return;
    tell(t('saved', { name: facts.name }));
    onEnd();
  };
  const submit = (values: FormData) => {
    const choices = String(values.get('choices') ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    const facts = {
      name: String(values.get('name')),
      documentTypeId,
      isRequired: values.has('isRequired'),
      ...(kind === 'CHOICE' && { choices }),
    };
    return save(facts, field?.version);
  };
  return (
    <Form onSubmit={submit} error={create.error ?? update.error} names={['name', 'kind', 'choices', 'documentTypeId']}>
      <TextField name="name" label={t('name')} defaultValue={field?.name ?? ''} isRequired autoFocus />
      {!field && (
        <Select
          label={t('kind')}
          value={kind}
          choices={kinds.map((id) => ({ id, label: t(id) }))}
          onChange={(chosen) => setKind(chosen as Kind)}
        />
      )}
      {kind === 'CHOICE' && (
        <TextField
          name="choices"
          label={t('choices')}
          defaultValue={field?.choices.join('\n') ?? ''}
          isMultiline
          rows={5}
          isRequired
        />
      )}
      <TypeChoice label={t('ofType')} none={t('allTypes')} value={documentTypeId} onChange={setType} />
      <Checkbox name="isRequired" defaultSelected={field?.isRequired ?? false}>
        {t('isRequired')}
      </Checkbox>
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
            { name: t('name'), mine: mine.name, theirs: theirs.name },
            { name: t('choices'), mine: mine.choices?.join('\n') ?? '', theirs: theirs.choices.join('\n') },
            { name: t('ofType'), mine: typeOf(mine.documentTypeId), theirs: typeOf(theirs.documentType?.id) },
            {
              name: t('isRequired'),
              mine: mine.isRequired ? t('required') : '',
              theirs: theirs.isRequired ? t('required') : '',
            },
          ]}
          onKeepMine={() => save(mine, theirs.version)}
          onTakeTheirs={onEnd}
        />
      )}
    </Form>
  );
}
