import type { Row } from './rows.js';

/** A row that cannot be brought in; the message says why. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';
}

/** The id here of what a row refers to, by its id in the export or by its key. Throws RowProblem when there is none. */
export type Resolve = (kind: string, reference: { id?: unknown; key?: string | undefined }) => string;

/** How rows of a kind become what the product makes by its own mutation. */
export interface Importer {
  kind: string;
  /** The mutation and its type of input. */
  mutation: string;
  /** What it answers. */
  selection: string;
  input: (row: Row, resolve: Resolve) => Record<string, unknown>;
  /**
   * What tells one from another: what has one of these here already is not made again. Rows with equal keys are made as
   * often as they come, less those that are here.
   */
  keys: (input: Record<string, unknown>, row: Row) => string[];
  /** Why a row stays out, whatever the server says; undefined: it is brought in. */
  leavesOut?: (row: Row, options: { withIssued: boolean }) => string | undefined;
  /** The row has a file. */
  hasFile?: boolean;
}

const lower = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .toLowerCase();
const joined = (...parts: unknown[]): string => parts.map((part) => String(part ?? '')).join('\n');

/** `12.50` and `12.5` are one amount. */
const amount = (value: unknown): string => {
  const text = String(value ?? '');
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
};

/** Of those of `names` that the row has. */
const taken = (row: Row, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(
    names.flatMap((name) => (row[name] === undefined || row[name] === null ? [] : [[name, row[name]]])),
  );

const list = (row: Row, name: string): unknown[] => (Array.isArray(row[name]) ? row[name] : []);

const given = <T>(value: unknown, then: (value: unknown) => T): T | undefined =>
  value === undefined || value === null ? undefined : then(value);

/** A category has its type beside its name, which an export of a transaction does not say: its id comes first. */
const categoryOf = (row: Row, resolve: Resolve): string | undefined =>
  given(row['categoryId'] ?? row['category'], () =>
    resolve('categories', { id: row['categoryId'], key: given(row['category'], lower) }),
  );

/** In their order: what others refer to comes first. */
export const importers: readonly Importer[] = [
  {
    kind: 'documentTypes',
    mutation: 'createDocumentType',
    selection: 'documentType { id }',
    input: (row) => taken(row, 'code', 'label'),
    keys: ({ code }) => [lower(code)],
  },
  {
    kind: 'tags',
    mutation: 'createTag',
    selection: 'tag { id }',
    input: (row, resolve) => ({
      ...taken(row, 'name', 'color', 'match', 'matchingAlgorithm'),
      parentId: given(row['parent'], (name) => resolve('tags', { key: lower(name) })),
    }),
    keys: ({ name }) => [lower(name)],
  },
  {
    kind: 'correspondents',
    mutation: 'createCorrespondent',
    selection: 'correspondent { id }',
    input: (row) => taken(row, 'name', 'match', 'matchingAlgorithm'),
    keys: ({ name }) => [lower(name)],
  },
  {
    kind: 'documents',
    mutation: 'uploadDocuments',
    selection: 'results { document { id } problem { code message reason } }',
    input: (row, resolve) => ({
      ...taken(row, 'title', 'amount', 'currency', 'documentDate', 'asn'),
      correspondentId: given(row['correspondent'], (name) => resolve('correspondents', { key: lower(name) })),
      typeId: given(row['type'], (code) => resolve('documentTypes', { key: lower(code) })),
      tagIds: list(row, 'tags').map((name) => resolve('tags', { key: lower(name) })),
    }),
    keys: (_input, { contentHash }) => [String(contentHash)],
    hasFile: true,
  },
  {
    kind: 'clients',
    mutation: 'createClient',
    selection: 'client { id }',
    input: (row) =>
      taken(row, 'id', 'name', 'companyName', 'contactName', 'email', 'phone', 'address', 'notes', 'status'),
    keys: ({ id, name, companyName, email }) => [
      ...(id === undefined ? [] : [joined('id', id)]),
      email === undefined ? joined('name', lower(name), lower(companyName)) : joined('email', lower(email)),
    ],
  },
  {
    kind: 'categories',
    mutation: 'createCategory',
    selection: 'category { id }',
    input: (row) => taken(row, 'name', 'type', 'color', 'icon'),
    keys: ({ name, type }) => [joined(type ?? 'EXPENSE', lower(name))],
  },
  {
    kind: 'bankAccounts',
    mutation: 'createBankAccount',
    selection: 'bankAccount { id }',
    input: (row, resolve) => ({
      ...taken(row, 'name', 'currency', 'openingBalance'),
      typeId: resolve('bankAccountTypes', { key: lower(row['type']) }),
    }),
    keys: ({ name, currency }) => [joined(lower(name), currency ?? 'EUR')],
  },
  {
    kind: 'transfers',
    mutation: 'createTransfer',
    selection: 'transfer { id }',
    input: (row, resolve) => ({
      ...taken(row, 'transferDate', 'amount', 'description'),
      fromAccountId: resolve('bankAccounts', { id: row['fromAccountId'], key: given(row['fromAccount'], lower) }),
      toAccountId: resolve('bankAccounts', { id: row['toAccountId'], key: given(row['toAccount'], lower) }),
    }),
    keys: (input) => [
      joined(
        input['transferDate'],
        input['fromAccountId'],
        input['toAccountId'],
        amount(input['amount']),
        input['description'],
      ),
    ],
  },
  {
    kind: 'transactions',
    mutation: 'createTransaction',
    selection: 'transaction { id }',
    input: (row, resolve) => ({
      ...taken(row, 'transactionDate', 'amount', 'description', 'notes'),
      labels: list(row, 'labels'),
      accountId: resolve('bankAccounts', { id: row['accountId'], key: given(row['account'], lower) }),
      categoryId: categoryOf(row, resolve),
      ...(list(row, 'splits').length && {
        splits: (list(row, 'splits') as Row[]).map((split) => ({
          ...taken(split, 'amount', 'description'),
          categoryId: categoryOf(split, resolve),
        })),
      }),
    }),
    keys: (input) => [
      joined(input['accountId'], input['transactionDate'], amount(input['amount']), input['description']),
    ],
    leavesOut: (row) => (row['transferId'] == null ? undefined : 'its transfer makes it'),
  },
  {
    kind: 'invoices',
    mutation: 'createInvoice',
    selection: 'invoice { id }',
    input: (row, resolve) => ({
      ...taken(row, 'currency', 'dueDate'),
      status: 'DRAFT',
      clientId: given(row['clientId'] ?? row['client'], () =>
        resolve('clients', { id: row['clientId'], key: given(row['client'], lower) }),
      ),
      ...(row['clientId'] == null &&
        row['client'] == null && {
          customerId: given(row['customer'], (name) => resolve('people', { key: lower(name) })),
        }),
      items: (list(row, 'lines') as Row[]).map((line) =>
        taken(line, 'description', 'quantity', 'unitPrice', 'vatRate'),
      ),
    }),
    keys: (input) => [
      joined(
        input['clientId'] ?? input['customerId'],
        input['currency'],
        input['dueDate'],
        ...(input['items'] as Row[]).flatMap((line) => [
          line['description'],
          amount(line['quantity']),
          amount(line['unitPrice']),
          amount(line['vatRate'] ?? '0'),
        ]),
      ),
    ],
    leavesOut: (row, { withIssued }) =>
      row['type'] === 'CREDIT_NOTE'
        ? 'a credit note'
        : (row['status'] ?? 'DRAFT') === 'DRAFT' || withIssued
          ? undefined
          : 'issued already',
  },
];

/** What makes one; a test compares it with the schema. */
export function importOperation({ mutation, selection }: Importer): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${type}!) { done: ${mutation}(input: $input) { ${selection} } }`;
}

/** Kinds that rows refer to and that no import makes, with the key of each. */
export const references = {
  people: { root: 'users', fields: 'id username', key: (row: Row): string => lower(row['username']) },
  bankAccountTypes: { root: 'bankAccountTypes', fields: 'id name', key: (row: Row): string => lower(row['name']) },
} as const;

/** By what rows of other kinds name one of these. */
export const namesOf: Readonly<Record<string, (input: Record<string, unknown>) => string>> = {
  documentTypes: ({ code }) => lower(code),
  tags: ({ name }) => lower(name),
  correspondents: ({ name }) => lower(name),
  clients: ({ name }) => lower(name),
  categories: ({ name }) => lower(name),
  bankAccounts: ({ name }) => lower(name),
};
