import type { DemoFirm } from '../../kernel/demo.js';
import { Frequency } from '../../kernel/frequency.js';
import { dayIn } from '../../lib/zoned-day.js';
import { createBankAccount } from './accounts/save-bank-account.js';
import { createBudget } from './budgets/save-budget.js';
import { createTransaction } from './transactions/create-transaction.js';
import { createTransfer } from './transfers/create-transfer.js';
import { fillWholeBankingDemo } from './whole-demo.js';

/** A current account with a rent each month and some expenses, a savings account, a transfer and a budget. */
export async function fillBankingDemo(firm: DemoFirm): Promise<void> {
  const ctx = firm.as('claire.demo');
  const { now, config } = ctx.services;
  const today = dayIn(config.timeZone, now());
  const month = today.slice(0, 7);
  const open = async (name: string, typeId: string, openingBalance: string): Promise<string> =>
    String(await createBankAccount(ctx, { name, typeId, openingBalance }));
  const current = await open('Compte courant (démo)', '1', '4250.50');
  const savings = await open('Livret A (démo)', '3', '1500.00');
  const post = (amount: string, categoryId: string, description: string): Promise<number> =>
    createTransaction(ctx, { accountId: current, categoryId, amount, description, transactionDate: today });

  await createTransaction(ctx, {
    accountId: current,
    categoryId: '5',
    amount: '-800.00',
    description: 'Loyer (démo)',
    transactionDate: `${month}-01`,
    recurrence: { frequency: Frequency.MONTHLY },
  });
  await post('2500.00', '1', 'Salaire (démo)');
  await post('-45.80', '3', 'Courses Carrefour (démo)');
  await post('-62.40', '4', 'Carburant (démo)');
  await createTransfer(ctx, {
    fromAccountId: current,
    toAccountId: savings,
    amount: '200.00',
    transferDate: today,
    description: 'Épargne (démo)',
  });
  const targetDate = `${Number(today.slice(0, 4)) + 1}-06-30`;
  await createBudget(ctx, { name: 'Vacances (démo)', targetAmount: '2000.00', currentAmount: '450.00', targetDate });
  if (firm.isWhole) await fillWholeBankingDemo(firm, { current, savings, today });
}
