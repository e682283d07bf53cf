import { getRouteApi } from '@tanstack/react-router';
import { Landmark } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useGraph } from '../graph/use-graph';
import { dayAfter, today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Answer, Card, EmptyState, Figure, Loading, Page } from '../ui/page';
import { Progress } from '../ui/progress';
import { useAccounts } from './choices';
import { FigureTable } from './figure-table';
import { moneyWords } from './money-words';
import {
  EvolutionOperation,
  type FinancePeriod,
  ForecastOperation,
  MoneyOverviewOperation,
  SpendingOperation,
} from './operations.gen';
import styles from './overview-page.module.css';

const route = getRouteApi('/app/money');
// Charts are the heaviest part of the console: they come after the figures.
const BalanceChart = lazy(() => import('./charts').then((charts) => ({ default: charts.BalanceChart })));
const SpendingChart = lazy(() => import('./charts').then((charts) => ({ default: charts.SpendingChart })));
const periods: readonly FinancePeriod[] = ['WEEK', 'MONTH', 'YEAR'];
const forecastDays = 90;

/** What one has, earns and spends, how that went on and how it will. */
export function MoneyPage() {
  const t = useWords(moneyWords);
  const { period = 'MONTH', currency } = route.useSearch();
  const accounts = useAccounts();
  const overview = useGraph(MoneyOverviewOperation, { period, currency }, { topics: ['banking'] });
  const hasNoAccount = accounts.length === 0 && overview.data?.financeOverview?.bankAccountsCount === 0;
  return (
    <Page
      title={t('money')}
      lead={t('moneyLead')}
      actions={
        <>
          <LinkButton to="/accounts">{t('accounts')}</LinkButton>
          <LinkButton to="/budgets">{t('budgets')}</LinkButton>
          <LinkButton to="/recurrence-rules">{t('recurrences')}</LinkButton>
          <LinkButton to="/categories">{t('categories')}</LinkButton>
          <LinkButton to="/categorization-rules">{t('rules')}</LinkButton>
        </>
      }
    >
      {hasNoAccount ? (
        <Card>
          <EmptyState
            icon={<Landmark size={32} aria-hidden />}
            title={t('noAccounts')}
            text={t('noAccountsText')}
            action={
              <LinkButton to="/accounts" kind="primary">
                {t('openAccount')}
              </LinkButton>
            }
          />
        </Card>
      ) : (
        <Figures />
      )}
    </Page>
  );
}

