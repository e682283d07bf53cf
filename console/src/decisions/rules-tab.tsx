import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge } from '../ui/notice';
import { NumberField } from '../ui/number-field';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  ApprovalRulesOperation,
  CreateRuleOperation,
  DeleteRuleOperation,
  type RuleFragment,
  RuleTypesOperation,
  UpdateRuleOperation,
} from './operations.gen';
import { words } from './words';

const levelKeys = ['anyLevel', 'level1', 'level2', 'level3', 'level4'] as const;

/** Which documents ask whom for approval. */
export function RulesTab({ mayChange }: { mayChange: boolean }) {
  const t = useWords(words);
  const format = useFormat();
  const [edited, setEdited] = useState<RuleFragment | 'new'>();
  const list = useGraphList(
    ApprovalRulesOperation,
    {},
    { topics: ['approvals'], connectionOf: ({ approvalRules }) => approvalRules! },
  );
  const remove = useAction(DeleteRuleOperation, {
    touches: ['approvals'],
    onError: complain,
    onDone: () => tell(t('ruleDeleted')),
  });
  const amountsOf = ({ minAmount, belowAmount, currency }: RuleFragment): string => {
    const said = (amount: number) =>
      currency ? format.money(amount, currency) : format.number(amount, { minimumFractionDigits: 2 });
    const bounds = [
      minAmount == null || minAmount === 0 ? '' : t('fromAmount', { from: said(minAmount) }),
      belowAmount == null ? '' : t('below', { below: said(belowAmount) }),
    ];
    return bounds.filter(Boolean).join(', ') || t('anyAmount');
  };
  const levelOf = (level?: number | null): string => t(levelKeys[level ?? 0] ?? 'anyLevel');
  return (
    <Card
      isFlush
      {...(mayChange && {
        actions: (
          <Button kind="primary" onPress={() => setEdited('new')}>
            <Plus size={18} aria-hidden />
            {t('addRule')}
          </Button>
        ),
      })}
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('rules')}
              items={list.nodes}
              empty={<EmptyState title={t('noRules')} text={t('noRulesText')} />}
              columns={[
                {
                  id: 'type',
                  title: t('type'),
                  isName: true,
                  below: ({ level }) => levelOf(level),
                  cell: (rule) => (
                    <span className="row">
                      {rule.documentType?.label ?? t('anyType')}
                      {!rule.isActive && <Badge>{t('inactive')}</Badge>}
                    </span>
                  ),
                },
                { id: 'amount', title: t('amount'), isName: true, cell: amountsOf },
                { id: 'level', title: t('level'), isName: true, isExtra: true, cell: ({ level }) => levelOf(level) },
                {
                  id: 'hours',
                  title: t('hours'),
                  isExtra: true,
                  cell: ({ hours }) => t('hoursShort', { count: hours }),
                },
                {
                  id: 'starts',
                  title: t('starts'),
                  isExtra: true,
                  cell: ({ startsOnCreation }) => t(startsOnCreation ? 'onFiling' : 'onSubmit'),
                },
                ...(mayChange
                  ? [
                      {
                        id: 'actions',
                        title: t('actions'),
                        isNumber: true,
                        cell: (rule: RuleFragment) => (
                          <span className="row" style={{ justifyContent: 'end' }}>
                            <IconButton label={t('edit')} onPress={() => setEdited(rule)}>
                              <Pencil size={16} aria-hidden />
                            </IconButton>
                            <ConfirmButton
                              size="small"
                              title={t('deleteRuleTitle')}
                              text={t('deleteRuleText')}
                              action={t('deleteRule')}
                              onConfirm={() => remove.run({ input: { id: rule.id } })}
                            >
                              <Trash2 size={16} aria-hidden />
                              {t('deleteRule')}
                            </ConfirmButton>
                          </span>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      <Dialog
        isOpen={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={t(edited === 'new' ? 'addRule' : 'editRule')}
      >
        {edited !== undefined && (
          <RuleForm {...(edited !== 'new' && { rule: edited })} onEnd={() => setEdited(undefined)} />
        )}
      </Dialog>
    </Card>
  );
}

const any = '-';

function RuleForm({ rule, onEnd }: { rule?: RuleFragment; onEnd: () => void }) {
  const t = useWords(words);
  const { data } = useGraph(RuleTypesOperation, {}, { topics: ['filing'] });
  const types = (data?.documentTypes?.nodes ?? []).map(({ id, label }) => ({ id, label }));
  const create = useAction(CreateRuleOperation, { touches: ['approvals'] });
  const update = useAction(UpdateRuleOperation, { touches: ['approvals'] });
  const action = rule ? update : create;
  const submit = async (values: FormData) => {
    const textOf = (name: string): string | null => {
      const text = String(values.get(name) ?? '');
      return text === '' || text === any ? null : text;
    };
    const numberOf = (name: string): number | null => (textOf(name) === null ? null : Number(textOf(name)));
    const facts = {
      documentTypeId: textOf('documentTypeId'),
      minAmount: numberOf('minAmount') ?? (rule ? 0 : null),
      belowAmount: numberOf('belowAmount'),
      currency: textOf('currency')?.toUpperCase() ?? null,
      level: numberOf('level'),
      hours: numberOf('hours') ?? 24,
      startsOnCreation: values.has('startsOnCreation'),
      isActive: values.has('isActive'),
    };
    const done = rule ? await update.run({ input: { id: rule.id, ...facts } }) : await create.run({ input: facts });
    if (!done) return;
    tell(t('ruleSaved'));
    onEnd();
  };
  const numbers = { minValue: 0, formatOptions: { maximumFractionDigits: 2 } };
  return (
    <Form
      onSubmit={submit}
      error={action.error}
      names={['documentTypeId', 'minAmount', 'belowAmount', 'currency', 'level', 'hours']}
    >
      <Select
        name="documentTypeId"
        label={t('type')}
        choices={[{ id: any, label: t('anyType') }, ...types]}
        defaultValue={rule?.documentType?.id ?? any}
      />
      <div className="fields">
        <NumberField
          name="minAmount"
          label={t('minAmount')}
          {...numbers}
          {...(rule?.minAmount != null && { defaultValue: rule.minAmount })}
        />
        <NumberField
          name="belowAmount"
          label={t('belowAmount')}
          {...numbers}
          {...(rule?.belowAmount != null && { defaultValue: rule.belowAmount })}
        />
        <TextField
          name="currency"
          label={t('currency')}
          placeholder={t('anyCurrency')}
          maxLength={3}
          defaultValue={rule?.currency ?? ''}
        />
      </div>
      <div className="fields">
        <Select
          name="level"
          label={t('level')}
          choices={levelKeys.map((key, level) => ({ id: level === 0 ? any : String(level), label: t(key) }))}
          defaultValue={rule?.level == null ? any : String(rule.level)}
        />
        <NumberField
          name="hours"
          label={t('hours')}
          minValue={1}
          maxValue={8760}
          step={1}
          defaultValue={rule?.hours ?? 48}
          isRequired
        />
      </div>
      <Checkbox
        name="startsOnCreation"
        description={t('startsOnCreationText')}
        defaultSelected={rule?.startsOnCreation ?? false}
      >
        {t('startsOnCreation')}
      </Checkbox>
      <Checkbox name="isActive" defaultSelected={rule?.isActive ?? true}>
        {t('isActive')}
      </Checkbox>
      <DialogActions>
        <Button onPress={onEnd}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={action.isRunning}>
          {t('save')}
        </Button>
      </DialogActions>
    </Form>
  );
}
