/** A transaction as budget.md prints it, with the keys that DECISIONS.md adds (section 9). */
import { z } from 'zod';
import type {
  BudgetCategorySummaryFragment,
  BudgetTransactionFragment,
  BudgetTransactionSummaryFragment,
} from './operations.gen.js';
import { Recurrence, recurrenceOut } from './recurrence-shapes.js';
import { Day, Id, Moment, Money } from './shapes.js';

const Ref = { id: z.int(), name: z.string() };
const Category = z.object({ ...Ref, color: z.string(), icon: z.string() });

/** What every answer with transactions shows of one. */
export const TransactionSummary = z
  .object({
    id: z.int(),
    account: z.object(Ref),
    category: Category.nullable(),
    amount: z.number(),
    description: z.string(),
    transaction_date: Day,
    is_recurring: z.boolean(),
  })
  .meta({ id: 'BudgetTransactionSummary' });

const Split = z.object({ category: Category.nullable(), amount: z.number(), description: z.string() });

const frame = {
  ...TransactionSummary.shape,
  transfer_id: z.int().nullable().meta({ description: 'Le virement dont elle fait partie' }),
  recurrence_rule: Recurrence.nullable(),
  reconciled: z.boolean().meta({ description: 'Pointée : son montant, sa date et son compte sont verrouillés' }),
  labels: z.array(z.string()),
  notes: z.string(),
  splits: z.array(Split).meta({ description: 'Les parts ; vide si la transaction n’est pas ventilée' }),
  created_at: Moment,
  updated_at: Moment,
};

export const Transaction = z.object(frame).meta({ id: 'BudgetTransaction' });
export const ListedTransaction = z
  .object({
    ...frame,
    running_balance: z.number().optional().meta({ description: 'Solde du compte après elle, avec `account_id`' }),
  })
  .meta({ id: 'BudgetListedTransaction' });
export const TransactionDetail = z
  .object({
    ...frame,
    account: z.object({ ...Ref, balance: z.number() }),
    category: Category.extend({ type: z.enum(['income', 'expense']) }).nullable(),
    running_balance: z.number(),
  })
  .meta({ id: 'BudgetTransactionDetail' });

const categoryOut = (category: BudgetCategorySummaryFragment | null | undefined): z.input<typeof Category> | null =>
  category ? { ...category, id: Number(category.id) } : null;

export const summaryOut = (transaction: BudgetTransactionSummaryFragment): z.input<typeof TransactionSummary> => ({
  id: Number(transaction.id),
  account: { id: Number(transaction.account.id), name: transaction.account.name },
  category: categoryOut(transaction.category && summaryOfCategory(transaction.category)),
  amount: transaction.amount,
  description: transaction.description,
  transaction_date: transaction.transactionDate,
  is_recurring: transaction.recurrenceRule != null,
});

const summaryOfCategory = ({
  id,
  name,
  color,
  icon,
}: BudgetCategorySummaryFragment): BudgetCategorySummaryFragment => ({
  id,
  name,
  color,
  icon,
});

export const transactionOut = (transaction: BudgetTransactionFragment): z.input<typeof Transaction> => ({
  ...summaryOut(transaction),
  transfer_id: transaction.transfer ? Number(transaction.transfer.id) : null,
  recurrence_rule: transaction.recurrenceRule ? recurrenceOut(transaction.recurrenceRule) : null,
  reconciled: transaction.isReconciled,
  labels: [...transaction.labels],
  notes: transaction.notes,
  splits: transaction.splits.map(({ category, amount, description }) => ({
    category: categoryOut(category),
    amount,
    description,
  })),
  created_at: transaction.createdAt,
  updated_at: transaction.updatedAt,
});

const SplitBody = z.object({
  category_id: Id.nullish(),
  amount: Money,
  description: z.string().trim().max(500).nullish(),
});

/** What a body may say of a transaction beside what it must. */
export const extras = {
  category_id: Id.nullish(),
  labels: z.array(z.string().trim().min(1).max(50)).max(20).nullish(),
  notes: z.string().trim().max(5000).nullish(),
  splits: z
    .array(SplitBody)
    .max(50)
    .nullish()
    .meta({ description: 'Parts dont la somme est `amount` ; la catégorie est alors nulle' }),
};
export const Description = z.string().trim().min(1).max(500);

type ExtrasOut = z.output<z.ZodObject<typeof extras>>;

export const extrasIn = ({ category_id, labels, notes, splits }: ExtrasOut) => ({
  categoryId: category_id,
  labels,
  notes,
  splits: splits?.map((split) => ({
    categoryId: split.category_id,
    amount: split.amount,
    description: split.description,
  })),
});

/** The dialect's names for the graph's fields. */
export const fields = {
  accountId: 'account_id',
  categoryId: 'category_id',
  transactionDate: 'transaction_date',
  'splits.*.categoryId': 'splits.*.category_id',
  recurrence: 'recurrence_rule',
  'recurrence.startDate': 'recurrence_rule.start_date',
  'recurrence.endDate': 'recurrence_rule.end_date',
  'recurrence.frequency': 'recurrence_rule.frequency',
  'recurrence.interval': 'recurrence_rule.interval',
};