function Figures() {
  const t = useWords(moneyWords);
  const firmCurrency = useFirmCurrency();
  const format = useFormat();
  const navigate = route.useNavigate();
  const { period = 'MONTH', currency } = route.useSearch();
  const accounts = useAccounts();
  const currencies = [...new Set(accounts.map((account) => account.currency))].toSorted();
  const topics = ['banking'] as const;
  const overview = useGraph(MoneyOverviewOperation, { period, currency }, { topics });
  const within = overview.data?.financeOverview?.currentPeriod;
  const spending = useGraph(
    SpendingOperation,
    { startDate: within?.startDate, endDate: within?.endDate, currency },
    { topics, enabled: within !== undefined },
  );
  const evolution = useGraph(
    EvolutionOperation,
    { startDate: dayAfter(today(), -365), endDate: today(), granularity: 'WEEK', currency },
    { topics },
  );
  const forecast = useGraph(ForecastOperation, { days: forecastDays, currency }, { topics });

  return (
    <>
      <div className="row">
        <Select
          label={t('period')}
          choices={periods.map((id) => ({ id, label: t(`period_${id}`) }))}
          value={period}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, period: value === 'WEEK' || value === 'YEAR' ? value : undefined }),
            })
          }
        />
        {currencies.length > 1 && (
          <Select
            label={t('currency')}
            choices={currencies.map((id) => ({ id, label: id }))}
            value={currency ?? overview.data?.financeOverview?.currency ?? null}
            onChange={(value) => void navigate({ search: (before) => ({ ...before, currency: value ?? undefined }) })}
          />
        )}
      </div>
      <Answer of={overview}>
        {({ financeOverview: of }) =>
          of && (
            <div className={styles.figures}>
              <Figure
                name={t('totalBalance')}
                value={format.money(of.totalBalance, of.currency)}
                note={t('onAccounts', { count: of.bankAccountsCount })}
              />
              <Figure
                name={t('income')}
                value={format.money(of.currentPeriod.totalIncome, of.currency)}
                note={t('within', {
                  from: format.date(of.currentPeriod.startDate),
                  to: format.date(of.currentPeriod.endDate),
                })}
              />
              <Figure
                name={t('expenses')}
                value={format.money(of.currentPeriod.totalExpenses, of.currency)}
                note={t('inTransactions', { count: of.currentPeriod.transactionsCount })}
              />
              <Figure name={t('net')} value={format.money(of.currentPeriod.net, of.currency, true)} />
            </div>
          )
        }
      </Answer>
      <Card title={t('evolution')}>
        <Answer of={evolution}>
          {({ balanceEvolution: of }) =>
            of && (
              <>
                <Suspense fallback={<Loading />}>
                  <BalanceChart points={of.data} currency={of.currency} name={t('balance')} />
                </Suspense>
                <FigureTable
                  label={t('evolution')}
                  rows={of.data.map(({ date, balance }) => [format.date(date), format.money(balance, of.currency)])}
                  heads={[t('date'), t('balance')]}
                />
              </>
            )
          }
        </Answer>
      </Card>
      <div className="columns">
        <Card title={t('spending')}>
          <Answer of={spending}>
            {({ expensesByCategory: of }) =>
              of && of.categories.length > 0 ? (
                <>
                  <Suspense fallback={<Loading />}>
                    <SpendingChart
                      parts={of.categories.map(({ category, amount }) => ({
                        name: category?.name ?? t('withoutCategory'),
                        amount: -amount,
                      }))}
                      currency={of.currency}
                    />
                  </Suspense>
                  <FigureTable
                    label={t('spending')}
                    heads={[t('category'), t('amount'), t('share')]}
                    rows={of.categories.map(({ category, amount, percentage }) => [
                      category?.name ?? t('withoutCategory'),
                      format.money(amount, of.currency),
                      format.percent(percentage / 100),
                    ])}
                  />
                </>
              ) : (
                <EmptyState title={t('nothingSpent')} text={t('nothingSpentText')} />
              )
            }
          </Answer>
        </Card>
        <Card title={t('forecast', { days: forecastDays })}>
          <Answer of={forecast}>
            {({ balanceForecast: of }) =>
              of && (
                <>
                  <p className="quiet">{t('forecastText')}</p>
                  <Suspense fallback={<Loading />}>
                    <BalanceChart points={of.points} currency={of.currency} name={t('balance')} isForecast />
                  </Suspense>
                  <FigureTable
                    label={t('forecast', { days: forecastDays })}
                    heads={[t('date'), t('balance')]}
                    rows={of.points
                      .filter((_, index) => index % 7 === 0)
                      .map(({ date, balance }) => [format.date(date), format.money(balance, of.currency)])}
                  />
                </>
              )
            }
          </Answer>
        </Card>
      </div>
      {overview.data?.financeOverview && overview.data.financeOverview.budgets.activeCount > 0 && (
        <Card title={t('budgets')} actions={<LinkButton to="/budgets">{t('allBudgets')}</LinkButton>}>
          <Progress
            label={t('saved', {
              saved: format.money(overview.data.financeOverview.budgets.totalSaved, firmCurrency),
              target: format.money(overview.data.financeOverview.budgets.totalTarget, firmCurrency),
              count: overview.data.financeOverview.budgets.activeCount,
            })}
            value={Math.min(overview.data.financeOverview.budgets.averageProgress, 100)}
          />
        </Card>
      )}
    </>
  );
}
