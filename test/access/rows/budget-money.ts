import { bankFile } from '../banking-objects.js';
import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { anyRead, anyWrite, ownRead, ownWrite } = restCells({ forbidden: 403 });
const api = '/api/v1';

/** Money is private: an administrator is a stranger to it too. */
const ofOwner = { admin: 404 };
const strangers = ['other', 'admin'] as const;

const readAccount: RestRow = {
  expect: { ...ownRead(), ...ofOwner },
  request: async ({ right, make }) => {
    const { id, name } = await make.bankAccount(right);
    return { path: `${api}/accounts/${id}`, shows: name };
  },
};
const changeAccount: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/accounts/${(await make.bankAccount(right)).id}`,
    json: { name: unique('Compte') },
  }),
};
const readBudget: RestRow = {
  expect: { ...ownRead(), ...ofOwner },
  request: async ({ right, make }) => {
    const { id, name } = await make.budget(right);
    return { path: `${api}/budgets/${id}`, shows: name };
  },
};
const changeBudget: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/budgets/${(await make.budget(right)).id}`,
    json: { current_amount: 130 },
  }),
};
const changeCategory: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/categories/${(await make.category(right)).id}`,
    json: { icon: 'music' },
  }),
};
const changeTransfer: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/transfers/${(await make.transfer(right)).id}`,
    json: { amount: 48.5 },
  }),
};
const changeTransaction: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/transactions/${(await make.transaction(right)).id}`,
    json: { amount: -48.5 },
  }),
};

const changeRule: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/recurrence-rules/${(await make.recurrenceRule(right)).id}`,
    json: { end_date: '2191-12-31' },
  }),
};

const changeCategorization: RestRow = {
  expect: { ...ownWrite(), ...ofOwner },
  request: async ({ right, make }) => ({
    path: `${api}/categorization-rules/${(await make.categorizationRule(right)).id}`,
    json: { name: unique('Regle') },
  }),
};

