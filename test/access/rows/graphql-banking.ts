import { bankFile } from '../banking-objects.js';
import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** Money is private: an administrator is a stranger to it too. */
const ownRead = { ...cells.ownRead, admin: 'null' } as const;
const ownWrite = { ...cells.ownWrite, admin: 'NOT_FOUND' } as const;
const strangers = ['other', 'admin'] as const;

export const bankingQueryRows: Record<string, GraphqlRow> = {
  bankAccountTypes: {
    document: '{ bankAccountTypes { nodes { name } } }',
    variables: () => ({ name: 'Livret A' }),
    shows: text('name'),
    expect: cells.anyRead,
  },
  bankAccounts: {
    document: '{ bankAccounts(first: 100, orderBy: ID_DESC) { nodes { name } } }',
    variables: ({ right, make }) => make.bankAccount(right),
    shows: text('name'),
    without: strangers,
    expect: cells.anyRead,
  },
  bankAccount: {
    document: byId('bankAccount', 'name'),
    variables: ({ right, make }) => make.bankAccount(right),
    shows: text('name'),
    expect: ownRead,
  },
  budgets: {
    document: '{ budgets(first: 100, orderBy: ID_DESC) { nodes { name } } }',
    variables: ({ right, make }) => make.budget(right),
    shows: text('name'),
    without: strangers,
    expect: cells.anyRead,
  },
  budget: {
    document: byId('budget', 'name'),
    variables: ({ right, make }) => make.budget(right),
    shows: text('name'),
    expect: ownRead,
  },
  financeOverview: {
    document: '{ financeOverview { currency } }',
    variables: () => ({ currency: 'EUR' }),
    shows: text('currency'),
    expect: cells.anyRead,
  },
  expensesByCategory: {
    document: 'query ($id: ID!) { expensesByCategory(accountId: $id) { currency } }',
    variables: async ({ right, make }) => ({ ...(await make.bankAccount(right)), currency: 'EUR' }),
    shows: text('currency'),
    expect: { ...ownRead, other: 'NOT_FOUND', admin: 'NOT_FOUND' },
  },
  balanceEvolution: {
    document: `query ($id: ID!) {
      balanceEvolution(accountId: $id, startDate: "2026-01-01", endDate: "2026-01-02") { account { name } } }`,
    variables: ({ right, make }) => make.bankAccount(right),
    shows: text('name'),
    expect: { ...ownRead, other: 'NOT_FOUND', admin: 'NOT_FOUND' },
  },
  categorizationRules: {
    document: '{ categorizationRules(first: 100, orderBy: ID_DESC) { nodes { name } } }',
    variables: ({ right, make }) => make.categorizationRule(right),
    shows: text('name'),
    without: strangers,
    expect: cells.anyRead,
  },
  categorizationRule: {
    document: byId('categorizationRule', 'name'),
    variables: ({ right, make }) => make.categorizationRule(right),
    shows: text('name'),
    expect: ownRead,
  },
  categorizationRuleDryRun: {
    document: byId('categorizationRuleDryRun', 'count transactions { description }'),
    variables: async ({ right, make, server }) => {
      const { id, name } = await make.categorizationRule(right);
      const { id: transactionId } = await make.transaction(right);
      await server.sql('update transactions set description = ? where id = ?', [name, transactionId]);
      return { id, name };
    },
    shows: text('name'),
    expect: { ...ownRead, other: 'NOT_FOUND', admin: 'NOT_FOUND' },
  },
  categories: {
    document: '{ categories(first: 100, orderBy: ID_DESC) { nodes { name } } }',
    variables: ({ right, make }) => make.category(right),
    shows: text('name'),
    without: strangers,
    expect: cells.anyRead,
  },
  category: {
    document: byId('category', 'name'),
    variables: ({ right, make }) => make.category(right),
    shows: text('name'),
    expect: ownRead,
  },
  transactions: {
    document: '{ transactions(first: 100, orderBy: ID_DESC) { nodes { description } } }',
    variables: ({ right, make }) => make.transaction(right),
    shows: text('description'),
    without: strangers,
    expect: cells.anyRead,
  },
  transaction: {
    document: byId('transaction', 'description'),
    variables: ({ right, make }) => make.transaction(right),
    shows: text('description'),
    expect: ownRead,
  },
  recurrenceRules: {
    document: '{ recurrenceRules(first: 100, orderBy: ID_DESC) { nodes { description } } }',
    variables: ({ right, make }) => make.recurrenceRule(right),
    shows: text('description'),
    without: strangers,
    expect: cells.anyRead,
  },
  recurrenceRule: {
    document: byId('recurrenceRule', 'description'),
    variables: ({ right, make }) => make.recurrenceRule(right),
    shows: text('description'),
    expect: ownRead,
  },
  balanceForecast: {
    document: 'query ($id: ID!) { balanceForecast(accountId: $id, days: 1) { account { name } points { balance } } }',
    variables: ({ right, make }) => make.bankAccount(right),
    shows: text('name'),
    expect: { ...ownRead, other: 'NOT_FOUND', admin: 'NOT_FOUND' },
  },
  reconciliations: {
    document: '{ reconciliations(first: 100) { nodes { account { id } } } }',
    variables: ({ right, make }) => make.reconciliation(right),
    shows: ({ accountId }) => `{"account":{"id":"${String(accountId)}"}}`,
    without: strangers,
    expect: cells.anyRead,
  },
  reconciliation: {
    document: byId('reconciliation', 'account { id }'),
    variables: ({ right, make }) => make.reconciliation(right),
    shows: ({ accountId }) => `{"account":{"id":"${String(accountId)}"}}`,
    expect: ownRead,
  },
  trashedTransactions: {
    document: 'query ($accountId: ID!) { trashedTransactions(accountId: $accountId) { description } }',
    variables: ({ right, make }) => make.trashedTransaction(right),
    shows: text('description'),
    without: strangers,
    expect: cells.anyRead,
  },
  transactionStatement: {
    document: '{ transactionStatement { mimeType } }',
    expect: cells.anyRead,
  },
  transfers: {
    document: '{ transfers(first: 100, orderBy: ID_DESC) { nodes { description } } }',
    variables: ({ right, make }) => make.transfer(right),
    shows: text('description'),
    without: strangers,
    expect: cells.anyRead,
  },
  transfer: {
    document: byId('transfer', 'description'),
    variables: ({ right, make }) => make.transfer(right),
    shows: text('description'),
    expect: ownRead,
  },
  bankImports: {
    document: '{ bankImports(first: 100, orderBy: ID_DESC) { nodes { fileName } } }',
    variables: ({ right, make }) => make.bankImport(right),
    shows: text('fileName'),
    without: strangers,
    expect: cells.anyRead,
  },
  bankImport: {
    document: byId('bankImport', 'fileName'),
    variables: ({ right, make }) => make.bankImport(right),
    shows: text('fileName'),
    expect: ownRead,
  },
};

