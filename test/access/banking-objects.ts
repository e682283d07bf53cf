import type { Person } from '../support/harness.js';
import type { Run } from './objects.js';
import { unique } from './objects.js';

export interface BankingObjects {
  /** An account of the person's with 1,000.00; `type` 4 may be shared. */
  bankAccount: (owner: Person, options?: { typeId?: string }) => Promise<{ id: string; name: string }>;
  category: (owner: Person) => Promise<{ id: string; name: string }>;
  /** A transaction of −45.80 in an account of the person's that is made for it. */
  transaction: (
    owner: Person,
    options?: { accountId?: string },
  ) => Promise<{ id: string; accountId: string; description: string }>;
  /** Of a transaction on 2 February 2190; the next one is on `date`. */
  recurrenceRule: (owner: Person) => Promise<{ id: string; description: string; date: string }>;
}

/** Money of a person, made as that person. */
export function bankingObjects(run: Run): BankingObjects {
  const bankAccount: BankingObjects['bankAccount'] = async (owner, { typeId = '1' } = {}) => {
    const name = unique('Compte');
    const { createBankAccount } = await run(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name, typeId, openingBalance: 1000 } },
      owner.token,
    );
    return { id: createBankAccount.bankAccount.id, name };
  };
  return {
    bankAccount,
    category: async (owner) => {
      const name = unique('Poste');
      const { createCategory } = await run(
        'mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { category { id } } }',
        { input: { name } },
        owner.token,
      );
      return { id: createCategory.category.id, name };
    },
    recurrenceRule: async (owner) => {
      const description = unique('Loyer');
      const startDate = '2190-02-02';
      const input = {
        accountId: (await bankAccount(owner)).id,
        amount: -800,
        description,
        transactionDate: startDate,
        recurrence: { frequency: 'MONTHLY', startDate },
      };
      const { createTransaction } = await run(
        `mutation ($input: CreateTransactionInput!) {
          createTransaction(input: $input) { transaction { recurrenceRule { id } } } }`,
        { input },
        owner.token,
      );
      return { id: createTransaction.transaction.recurrenceRule.id, description, date: '2190-03-02' };
    },
    transaction: async (owner, { accountId = undefined } = {}) => {
      const description = unique('Courses');
      const account = accountId ?? (await bankAccount(owner)).id;
      const input = { accountId: account, amount: -45.8, description, transactionDate: '2026-02-02' };
      const { createTransaction } = await run(
        'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
        { input },
        owner.token,
      );
      return { id: createTransaction.transaction.id, accountId: account, description };
    },
  };
}