export const budgetMoneyRows: Record<string, RestRow> = {
  'GET /api/v1/accounts': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({ path: `${api}/accounts`, shows: (await make.bankAccount(right)).name }),
  },
  'POST /api/v1/accounts': {
    expect: anyWrite(201),
    request: () => ({ path: `${api}/accounts`, json: { name: unique('Compte'), account_type_id: 1 } }),
  },
  'GET /api/v1/accounts/:id': readAccount,
  'PATCH /api/v1/accounts/:id': changeAccount,
  'PUT /api/v1/accounts/:id': changeAccount,
  'DELETE /api/v1/accounts/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/accounts/${(await make.transaction(right)).accountId}?force=true`,
    }),
  },
  'POST /api/v1/ios/transaction': {
    expect: anyWrite(201),
    request: async ({ right, other, admin, make }) => {
      await Promise.all([right, other, admin].map((owner) => make.bankAccount(owner)));
      return { path: `${api}/ios/transaction`, json: { amount: 12.5, label: unique('Pain') } };
    },
  },
  'GET /api/v1/accounts/:id/shares': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { accountId, email } = await make.accountShare(right, await make.person());
      return { path: `${api}/accounts/${accountId}/shares`, shows: email };
    },
  },
  'POST /api/v1/accounts/:id/shares': {
    expect: { ...ownWrite(201), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/accounts/${(await make.bankAccount(right, { typeId: '4' })).id}/shares`,
      json: { email: (await make.person()).email, permission: 'read' },
    }),
  },
  'DELETE /api/v1/accounts/:id/shares/:shareId': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, accountId } = await make.accountShare(right, await make.person());
      return { path: `${api}/accounts/${accountId}/shares/${id}` };
    },
  },

  'GET /api/v1/budgets': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({ path: `${api}/budgets`, shows: (await make.budget(right)).name }),
  },
  'POST /api/v1/budgets': {
    expect: anyWrite(201),
    request: () => ({
      path: `${api}/budgets`,
      json: { name: unique('Budget'), target_amount: 500, target_date: '2199-06-30' },
    }),
  },
  'GET /api/v1/budgets/:id': readBudget,
  'PATCH /api/v1/budgets/:id': changeBudget,
  'PUT /api/v1/budgets/:id': changeBudget,
  'DELETE /api/v1/budgets/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/budgets/${(await make.budget(right)).id}` }),
  },

  'GET /api/v1/stats/overview': {
    expect: anyRead(),
    request: () => ({ path: `${api}/stats/overview?period=year` }),
  },
  'GET /api/v1/stats/expenses-by-category': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/stats/expenses-by-category?account_id=${(await make.bankAccount(right)).id}`,
      shows: '"total_expenses":0',
    }),
  },
  'GET /api/v1/stats/balance-evolution': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, name } = await make.bankAccount(right);
      const days = 'start_date=2026-01-01&end_date=2026-01-02';
      return { path: `${api}/stats/balance-evolution?account_id=${id}&${days}`, shows: name };
    },
  },

  'GET /api/v1/categorization-rules': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({
      path: `${api}/categorization-rules`,
      shows: (await make.categorizationRule(right)).name,
    }),
  },
  'POST /api/v1/categorization-rules': {
    expect: anyWrite(201),
    request: () => ({
      path: `${api}/categorization-rules`,
      json: {
        name: unique('Regle'),
        category_id: 3,
        conditions: [{ field: 'description', operator: 'contains', value: unique('rien') }],
      },
    }),
  },
  'GET /api/v1/categorization-rules/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, name } = await make.categorizationRule(right);
      return { path: `${api}/categorization-rules/${id}`, shows: name };
    },
  },
  'PATCH /api/v1/categorization-rules/:id': changeCategorization,
  'PUT /api/v1/categorization-rules/:id': changeCategorization,
  'DELETE /api/v1/categorization-rules/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/categorization-rules/${(await make.categorizationRule(right)).id}`,
    }),
  },
  'POST /api/v1/categorization-rules/:id/dry-run': {
    changes: false,
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/categorization-rules/${(await make.categorizationRule(right)).id}/dry-run`,
    }),
  },
  'POST /api/v1/categorization-rules/:id/apply': {
    expect: { ...ownWrite(), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/categorization-rules/${(await make.categorizationRule(right)).id}/apply`,
    }),
  },
  'POST /api/v1/transactions/:id/rule': {
    expect: { ...ownWrite(201), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/transactions/${(await make.transaction(right)).id}/rule`,
      json: { category_id: 3 },
    }),
  },

  'GET /api/v1/categories': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({ path: `${api}/categories`, shows: (await make.category(right)).name }),
  },
  'POST /api/v1/categories': {
    expect: anyWrite(201),
    request: () => ({ path: `${api}/categories`, json: { name: unique('Poste'), type: 'expense' } }),
  },
  'GET /api/v1/categories/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, name } = await make.category(right);
      return { path: `${api}/categories/${id}`, shows: name };
    },
  },
  'PATCH /api/v1/categories/:id': changeCategory,
  'PUT /api/v1/categories/:id': changeCategory,
  'DELETE /api/v1/categories/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/categories/${(await make.category(right)).id}` }),
  },

  'POST /api/v1/accounts/:id/reconcile': {
    expect: { ...ownWrite(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, accountId } = await make.transaction(right);
      return {
        path: `${api}/accounts/${accountId}/reconcile`,
        json: { transaction_ids: [Number(id)], statement_balance: 954.2, statement_date: '2026-02-28' },
      };
    },
  },
  'GET /api/v1/accounts/:id/reconciliations': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, accountId } = await make.reconciliation(right);
      return { path: `${api}/accounts/${accountId}/reconciliations`, shows: `"id":${id},` };
    },
  },
  'DELETE /api/v1/accounts/:id/reconciliations/:reconciliationId': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, accountId } = await make.reconciliation(right);
      return { path: `${api}/accounts/${accountId}/reconciliations/${id}` };
    },
  },

  'GET /api/v1/transactions/export': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({
      path: `${api}/transactions/export`,
      shows: (await make.transaction(right)).description,
    }),
  },
  'POST /api/v1/transactions/:id/receipts': {
    expect: { ...ownWrite(201), ...ofOwner },
    request: async ({ right, make }) => {
      const body = new FormData();
      body.set('file', new Blob([unique('Texte')]), 'ticket.txt');
      return { path: `${api}/transactions/${(await make.transaction(right)).id}/receipts`, body };
    },
  },
  'GET /api/v1/transactions/:id/receipts': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { transactionId, filename } = await make.receipt(right);
      return { path: `${api}/transactions/${transactionId}/receipts`, shows: filename };
    },
  },
  'GET /api/v1/transactions/:id/receipts/:receiptId/file': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, transactionId, filename } = await make.receipt(right);
      return { path: `${api}/transactions/${transactionId}/receipts/${id}/file`, shows: filename };
    },
  },
  'DELETE /api/v1/transactions/:id/receipts/:receiptId': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, transactionId } = await make.receipt(right);
      return { path: `${api}/transactions/${transactionId}/receipts/${id}` };
    },
  },

  'GET /api/v1/transfers': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({
      path: `${api}/transfers?page_size=100`,
      shows: (await make.transfer(right)).description,
    }),
  },
  'POST /api/v1/transfers': {
    expect: { ...ownWrite(201), other: 422, admin: 422 },
    request: async ({ right, make }) => ({
      path: `${api}/transfers`,
      json: {
        from_account_id: Number((await make.bankAccount(right)).id),
        to_account_id: Number((await make.bankAccount(right)).id),
        amount: 45.8,
        transfer_date: '2026-02-02',
        description: unique('Virement'),
      },
    }),
  },
  'GET /api/v1/transfers/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, description } = await make.transfer(right);
      return { path: `${api}/transfers/${id}`, shows: description };
    },
  },
  'PATCH /api/v1/transfers/:id': changeTransfer,
  'PUT /api/v1/transfers/:id': changeTransfer,
  'DELETE /api/v1/transfers/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/transfers/${(await make.transfer(right)).id}` }),
  },
  'GET /api/v1/recurrence-rules': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({
      path: `${api}/recurrence-rules`,
      shows: (await make.recurrenceRule(right)).description,
    }),
  },
  'GET /api/v1/recurrence-rules/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, description } = await make.recurrenceRule(right);
      return { path: `${api}/recurrence-rules/${id}`, shows: description };
    },
  },
  'PATCH /api/v1/recurrence-rules/:id': changeRule,
  'PUT /api/v1/recurrence-rules/:id': changeRule,
  'DELETE /api/v1/recurrence-rules/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/recurrence-rules/${(await make.recurrenceRule(right)).id}` }),
  },
  'POST /api/v1/recurrence-rules/:id/skip': {
    expect: { ...ownWrite(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, date } = await make.recurrenceRule(right);
      return { path: `${api}/recurrence-rules/${id}/skip`, json: { date } };
    },
  },
  'GET /api/v1/recurrence-rules/:id/pending': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => ({
      path: `${api}/recurrence-rules/${(await make.recurrenceRule(right)).id}/pending`,
    }),
  },
  'GET /api/v1/stats/forecast': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id } = await make.bankAccount(right);
      return { path: `${api}/stats/forecast?days=1&account_id=${id}`, shows: `"account_id":${id}` };
    },
  },

  'GET /api/v1/transactions': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({
      path: `${api}/transactions?page_size=100&ordering=-id`,
      shows: (await make.transaction(right)).description,
    }),
  },
  'GET /api/v1/transactions/search': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => {
      const { description } = await make.transaction(right);
      return { path: `${api}/transactions/search?q=${description}`, shows: description };
    },
  },
  'POST /api/v1/transactions': {
    // The account is a field of the body: that there is none is a field's error.
    expect: { ...ownWrite(201), other: 422, admin: 422 },
    request: async ({ right, make }) => ({
      path: `${api}/transactions`,
      json: {
        account_id: Number((await make.bankAccount(right)).id),
        category_id: 3,
        amount: -45.8,
        description: unique('Courses'),
        transaction_date: '2026-02-02',
      },
    }),
  },
  'GET /api/v1/transactions/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, description } = await make.transaction(right);
      return { path: `${api}/transactions/${id}`, shows: description };
    },
  },
  'PATCH /api/v1/transactions/:id': changeTransaction,
  'PUT /api/v1/transactions/:id': changeTransaction,
  'DELETE /api/v1/transactions/:id': {
    expect: { ...ownWrite(204), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/transactions/${(await make.transaction(right)).id}` }),
  },

  'GET /api/v1/imports': {
    expect: anyRead(),
    without: strangers,
    request: async ({ right, make }) => ({ path: `${api}/imports`, shows: (await make.bankImport(right)).fileName }),
  },
  'POST /api/v1/imports': {
    expect: { ...ownWrite(201), other: 422, admin: 422 },
    request: async ({ right, make }) => {
      const body = new FormData();
      body.set('account_id', (await make.bankAccount(right)).id);
      body.set('file', bankFile(`${unique('releve')}.csv`));
      return { path: `${api}/imports`, body };
    },
  },
  'GET /api/v1/imports/:id': {
    expect: { ...ownRead(), ...ofOwner },
    request: async ({ right, make }) => {
      const { id, fileName } = await make.bankImport(right);
      return { path: `${api}/imports/${id}`, shows: fileName };
    },
  },
  'DELETE /api/v1/imports/:id': {
    expect: { ...ownWrite(), ...ofOwner },
    request: async ({ right, make }) => ({ path: `${api}/imports/${(await make.bankImport(right)).id}` }),
  },
};
