import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge } from '../ui/notice';
import { Card, EmptyState, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { useCategories } from './choices';
import { moneyWords } from './money-words';
import {
  type CategoryFactsFragment,
  type CategoryType,
  CreateCategoryOperation,
  DeleteCategoryOperation,
  UpdateCategoryOperation,
} from './operations.gen';
import styles from './categories-page.module.css';

export function CategoriesPage() {
  const t = useWords(moneyWords);
  const categories = useCategories();
  const [edited, setEdited] = useState<CategoryFactsFragment | 'new'>();
  const remove = useAction(DeleteCategoryOperation, { touches: ['banking', 'categories'], onError: complain });
  const table = (type: CategoryType) => (
    <Card isFlush title={t(type === 'EXPENSE' ? 'expenses' : 'income')}>
      <Table
        label={t(type === 'EXPENSE' ? 'expenses' : 'income')}
        items={categories.filter((category) => category.type === type)}
        empty={<EmptyState title={t('noCategories')} />}
        columns={[
          {
            id: 'name',
            title: t('name'),
            isName: true,
            cell: ({ name, color }) => (
              <span className="row">
                <span className={styles.dot} style={{ background: color }} aria-hidden />
                {name}
              </span>
            ),
          },
          {
            id: 'whose',
            title: t('whose'),
            cell: ({ isCustom }) => (isCustom ? <Badge tone="info">{t('own')}</Badge> : t('everybody')),
          },
          {
            id: 'actions',
            title: t('actions'),
            isTitleHidden: true,
            cell: (category) =>
              category.isCustom && (
                <span className="row">
                  <Button size="small" onPress={() => setEdited(category)}>
                    {t('edit')}
                  </Button>
                  <ConfirmButton
                    kind="quiet"
                    size="small"
                    title={t('deleteOf', { name: category.name })}
                    text={t('deleteCategoryText')}
                    action={t('delete')}
                    onConfirm={async () => {
                      if (await remove.run({ input: { id: category.id } })) tell(t('deleted', { name: category.name }));
                    }}
                  >
                    {t('delete')}
                  </ConfirmButton>
                </span>
              ),
          },
        ]}
      />
    </Card>
  );
  return (
    <Page
      title={t('categories')}
      lead={t('categoriesLead')}
      actions={
        <Button kind="primary" onPress={() => setEdited('new')}>
          <Plus size={18} aria-hidden />
          {t('addCategory')}
        </Button>
      }
    >
      {table('EXPENSE')}
      {table('INCOME')}
      {edited && (
        <CategoryDialog {...(edited !== 'new' && { category: edited })} onClose={() => setEdited(undefined)} />
      )}
    </Page>
  );
}

function CategoryDialog({ category, onClose }: { category?: CategoryFactsFragment; onClose: () => void }) {
  const t = useWords(moneyWords);
  const create = useAction(CreateCategoryOperation, { touches: ['banking', 'categories'] });
  const update = useAction(UpdateCategoryOperation, { touches: ['banking', 'categories'] });
  const action = category ? update : create;
  const save = async (values: FormData): Promise<void> => {
    const facts = {
      name: String(values.get('name')),
      type: String(values.get('type')) as CategoryType,
      color: String(values.get('color')),
    };
    const done = category
      ? await update.run({ input: { id: category.id, ...facts } })
      : await create.run({ input: facts });
    if (!done) return;
    tell(t('savedOf', { name: facts.name }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={category ? t('editCategory') : t('addCategory')} size="small">
      <Form onSubmit={save} error={action.error} names={['name', 'type', 'color']}>
        <TextField label={t('name')} name="name" isRequired maxLength={100} defaultValue={category?.name} autoFocus />
        <Select
          label={t('type')}
          name="type"
          defaultValue={category?.type ?? 'EXPENSE'}
          choices={[
            { id: 'EXPENSE', label: t('expenses') },
            { id: 'INCOME', label: t('income') },
          ]}
        />
        <label className={styles.color}>
          {t('color')}
          <input type="color" name="color" defaultValue={category?.color ?? '#0b6461'} />
        </label>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
