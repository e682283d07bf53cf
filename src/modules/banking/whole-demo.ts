import { Temporal } from 'temporal-polyfill';
import type { DemoFirm } from '../../kernel/demo.js';
import { Frequency } from '../../kernel/frequency.js';
import { createBudget } from './budgets/save-budget.js';
import { CategorizationField, CategorizationOperator } from './categorization/condition.js';
import { createCategorizationRule } from './categorization/save-categorization-rule.js';
import { createTransaction } from './transactions/create-transaction.js';
import { createTransfer } from './transfers/create-transfer.js';

const months = 24;

/** Of each month: the day, the category, what for, and the amount in cents with how much it wavers. */
const habits = [
  [2, '10', 'Téléphonie et internet (démo)', -5490, 0],
  [4, '4', 'Carburant station des Docks (démo)', -9200, 2400],
  [6, '3', 'Repas d’équipe (démo)', -6350, 2100],
  [9, '14', 'Fournitures Bricorama (démo)', -14_800, 6300],
  [11, '4', 'Péage autoroute (démo)', -1870, 640],
  [12, '1', 'Virement Résidence des Tilleuls (démo)', 186_000, 42_000],
  [15, '10', 'Assurance flotte (démo)', -21_900, 0],
  [17, '4', 'Carburant avenue Berthelot (démo)', -8700, 2200],
  [18, '1', 'Virement Hôtel des Deux Fleuves (démo)', 143_500, 51_000],
  [21, '7', 'Mutuelle des salariés (démo)', -18_400, 0],
  [23, '3', 'Marché de gros (démo)', -4920, 1700],
  [25, '14', 'Outillage (démo)', -23_500, 11_900],
  [26, '1', 'Virement Clinique Saint-Jean (démo)', 121_000, 33_000],
  [28, '6', 'Sortie du personnel (démo)', -3600, 1500],
] as const;

/**
 * Two years of the current account, savings each quarter, taxes each year, what recurs, what is saved for, and rules
 * that file what comes.
 */
export async function fillWholeBankingDemo(
  { as }: DemoFirm,
  { current, savings, today }: { current: string; savings: string; today: string },
): Promise<void> {
  const ctx = as('claire.demo');
  const thisMonth = Temporal.PlainDate.from(today).toPlainYearMonth();
  const last = Temporal.PlainDate.from(today);
  for (let back = months; back >= 0; back -= 1) {
    const month = thisMonth.subtract({ months: back });
    for (const [index, [day, categoryId, description, cents, wavers]] of habits.entries()) {
      const date = month.toPlainDate({ day });
      if (Temporal.PlainDate.compare(date, last) > 0) continue;
      await createTransaction(ctx, {
        accountId: current,
        categoryId,
        description,
        transactionDate: date.toString(),
        amount: amountOf(cents + wave(back * habits.length + index, wavers)),
      });
    }
    const quarterEnd = month.toPlainDate({ day: 27 });
    if (back > 0 && month.month % 3 === 0)
      await createTransfer(ctx, {
        fromAccountId: current,
        toAccountId: savings,
        amount: '500.00',
        transferDate: quarterEnd.toString(),
        description: 'Épargne du trimestre (démo)',
      });
    if (back > 0 && month.month === 5)
      await createTransaction(ctx, {
        accountId: current,
        categoryId: '11',
        description: 'Impôt sur les sociétés (démo)',
        transactionDate: month.toPlainDate({ day: 15 }).toString(),
        amount: '-2480.00',
      });
  }
  for (const [description, categoryId, amount, frequency] of [
    ['Crédit-bail du fourgon (démo)', '4', '-389.00', Frequency.MONTHLY],
    ['Logiciel de planification (démo)', '10', '-59.00', Frequency.MONTHLY],
    ['Cotisation professionnelle (démo)', '10', '-240.00', Frequency.YEARLY],
  ] as const)
    await createTransaction(ctx, {
      accountId: current,
      categoryId,
      amount,
      description,
      transactionDate: last.toString(),
      recurrence: { frequency },
    });
  for (const [name, categoryId, targetAmount, currentAmount] of [
    ['Nouveau corrélateur (démo)', '14', '6500.00', '2100.00'],
    ['Remplacement du fourgon (démo)', '4', '28000.00', '9400.00'],
  ] as const)
    await createBudget(ctx, {
      name,
      categoryId,
      targetAmount,
      currentAmount,
      targetDate: last.add({ months: 18 }).toString(),
    });
  for (const [name, text, categoryId] of [
    ['Carburant', 'Carburant', '4'],
    ['Péages', 'Péage', '4'],
    ['Abonnements', 'Téléphonie', '10'],
  ] as const)
    await createCategorizationRule(ctx, {
      name: `${name} (démo)`,
      categoryId,
      conditions: [
        { field: CategorizationField.DESCRIPTION, operator: CategorizationOperator.CONTAINS, values: [text] },
      ],
    });
}

/** The same each time, and different each month: at most `width` cents up or down. */
const wave = (step: number, width: number): number => Math.round(Math.sin(step * 1.7) * width);

const amountOf = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.trunc(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
