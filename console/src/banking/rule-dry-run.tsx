import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Notice } from '../ui/notice';
import { Answer, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { Amount } from './amount';
import { moneyWords } from './money-words';
import { ApplyRuleOperation, RuleDryRunOperation, type RuleFactsFragment } from './operations.gen';

/** What a rule would change among what has no category, before it is applied. */
export function RuleDryRun({ rule, onClose }: { rule: RuleFactsFragment; onClose: () => void }) {
  const t = useWords(moneyWords);
  const format = useFormat();
  const answer = useGraph(RuleDryRunOperation, { id: rule.id }, { topics: ['banking'] });
  const apply = useAction(ApplyRuleOperation, { touches: ['banking'], onError: complain });
  const found = answer.data?.categorizationRuleDryRun;
  const applyNow = async (): Promise<void> => {
    const done = await apply.run({ input: { id: rule.id } });
    if (!done?.applyCategorizationRule) return;
    tell(t('ruleApplied', { count: done.applyCategorizationRule.changedCount }));
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t('tryRule', { name: rule.name })} size="large">
      <Answer of={answer}>
        {({ categorizationRuleDryRun: run }) =>
          run && run.count > 0 ? (
            <>
              <p role="status">{t('wouldChange', { count: run.count })}</p>
              {!run.isComplete && <Notice>{t('notComplete')}</Notice>}
              <Table
                label={t('tryRule', { name: rule.name })}
                items={run.transactions}
                columns={[
                  { id: 'date', title: t('date'), isShort: true, cell: (of) => format.date(of.transactionDate) },
                  { id: 'what', title: t('description'), isName: true, cell: ({ description }) => description },
                  { id: 'account', title: t('account'), isExtra: true, cell: ({ account }) => account.name },
                  {
                    id: 'amount',
                    title: t('amount'),
                    isNumber: true,
                    cell: ({ amount, account }) => <Amount value={amount} currency={account.currency} />,
                  },
                ]}
              />
            </>
          ) : (
            <EmptyState title={t('changesNothing')} text={t('changesNothingText')} />
          )
        }
      </Answer>
      <DialogActions>
        <Button onPress={onClose}>{t('close')}</Button>
        <Button kind="primary" isDisabled={!found?.count} isPending={apply.isRunning} onPress={applyNow}>
          {t('applyNow')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
