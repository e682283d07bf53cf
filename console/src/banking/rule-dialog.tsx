import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Switch } from '../ui/checks';
import { ComboBox, Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { tell } from '../ui/toast';
import { useAccounts, useCategoryChoices } from './choices';
import { moneyWords } from './money-words';
import {
  type CategorizationField,
  type CategorizationOperator,
  CreateRuleOperation,
  type RuleFactsFragment,
  UpdateRuleOperation,
} from './operations.gen';
import styles from './transaction-dialog.module.css';

interface Condition {
  key: number;
  field: CategorizationField;
  operator: CategorizationOperator;
  value: string;
}

const operatorsOf: Readonly<Record<CategorizationField, readonly CategorizationOperator[]>> = {
  DESCRIPTION: ['CONTAINS', 'NOT_CONTAINS', 'STARTS_WITH', 'EQUALS', 'NOT_EQUALS', 'IN'],
  AMOUNT: ['LESS_THAN', 'GREATER_THAN', 'EQUALS', 'NOT_EQUALS'],
  ACCOUNT_ID: ['EQUALS', 'NOT_EQUALS'],
};
const mostConditions = 10;
let lastKey = 0;

/** The conditions of a rule and what it gives. */
export function RuleDialog({ rule, onClose }: { rule?: RuleFactsFragment; onClose: () => void }) {
  const t = useWords(moneyWords);
  const categories = useCategoryChoices();
  const accounts = useAccounts();
  const create = useAction(CreateRuleOperation, { touches: ['banking'] });
  const update = useAction(UpdateRuleOperation, { touches: ['banking'] });
  const action = rule ? update : create;
  const [conditions, setConditions] = useState<Condition[]>(() =>
    rule
      ? rule.conditions.map(({ field, operator, values }) => ({
          key: ++lastKey,
          field,
          operator,
          value: values.join(', '),
        }))
      : [{ key: ++lastKey, field: 'DESCRIPTION', operator: 'CONTAINS', value: '' }],
  );
  const change = (key: number, changed: Partial<Condition>): void =>
    setConditions(conditions.map((each) => (each.key === key ? { ...each, ...changed } : each)));
  const split = (text: string): string[] =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);

  const save = async (values: FormData): Promise<void> => {
    const facts = {
      name: String(values.get('name')),
      categoryId: String(values.get('categoryId') ?? '') || null,
      labels: split(String(values.get('labels') ?? '')),
      stops: values.get('stops') !== null,
      conditions: conditions.map(({ field, operator, value }) => ({
        field,
        operator,
        values: operator === 'IN' ? split(value) : [field === 'AMOUNT' ? value.trim().replace(',', '.') : value.trim()],
      })),
    };
    const done = rule ? await update.run({ input: { id: rule.id, ...facts } }) : await create.run({ input: facts });
    if (!done) return;
    tell(t('savedOf', { name: facts.name }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={rule ? t('editRule') : t('addRule')} size="large">
      <Form onSubmit={save} error={action.error} names={['name', 'categoryId', 'labels']}>
        <TextField label={t('name')} name="name" isRequired maxLength={100} defaultValue={rule?.name} autoFocus />
        <fieldset className={styles.parts}>
          <legend>{t('whenAll')}</legend>
          {conditions.map(({ key, field, operator, value }, index) => (
            <div key={key} className={styles.part} role="group" aria-label={t('conditionOf', { place: index + 1 })}>
              <Select
                label={t('what')}
                choices={(['DESCRIPTION', 'AMOUNT', 'ACCOUNT_ID'] as const).map((id) => ({
                  id,
                  label: t(`field_${id}`),
                }))}
                value={field}
                onChange={(chosen) => {
                  const next = (chosen ?? 'DESCRIPTION') as CategorizationField;
                  change(key, { field: next, operator: operatorsOf[next][0] ?? 'EQUALS', value: '' });
                }}
              />
              <Select
                label={t('how')}
                choices={[...new Set([...operatorsOf[field], operator])].map((id) => ({
                  id,
                  label: t(`operator_${id}`),
                }))}
                value={operator}
                onChange={(chosen) => change(key, { operator: (chosen ?? 'EQUALS') as CategorizationOperator })}
              />
              {field === 'ACCOUNT_ID' ? (
                <Select
                  label={t('account')}
                  choices={accounts.map(({ id, name }) => ({ id, label: name }))}
                  value={value || null}
                  onChange={(chosen) => change(key, { value: chosen ?? '' })}
                />
              ) : (
                <TextField
                  label={t('value')}
                  isRequired={operator !== 'EXISTS'}
                  maxLength={200}
                  value={value}
                  onChange={(typed) => change(key, { value: typed })}
                />
              )}
              <span className={styles.remove}>
                <IconButton
                  label={t('removeCondition', { place: index + 1 })}
                  isDisabled={conditions.length === 1}
                  onPress={() => setConditions(conditions.filter((each) => each.key !== key))}
                >
                  <Trash2 size={18} aria-hidden />
                </IconButton>
              </span>
            </div>
          ))}
          <div>
            <Button
              size="small"
              isDisabled={conditions.length >= mostConditions}
              onPress={() =>
                setConditions([...conditions, { key: ++lastKey, field: 'AMOUNT', operator: 'LESS_THAN', value: '' }])
              }
            >
              <Plus size={16} aria-hidden />
              {t('addCondition')}
            </Button>
          </div>
        </fieldset>
        <div className="fields">
          {categories.length > 0 && (
            <ComboBox
              label={t('category')}
              name="categoryId"
              choices={categories}
              defaultValue={rule?.category?.id ?? null}
            />
          )}
          <TextField
            label={t('labels')}
            name="labels"
            description={t('labelsHint')}
            defaultValue={rule?.labels.join(', ') ?? ''}
          />
        </div>
        <Switch name="stops" defaultSelected={rule?.stops ?? true}>
          {t('stops')}
        </Switch>
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
