/** Which transactions a query asks for: budget.md, « Lister les transactions », and CONSUMERS.md, section 2. */
import { z } from 'zod';
import type { TransactionFilter, TransactionOrder } from './operations.gen.js';
import { Day, TextId, TextMoney } from './shapes.js';

export const Filters = z.object({
  account_id: TextId.optional().meta({ description: 'Filtrer par compte' }),
  category_id: TextId.optional().meta({ description: 'Filtrer par catégorie' }),
  start_date: Day.optional().meta({ description: 'Date de début (YYYY-MM-DD)' }),
  end_date: Day.optional().meta({ description: 'Date de fin (YYYY-MM-DD)' }),
  min_amount: TextMoney.optional().meta({ description: 'Montant minimum, avec son signe' }),
  max_amount: TextMoney.optional().meta({ description: 'Montant maximum, avec son signe' }),
  search: z.string().trim().max(200).optional().meta({ description: 'Recherche dans la description' }),
  label: z.string().trim().max(50).optional().meta({ description: 'Étiquette exacte' }),
  reconciled: z.enum(['true', 'false', '1', '0']).optional().meta({ description: 'Pointées ou non' }),
  account: TextId.optional().meta({ description: 'Comme `account_id`' }),
  category: TextId.optional().meta({ description: 'Comme `category_id`' }),
  is_recurring: z
    .enum(['true', 'false', '1', '0', 'True', 'False'])
    .optional()
    .catch(undefined)
    .meta({ description: 'true : celles d’une règle ; false : les autres' }),
  date: Day.optional().meta({ description: 'Un seul jour' }),
  type: z.string().max(50).optional().meta({ description: "'income' ou 'expense', par le signe" }),
  ordering: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Par exemple `-date` ou `amount` ; le premier champ connu compte' }),
});
type Filters = z.output<typeof Filters>;

const later = (days: readonly (string | undefined)[]): string | undefined => days.filter(Boolean).toSorted().at(-1);
const earlier = (days: readonly (string | undefined)[]): string | undefined => days.filter(Boolean).toSorted().at(0);
const most = (amounts: readonly (number | undefined)[]): number | undefined =>
  amounts
    .filter((amount) => amount !== undefined)
    .toSorted((a, b) => a - b)
    .at(-1);
const least = (amounts: readonly (number | undefined)[]): number | undefined =>
  amounts
    .filter((amount) => amount !== undefined)
    .toSorted((a, b) => a - b)
    .at(0);

export function filterOf(query: Filters): TransactionFilter {
  const { account, account_id = account, category, category_id = category, date, type } = query;
  return {
    accountId: account_id,
    categoryId: category_id,
    startDate: later([query.start_date, date]),
    endDate: earlier([query.end_date, date]),
    amountMin: most([query.min_amount, type === 'income' ? 0.01 : undefined]),
    amountMax: least([query.max_amount, type === 'expense' ? -0.01 : undefined]),
    search: query.search,
    isRecurring: query.is_recurring && ['true', '1', 'True'].includes(query.is_recurring),
    label: query.label,
    isReconciled: query.reconciled && ['true', '1'].includes(query.reconciled),
  };
}

const orders: Readonly<Record<string, string>> = {
  date: 'TRANSACTION_DATE',
  transaction_date: 'TRANSACTION_DATE',
  amount: 'AMOUNT',
  id: 'ID',
  created_at: 'ID',
};

/** The first key that is known decides; ties by id in the same direction. The newest first by default. */
export function orderOf(ordering: string | undefined): TransactionOrder | undefined {
  for (const key of (ordering ?? '').split(',').map((text) => text.trim())) {
    const order = orders[key.replace(/^-/, '')];
    if (order) return `${order}_${key.startsWith('-') ? 'DESC' : 'ASC'}` as TransactionOrder;
  }
  return undefined;
}
