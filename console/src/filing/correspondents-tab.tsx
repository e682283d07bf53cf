import { Plus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { StaleSave } from '../ui/stale-save';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  CreateCorrespondentOperation,
  DeleteCorrespondentOperation,
  type FiledCorrespondentFragment,
  FiledCorrespondentNowOperation,
  FiledCorrespondentsOperation,
  UpdateCorrespondentOperation,
} from './operations.gen';
import { RowActions } from './row-actions';
import { type Rule, RuleFields, RuleText, useStaleRule } from './rule-fields';
import { useTheirs } from './use-theirs';
import { words } from './words';

const touches = ['filing', 'documents'] as const;

export function CorrespondentsTab() {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const [edited, setEdited] = useState<FiledCorrespondentFragment | 'new'>();
  const list = useGraphList(
    FiledCorrespondentsOperation,
    { search: search || null },
    { topics: ['filing'], connectionOf: ({ correspondents }) => correspondents! },
  );
  const remove = useAction(DeleteCorrespondentOperation, { touches, onError: complain });
  const close = () => setEdited(undefined);
  return (
    <Card
      isFlush
      actions={
        <>
          <SearchField label={t('findCorrespondent')} value={typed} onChange={setTyped} />
          <Button kind="primary" onPress={() => setEdited('new')}>
            <Plus size={18} aria-hidden />
            {t('addCorrespondent')}
          </Button>
        </>
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('correspondents')}
              items={list.nodes}
              empty={<EmptyState title={t('noCorrespondents')} text={t('noCorrespondentsText')} />}
              columns={[
                { id: 'name', title: t('name'), isName: true, cell: ({ name }) => name },
                { id: 'rule', title: t('rule'), isExtra: true, cell: (one) => <RuleText {...one} /> },
                {
                  id: 'actions',
                  title: t('actions'),
                  isNumber: true,
                  cell: (one) => (
                    <RowActions
                      name={one.name}
                      text={t('removeCorrespondentText')}
                      onEdit={() => setEdited(one)}
                      onRemove={async () => {
                        if (await remove.run({ input: { id: one.id } })) tell(t('removed', { name: one.name }));
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
      <Dialog
        isOpen={edited !== undefined}
        onClose={close}
        title={t(edited === 'new' ? 'addCorrespondent' : 'editCorrespondent')}
      >
        {edited !== undefined && (
          <CorrespondentForm {...(edited !== 'new' && { correspondent: edited })} onEnd={close} />
        )}
      </Dialog>
    </Card>
  );
}

interface CorrespondentFormProps {
  correspondent?: FiledCorrespondentFragment;
  onEnd: () => void;
}

function CorrespondentForm({ correspondent, onEnd }: CorrespondentFormProps) {
  const t = useWords(words);
  const [rule, setRule] = useState<Rule>({
    match: correspondent?.match ?? '',
    matchingAlgorithm: correspondent?.matchingAlgorithm ?? 'NONE',
  });
  const create = useAction(CreateCorrespondentOperation, { touches });
  const update = useAction(UpdateCorrespondentOperation, { touches });
  const [mine, setMine] = useState<Rule & { name: string }>();
  const theirs = useTheirs(FiledCorrespondentNowOperation, correspondent?.id, update.error)?.correspondent;
  const staleRule = useStaleRule();
  const save = async (facts: Rule & { name: string }, version?: number) => {
    setMine(facts);
    const done = correspondent
      ? await update.run({ input: { id: correspondent.id, version, ...facts } })
      : await create.run({ input: facts });
    if (!done) return;
    tell(t('saved', { name: facts.name }));
    onEnd();
  };
  const submit = (values: FormData) => save({ name: String(values.get('name')), ...rule }, correspondent?.version);
  return (
    <Form onSubmit={submit} error={create.error ?? update.error} names={['name', 'match']}>
      <TextField name="name" label={t('name')} defaultValue={correspondent?.name ?? ''} isRequired autoFocus />
      <RuleFields rule={rule} onChange={setRule} />
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
          fields={[{ name: t('name'), mine: mine.name, theirs: theirs.name }, ...staleRule(mine, theirs)]}
          onKeepMine={() => save(mine, theirs.version)}
          onTakeTheirs={onEnd}
        />
      )}
    </Form>
  );
}
