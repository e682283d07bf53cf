import { PiggyBank, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { ComboBox } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { MoneyField } from '../ui/number-field';
import { Answer, Card, EmptyState, Facts, More, Page } from '../ui/page';
import { Progress } from '../ui/progress';
import { complain, tell } from '../ui/toast';
import { useCategoryChoices } from './choices';
import { moneyWords } from './money-words';
import {
  type BudgetFactsFragment,
  BudgetsOperation,
  CreateBudgetOperation,
  DeleteBudgetOperation,
  UpdateBudgetOperation,
} from './operations.gen';

export function BudgetsPage() {
  const t = useWords(moneyWords);
  const firmCurrency = useFirmCurrency();
  const format = useFormat();
  const [edited, setEdited] = useState<BudgetFactsFragment | 'new'>();
  const list = useGraphList(
    BudgetsOperation,
    {},
    { topics: ['banking'], connectionOf: ({ budgets }) => budgets ?? none },
  );
  const create = useAction(CreateBudgetOperation, { touches: ['banking'], onError: complain });
  const remove = useAction(DeleteBudgetOperation, { touches: ['banking'], onError: complain });
  const discard = async ({ id, name, category, ...of }: BudgetFactsFragment): Promise<void> => {
    if (!(await remove.run({ input: { id } }))) return;
    const { targetAmount, currentAmount, targetDate } = of;
    const input = { name, targetAmount, currentAmount, targetDate, ...(category && { categoryId: category.id }) };
    tell(t('deleted', { name }), () => create.run({ input }));
  };
  // Budgets have no currency of their own: they are in the firm's.
  const money = (amount: number): string => format.money(amount, firmCurrency);
  const add = (
    <Button kind="primary" onPress={() => setEdited('new')}>
      <Plus size={18} aria-hidden />
      {t('addBudget')}
    </Button>
  );
  return (
    <Page title={t('budgets')} lead={t('budgetsLead')} actions={add}>
      <Answer of={{ ...list, data: list.first }}>
        {() =>
          list.nodes.length === 0 ? (
            <Card>
              <EmptyState
                icon={<PiggyBank size={32} aria-hidden />}
                title={t('noBudgets')}
                text={t('noBudgetsText')}
                action={add}
              />
            </Card>
          ) : (
            <>
              <div className="columns">
                {list.nodes.map((budget) => (
                  <Card
                    key={budget.id}
                    title={budget.name}
                    actions={
                      <>
                        <Button
                          size="small"
                          aria-label={t('editOf', { name: budget.name })}
                          onPress={() => setEdited(budget)}
                        >
                          {t('edit')}
                        </Button>
                        <ConfirmButton
                          kind="quiet"
                          size="small"
                          title={t('deleteOf', { name: budget.name })}
                          text={t('deleteBudgetText')}
                          action={t('delete')}
                          onConfirm={() => discard(budget)}
                        >
                          {t('delete')}
                        </ConfirmButton>
                      </>
                    }
                  >
                    <Progress
                      label={t('savedOfTarget', {
                        saved: money(budget.currentAmount),
                        target: money(budget.targetAmount),
                      })}
                      value={Math.min(budget.progressPercentage, 100)}
                    />
                    <Facts
                      facts={[
                        [t('until'), format.date(budget.targetDate)],
                        [t('daysLeft'), format.number(budget.daysRemaining)],
                        [t('eachMonth'), budget.monthlyTarget > 0 && money(budget.monthlyTarget)],
                        [t('category'), budget.category?.name],
                      ].filter((fact): fact is [string, string] => Boolean(fact[1]))}
                    />
                  </Card>
                ))}
              </div>
              <More list={list} />
            </>
          )
        }
      </Answer>
      {edited && <BudgetDialog {...(edited !== 'new' && { budget: edited })} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

function BudgetDialog({ budget, onClose }: { budget?: BudgetFactsFragment; onClose: () => void }) {
  const t = useWords(moneyWords);
  const firmCurrency = useFirmCurrency();
  const categories = useCategoryChoices();
  const create = useAction(CreateBudgetOperation, { touches: ['banking'] });
  const update = useAction(UpdateBudgetOperation, { touches: ['banking'] });
  const action = budget ? update : create;
  const save = async (values: FormData): Promise<void> => {
    const text = (name: string): string => String(values.get(name) ?? '');
    const facts = {
      name: text('name'),
      targetAmount: text('targetAmount'),
      currentAmount: text('currentAmount') || '0',
      targetDate: text('targetDate'),
      categoryId: text('categoryId') || null,
    };
    const done = budget ? await update.run({ input: { id: budget.id, ...facts } }) : await create.run({ input: facts });
    if (!done) return;
    tell(t('savedOf', { name: facts.name }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={budget ? t('editBudget') : t('addBudget')}>
      <Form
        onSubmit={save}
        error={action.error}
        names={['name', 'targetAmount', 'currentAmount', 'targetDate', 'categoryId']}
      >
        <TextField
          label={t('savingFor')}
          name="name"
          isRequired
          maxLength={100}
          defaultValue={budget?.name}
          autoFocus
        />
        <div className="fields">
          <MoneyField
            label={t('target')}
            name="targetAmount"
            currency={firmCurrency}
            minValue={0.01}
            isRequired
            defaultValue={budget?.targetAmount}
          />
          <MoneyField
            label={t('savedSoFar')}
            name="currentAmount"
            currency={firmCurrency}
            minValue={0}
            defaultValue={budget?.currentAmount ?? 0}
          />
          <DateField label={t('until')} name="targetDate" isRequired defaultValue={budget?.targetDate ?? null} />
          {categories.length > 0 && (
            <ComboBox
              label={t('category')}
              name="categoryId"
              choices={categories}
              defaultValue={budget?.category?.id ?? null}
            />
          )}
        </div>
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

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
