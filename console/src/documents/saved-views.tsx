import { Bookmark, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { DialogTrigger, Dialog as AriaDialog, Popover, Button as AriaButton } from 'react-aria-components';
import { useAction, useGraph } from '../graph/use-graph';
import { dayAfter, dayOf } from '../i18n/days';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { Button, IconButton } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { complain, tell } from '../ui/toast';
import { type DocumentOrder, filterOf, type ListSearch, orders } from './list-search';
import { CreateViewOperation, DeleteViewOperation, SavedViewsOperation, type SavedViewsQuery } from './operations.gen';
import { words } from './words';
import styles from './saved-views.module.css';

type View = NonNullable<SavedViewsQuery['savedViews']>['nodes'][number];

const dayBefore = (moment: string | null | undefined, days = 0): string | undefined =>
  moment ? dayAfter(dayOf(new Date(moment)), -days) : undefined;

/** A view as the address of the list says it. */
function searchOfView({ filter, orderBy }: View): ListSearch {
  const tags = [...(filter.tagIds ?? []), ...(filter.tagId ? [filter.tagId] : [])].map(Number);
  const after = dayBefore(filter.createdAfter);
  const before = dayBefore(filter.createdBefore, 1);
  const sort = orders.find((order): order is DocumentOrder => order === orderBy);
  return {
    ...(filter.search && { q: filter.search }),
    ...(filter.typeId && { type: Number(filter.typeId) }),
    ...(tags.length > 0 && { tags }),
    ...(filter.correspondentId && { from: Number(filter.correspondentId) }),
    ...(after && { after }),
    ...(before && { before }),
    ...(sort && { sort }),
  };
}

interface SavedViewsProps {
  search: ListSearch;
  onUse: (search: ListSearch) => void;
}

/** The lists that are kept under a name: use one, keep the present one, delete one. */
export function SavedViews({ search, onUse }: SavedViewsProps) {
  const t = useWords(words);
  const viewer = useViewer();
  const may = useMay();
  const [isSaving, setSaving] = useState(false);
  const { data } = useGraph(SavedViewsOperation, {}, { topics: ['filing'] });
  const remove = useAction(DeleteViewOperation, { touches: ['filing'], onError: complain });
  const views = data?.savedViews?.nodes ?? [];
  const removeView = async ({ id, name }: View) => {
    if (await remove.run({ input: { id } })) tell(t('viewDeleted', { name }));
  };
  return (
    <>
      <DialogTrigger>
        <Button>
          <Bookmark size={18} aria-hidden />
          {t('views')}
        </Button>
        <Popover className="popover" placement="bottom end">
          <AriaDialog className={styles.views ?? ''} aria-label={t('views')}>
            {({ close }) => (
              <>
                {views.length === 0 && <p className="quiet">{t('noViews')}</p>}
                <ul>
                  {views.map((view) => (
                    <li key={view.id}>
                      <AriaButton
                        className={styles.use ?? ''}
                        onPress={() => {
                          close();
                          onUse(searchOfView(view));
                        }}
                      >
                        {view.name}
                        {view.isShared && <span className="quiet"> · {t('ofEverybody')}</span>}
                      </AriaButton>
                      {(view.owner?.id === viewer.id || (view.isShared && may('documents:write'))) && (
                        <IconButton label={t('deleteView', { name: view.name })} onPress={() => void removeView(view)}>
                          <Trash2 size={16} aria-hidden />
                        </IconButton>
                      )}
                    </li>
                  ))}
                </ul>
                <Button
                  size="small"
                  onPress={() => {
                    close();
                    setSaving(true);
                  }}
                >
                  {t('saveView')}
                </Button>
              </>
            )}
          </AriaDialog>
        </Popover>
      </DialogTrigger>
      <Dialog isOpen={isSaving} onClose={() => setSaving(false)} title={t('saveView')} size="small">
        <SaveView search={search} mayShare={may('documents:write')} onEnd={() => setSaving(false)} />
      </Dialog>
    </>
  );
}

function SaveView({ search, mayShare, onEnd }: { search: ListSearch; mayShare: boolean; onEnd: () => void }) {
  const t = useWords(words);
  const create = useAction(CreateViewOperation, { touches: ['filing'] });
  const save = async (values: FormData) => {
    const name = String(values.get('name'));
    const filter = { ...filterOf(search), ...(search.q && { search: search.q }) };
    const isShared = values.has('isShared');
    const orderBy = search.sort ?? 'CREATED_AT_DESC';
    if (!(await create.run({ input: { name, filter, orderBy, isShared } }))) return;
    onEnd();
    tell(t('viewSaved', { name }));
  };
  return (
    <Form onSubmit={save} error={create.error} names={['name']}>
      <TextField name="name" label={t('viewName')} isRequired autoFocus maxLength={100} />
      {mayShare && (
        <Checkbox name="isShared" description={t('shareViewText')}>
          {t('shareView')}
        </Checkbox>
      )}
      <DialogActions>
        <Button onPress={onEnd}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={create.isRunning}>
          {t('save')}
        </Button>
      </DialogActions>
    </Form>
  );
}
