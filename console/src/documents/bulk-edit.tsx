import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { mention, tell } from '../ui/toast';
import { type ChosenTag, CorrespondentChoice, TagPicker, TypeChoice } from './choices';
import { BulkEditOperation } from './operations.gen';
import { words } from './words';

const asItIs = 'as-it-is';
const idsOf = (tags: readonly ChosenTag[]): string[] => tags.map(({ id }) => id);

/** One change to all that are selected. */
export function BulkEdit({ ids, onEnd }: { ids: readonly string[]; onEnd: (isDone: boolean) => void }) {
  const t = useWords(words);
  const [typeId, setType] = useState<string | null>(asItIs);
  const [correspondentId, setCorrespondent] = useState<string | null>(asItIs);
  const [added, setAdded] = useState<ChosenTag[]>([]);
  const [removed, setRemoved] = useState<ChosenTag[]>([]);
  const edit = useAction(BulkEditOperation, { touches: ['documents', 'approvals'] });
  const unchanged = [{ id: asItIs, label: t('unchanged') }];
  const isEmpty = typeId === asItIs && correspondentId === asItIs && added.length + removed.length === 0;
  const apply = async () => {
    const done = await edit.run({
      input: {
        ids: [...ids],
        ...(typeId !== asItIs && { typeId }),
        ...(correspondentId !== asItIs && { correspondentId }),
        ...(added.length > 0 && { addTagIds: idsOf(added) }),
        ...(removed.length > 0 && { removeTagIds: idsOf(removed) }),
      },
    });
    if (!done?.bulkEditDocuments) return;
    const { changedCount, refused } = done.bulkEditDocuments;
    tell(t('changed', { count: changedCount }));
    if (refused.length > 0) mention(t('refused', { count: refused.length }));
    onEnd(true);
  };
  return (
    <Form onSubmit={apply} error={edit.error}>
      <TypeChoice label={t('type')} value={typeId} onChange={setType} none={t('noType')} before={unchanged} />
      <CorrespondentChoice
        label={t('correspondent')}
        value={correspondentId}
        onChange={setCorrespondent}
        none={t('noCorrespondent')}
        before={unchanged}
      />
      <TagPicker label={t('addTags')} value={added} onChange={setAdded} />
      <TagPicker label={t('removeTags')} value={removed} onChange={setRemoved} />
      <DialogActions>
        <Button onPress={() => onEnd(false)}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={edit.isRunning} isDisabled={isEmpty}>
          {t('apply')}
        </Button>
      </DialogActions>
    </Form>
  );
}