const fileOfAccount = input(async ({ right, make }) => ({
  accountId: (await make.bankAccount(right)).id,
  file: bankFile(`${unique('releve')}.csv`),
}));

export const bankingMutationRows: Record<string, GraphqlRow> = {
  createBankAccount: {
    document: change('createBankAccount', 'CreateBankAccountInput', 'bankAccount { id }'),
    variables: input(() => ({ name: unique('Compte'), typeId: '1' })),
    expect: cells.anyWrite,
  },
  updateBankAccount: {
    document: change('updateBankAccount', 'UpdateBankAccountInput', 'bankAccount { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.bankAccount(right)).id, name: unique('Compte') })),
    expect: ownWrite,
  },
  deleteBankAccount: {
    document: change('deleteBankAccount', 'DeleteBankAccountInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.transaction(right)).accountId, force: true })),
    expect: ownWrite,
  },
  shareBankAccount: {
    document: change('shareBankAccount', 'ShareBankAccountInput', 'accountShare { id }'),
    variables: input(async ({ right, make }) => ({
      accountId: (await make.bankAccount(right, { typeId: '4' })).id,
      email: (await make.person()).email,
      permission: 'READ',
    })),
    expect: ownWrite,
  },
  unshareBankAccount: {
    document: change('unshareBankAccount', 'UnshareBankAccountInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.accountShare(right, await make.person())).id })),
    expect: ownWrite,
  },
  createBudget: {
    document: change('createBudget', 'CreateBudgetInput', 'budget { id }'),
    variables: input(() => ({ name: unique('Budget'), targetAmount: 500, targetDate: '2199-06-30' })),
    expect: cells.anyWrite,
  },
  updateBudget: {
    document: change('updateBudget', 'UpdateBudgetInput', 'budget { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.budget(right)).id, currentAmount: 130 })),
    expect: ownWrite,
  },
  deleteBudget: {
    document: change('deleteBudget', 'DeleteBudgetInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.budget(right)).id })),
    expect: ownWrite,
  },
  createCategorizationRule: {
    document: change('createCategorizationRule', 'CreateCategorizationRuleInput', 'categorizationRule { id }'),
    variables: input(() => ({
      name: unique('Regle'),
      categoryId: '3',
      conditions: [{ field: 'DESCRIPTION', operator: 'CONTAINS', values: [unique('rien')] }],
    })),
    expect: cells.anyWrite,
  },
  createRuleFromTransaction: {
    document: change('createRuleFromTransaction', 'CreateRuleFromTransactionInput', 'categorizationRule { id }'),
    variables: input(async ({ right, make }) => ({
      transactionId: (await make.transaction(right)).id,
      categoryId: '3',
    })),
    expect: ownWrite,
  },
  updateCategorizationRule: {
    document: change('updateCategorizationRule', 'UpdateCategorizationRuleInput', 'categorizationRule { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.categorizationRule(right)).id,
      name: unique('Regle'),
    })),
    expect: ownWrite,
  },
  deleteCategorizationRule: {
    document: change('deleteCategorizationRule', 'DeleteCategorizationRuleInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.categorizationRule(right)).id })),
    expect: ownWrite,
  },
  applyCategorizationRule: {
    document: change('applyCategorizationRule', 'ApplyCategorizationRuleInput', 'changedCount'),
    variables: input(async ({ right, make }) => ({ id: (await make.categorizationRule(right)).id })),
    expect: ownWrite,
  },
  createCategory: {
    document: change('createCategory', 'CreateCategoryInput', 'category { id }'),
    variables: input(() => ({ name: unique('Poste') })),
    expect: cells.anyWrite,
  },
  updateCategory: {
    document: change('updateCategory', 'UpdateCategoryInput', 'category { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.category(right)).id, icon: 'music' })),
    expect: ownWrite,
  },
  deleteCategory: {
    document: change('deleteCategory', 'DeleteCategoryInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.category(right)).id })),
    expect: ownWrite,
  },
  createTransaction: {
    document: change('createTransaction', 'CreateTransactionInput', 'transaction { id }'),
    variables: input(async ({ right, make }) => ({
      accountId: (await make.bankAccount(right)).id,
      amount: -12.5,
      description: unique('Courses'),
      transactionDate: '2026-02-02',
    })),
    // The account is a field of the input: that there is none is a field's error.
    expect: { ...ownWrite, other: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  recordExpense: {
    document: change('recordExpense', 'RecordExpenseInput', 'transaction { id }'),
    variables: input(async ({ right, other, admin, make }) => {
      await Promise.all([right, other, admin].map((owner) => make.bankAccount(owner)));
      return { amount: 12.5, description: unique('Pain') };
    }),
    expect: cells.anyWrite,
  },
  updateTransaction: {
    document: change('updateTransaction', 'UpdateTransactionInput', 'transaction { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.transaction(right)).id, amount: -48.5 })),
    expect: ownWrite,
  },
  updateRecurrenceRule: {
    document: change('updateRecurrenceRule', 'UpdateRecurrenceRuleInput', 'recurrenceRule { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.recurrenceRule(right)).id, amount: -850 })),
    expect: ownWrite,
  },
  skipOccurrence: {
    document: change('skipOccurrence', 'SkipOccurrenceInput', 'recurrenceRule { id }'),
    variables: input(async ({ right, make }) => {
      const { id, date } = await make.recurrenceRule(right);
      return { id, date };
    }),
    expect: ownWrite,
  },
  stopRecurrenceRule: {
    document: change('stopRecurrenceRule', 'StopRecurrenceRuleInput', 'recurrenceRule { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.recurrenceRule(right)).id })),
    expect: ownWrite,
  },
  deleteTransaction: {
    document: change('deleteTransaction', 'DeleteTransactionInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.transaction(right)).id })),
    expect: ownWrite,
  },
  reconcileBankAccount: {
    document: change('reconcileBankAccount', 'ReconcileBankAccountInput', 'reconciliation { id }'),
    variables: input(async ({ right, make }) => {
      const { id, accountId } = await make.transaction(right);
      return { accountId, transactionIds: [id], statementBalance: 954.2, statementDate: '2026-02-28' };
    }),
    expect: ownWrite,
  },
  undoReconciliation: {
    document: change('undoReconciliation', 'UndoReconciliationInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.reconciliation(right)).id })),
    expect: ownWrite,
  },
  addReceipt: {
    document: change('addReceipt', 'AddReceiptInput', 'receipt { id }'),
    variables: input(async ({ right, make }) => ({
      transactionId: (await make.transaction(right)).id,
      file: new File([unique('Texte')], 'ticket.txt'),
    })),
    expect: ownWrite,
  },
  linkReceipt: {
    document: change('linkReceipt', 'LinkReceiptInput', 'receipt { id }'),
    variables: input(async ({ right, make }) => ({
      transactionId: (await make.transaction(right)).id,
      documentId: (await make.document(right)).id,
    })),
    expect: ownWrite,
  },
  removeReceipt: {
    document: change('removeReceipt', 'RemoveReceiptInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.receipt(right)).id })),
    expect: ownWrite,
  },
  createTransfer: {
    document: change('createTransfer', 'CreateTransferInput', 'transfer { id }'),
    variables: input(async ({ right, make }) => ({
      fromAccountId: (await make.bankAccount(right)).id,
      toAccountId: (await make.bankAccount(right)).id,
      amount: 12.5,
      description: unique('Virement'),
      transferDate: '2026-02-02',
    })),
    expect: { ...ownWrite, other: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  updateTransfer: {
    document: change('updateTransfer', 'UpdateTransferInput', 'transfer { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.transfer(right)).id, amount: 48.5 })),
    expect: ownWrite,
  },
  deleteTransfer: {
    document: change('deleteTransfer', 'DeleteTransferInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.transfer(right)).id })),
    expect: ownWrite,
  },
  restoreTransaction: {
    document: change('restoreTransaction', 'RestoreTransactionInput', 'transaction { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.trashedTransaction(right)).id })),
    expect: ownWrite,
  },
  restoreTransfer: {
    document: change('restoreTransfer', 'RestoreTransferInput', 'transfer { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.trashedTransfer(right)).id })),
    expect: ownWrite,
  },
  previewImport: {
    document: change('previewImport', 'PreviewImportInput', 'rowCount'),
    changes: false,
    variables: fileOfAccount,
    expect: { ...ownWrite, other: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  importTransactions: {
    document: change('importTransactions', 'ImportTransactionsInput', 'bankImport { id }'),
    variables: fileOfAccount,
    expect: { ...ownWrite, other: 'BAD_USER_INPUT', admin: 'BAD_USER_INPUT' },
  },
  undoImport: {
    document: change('undoImport', 'UndoImportInput', 'removedCount'),
    variables: input(async ({ right, make }) => ({ id: (await make.bankImport(right)).id })),
    expect: ownWrite,
  },
  restoreImport: {
    document: change('restoreImport', 'RestoreImportInput', 'restoredCount'),
    variables: input(async ({ right, make }) => ({ id: (await make.undoneImport(right)).id })),
    expect: ownWrite,
  },
};
