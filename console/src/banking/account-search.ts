import type { TransactionFilter, TransactionOrder } from './operations.gen';

/** What the address of an account says: which part is shown, and which transactions in which order. */
export interface AccountSearch {
  tab?: 'imports' | 'reconciliation' | 'trash';
  q?: string;
  from?: string;
  to?: string;
  /** A category's id; `none`: without one. */
  category?: string;
  state?: 'open' | 'reconciled';
  kind?: 'transfer' | 'recurring';
  label?: string;
  min?: string;
  max?: string;
  sort?: TransactionOrder;
}

export const tabs = ['imports', 'reconciliation', 'trash'] as const;
const states = ['open', 'reconciled'] as const;
const kinds = ['transfer', 'recurring'] as const;
const orders = ['AMOUNT_ASC', 'AMOUNT_DESC', 'TRANSACTION_DATE_ASC'] as const;

/** What cannot be meant is left out, so that an address that was typed shows something. */
export function readAccountSearch(given: Record<string, unknown>): AccountSearch {
  const text = (name: string, shape = /./): string | undefined =>
    ['string', 'number'].includes(typeof given[name]) && shape.test(String(given[name]))
      ? String(given[name])
      : undefined;
  const one = <Value extends string>(name: string, values: readonly Value[]): Value | undefined =>
    values.find((value) => value === given[name]);
  const day = /^\d{4}-\d{2}-\d{2}$/;
  const amount = /^-?\d{1,12}(\.\d{1,2})?$/;
  const search: AccountSearch = {
    tab: one('tab', tabs),
    q: text('q'),
    from: text('from', day),
    to: text('to', day),
    category: text('category', /^(\d+|none)$/),
    state: one('state', states),
    kind: one('kind', kinds),
    label: text('label'),
    min: text('min', amount),
    max: text('max', amount),
    sort: one('sort', orders),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

const notFilters = new Set(['tab', 'sort']);

export const isFiltered = (search: AccountSearch): boolean =>
  Object.entries(search).some(([name, value]) => value !== undefined && !notFilters.has(name));

export const filterOf = (accountId: string, search: AccountSearch): TransactionFilter => ({
  accountId,
  ...(search.q && { search: search.q }),
  ...(search.from && { startDate: search.from }),
  ...(search.to && { endDate: search.to }),
  ...(search.category && { categoryId: search.category === 'none' ? null : search.category }),
  ...(search.state && { isReconciled: search.state === 'reconciled' }),
  ...(search.kind === 'transfer' && { isTransfer: true }),
  ...(search.kind === 'recurring' && { isRecurring: true }),
  ...(search.label && { label: search.label }),
  ...(search.min && { amountMin: search.min }),
  ...(search.max && { amountMax: search.max }),
});
