import { useState } from 'react';
import { useAction, useGraphList } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { ConfirmButton } from '../ui/dialog';
import { Form } from '../ui/form';
import { Notice } from '../ui/notice';
import { MoneyField } from '../ui/number-field';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import type { AccountDetails } from './account-page';
import { Amount } from './amount';
import { centsOf, decimalOf } from './amounts';
import { OpenTransactionsOperation, ReconcileOperation, UndoReconciliationOperation } from './operations.gen';
import { words } from './words';

/** Finds the transactions of an account on a statement of the bank, until the balances are the same. */
export function Reconciliation({ account }: { account: AccountDetails }) {
  const t = useWords(words);
  const format = useFormat();
  const { id: accountId, currency } = account;
  const mayWrite = account.access !== 'READ';
  const [day, setDay] = useState<string | null>(today());
  const [closing, setClosing] = useState(NaN);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useGraphList(
    OpenTransactionsOperation,
    { filter: { accountId, isReconciled: false, ...(day && { endDate: day }) } },
    { topics: ['banking'], enabled: mayWrite, connectionOf: ({ transactions }) => transactions ?? none },
  );
  const reconcile = useAction(ReconcileOperation, { touches: ['banking'] });
  const undo = useAction(UndoReconciliationOperation, { touches: ['banking'], onError: complain });
  const takeBack = async (id: string): Promise<void> => {
    if (await undo.run({ input: { id, accountId } })) tell(t('reconciliationUndone'));
  };

  const picked = list.nodes.filter(({ id }) => chosen.has(id));
  const reached = picked.reduce((sum, { amount }) => sum + centsOf(amount), centsOf(account.reconciledBalance));
  const difference = Number.isNaN(closing) ? undefined : centsOf(closing) - reached;

  const submit = async (): Promise<void> => {
    if (!day || Number.isNaN(closing)) return;
    const done = await reconcile.run({
      input: {
        accountId,
        statementDate: day,
        statementBalance: decimalOf(centsOf(closing)),
        transactionIds: picked.map(({ id }) => id),
      },
    });
    const id = done?.reconcileBankAccount?.reconciliation.id;
    if (id === undefined) return;
    setChosen(new Set());
    setClosing(NaN);
    tell(t('reconciledNow', { count: picked.length }), () => takeBack(id));
  };
  const { nodes: made } = account.reconciliations;
  return (
    <>
      {mayWrite && (
        <Card title={t('reconcileWith')}>
          <p className="quiet">{t('reconcileLead')}</p>
          <Form onSubmit={submit} error={reconcile.error} names={['statementDate', 'statementBalance']}>
            <div className="fields">
              <DateField label={t('statementDate')} name="statementDate" isRequired value={day} onChange={setDay} />
              <MoneyField
                label={t('statementBalance')}
                name="statementBalance"
                currency={currency}
                isRequired
                value={closing}
                onChange={setClosing}
              />
            </div>
            <Notice tone={difference === 0 ? 'good' : 'info'} role="status">
              {t('reached', { amount: format.money(reached / 100, currency) })}{' '}
              {difference === undefined
                ? ''
                : difference === 0
                  ? t('balanced')
                  : t('difference', { amount: format.money(difference / 100, currency, true) })}
            </Notice>
            <div>
              <Button kind="primary" type="submit" isPending={reconcile.isRunning}>
                {t('reconcileNow', { count: picked.length })}
              </Button>
            </div>
          </Form>
        </Card>
      )}
      {mayWrite && (
        <Card isFlush title={t('onStatement')}>
          <Answer of={{ ...list, data: list.first }}>
            {() =>
              list.nodes.length === 0 ? (
                <EmptyState title={t('allReconciled')} text={t('allReconciledText')} />
              ) : (
                <>
                  <Table
                    label={t('onStatement')}
                    items={list.nodes}
                    selected={chosen}
                    onSelect={setChosen}
                    columns={[
                      {
                        id: 'date',
                        title: t('date'),
                        isShort: true,
                        isExtra: true,
                        cell: ({ transactionDate }) => format.date(transactionDate),
                      },
                      {
                        id: 'description',
                        title: t('description'),
                        isName: true,
                        cell: ({ description }) => description,
                        below: ({ transactionDate }) => format.date(transactionDate),
                      },
                      {
                        id: 'amount',
                        title: t('amount'),
                        isNumber: true,
                        cell: ({ amount }) => <Amount value={amount} currency={currency} />,
                      },
                    ]}
                  />
                  <More list={list} />
                </>
              )
            }
          </Answer>
        </Card>
      )}
      <Card isFlush title={t('pastReconciliations')}>
        {made.length === 0 ? (
          <EmptyState title={t('noReconciliations')} text={t('noReconciliationsText')} />
        ) : (
          <Table
            label={t('pastReconciliations')}
            items={made}
            columns={[
              {
                id: 'date',
                title: t('statementDate'),
                isShort: true,
                isName: true,
                cell: ({ statementDate }) => format.date(statementDate),
              },
              { id: 'by', title: t('by'), isExtra: true, cell: ({ createdBy }) => createdBy?.fullName },
              {
                id: 'balance',
                title: t('statementBalance'),
                isNumber: true,
                cell: ({ statementBalance }) => format.money(statementBalance, currency),
              },
              {
                id: 'undo',
                title: t('actions'),
                isTitleHidden: true,
                // Only the latest can be undone.
                cell: ({ id }) =>
                  mayWrite &&
                  id === made[0]?.id && (
                    <ConfirmButton
                      kind="quiet"
                      size="small"
                      title={t('undoReconciliation')}
                      text={t('undoReconciliationText')}
                      action={t('openAgain')}
                      onConfirm={() => takeBack(id)}
                    >
                      {t('undo')}
                    </ConfirmButton>
                  ),
              },
            ]}
          />
        )}
      </Card>
    </>
  );
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };
