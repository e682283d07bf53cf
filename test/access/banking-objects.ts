import type { Person, TestServer } from '../support/harness.js';
import type { Run } from './objects.js';
import { unique } from './objects.js';

export interface BankingObjects {
  bankAccountType: () => Promise<{ id: string }>;
  /** An account of the person's with 1,000.00; `type` 4 may be shared. */
  bankAccount: (owner: Person, options?: { typeId?: string }) => Promise<{ id: string; name: string }>;
  /** That a joint account of the person's is shared with somebody, who reads it. */
  accountShare: (owner: Person, reader: Person) => Promise<{ id: string; accountId: string; email: string }>;
  budget: (owner: Person) => Promise<{ id: string; name: string }>;
  /** For descriptions with a word that nothing else holds. */
  categorizationRule: (owner: Person) => Promise<{ id: string; name: string }>;
  category: (owner: Person) => Promise<{ id: string; name: string }>;
  /** A transaction of −45.80 in an account of the person's that is made for it. */
  transaction: (
    owner: Person,
    options?: { accountId?: string },
  ) => Promise<{ id: string; accountId: string; description: string }>;
  /** Of a transaction on 2 February 2190; the next one is on `date`. */
  recurrenceRule: (owner: Person) => Promise<{ id: string; description: string; date: string }>;
  /** Of −45.80, in one part. */
  splitTransaction: (owner: Person) => Promise<{ id: string }>;
  /** Of an account of the person's that is made for it, with a transaction. */
  reconciliation: (owner: Person) => Promise<{ id: string; accountId: string }>;
  /** A text file of a transaction that is made for it. */
  receipt: (owner: Person) => Promise<{ id: string; transactionId: string; filename: string }>;
  /** Of 30.00 between two accounts of the person's that are made for it. */
  transfer: (owner: Person) => Promise<{ id: string; description: string; transactionId: string }>;
  /** A transaction that was deleted. */
  trashedTransaction: (owner: Person) => Promise<{ id: string; accountId: string; description: string }>;
  /** A transfer that was deleted. */
  trashedTransfer: (owner: Person) => Promise<{ id: string; description: string }>;
  /** A file with one booking that was taken into an account of the person's that is made for it. */
  bankImport: (owner: Person) => Promise<{ id: string; accountId: string; fileName: string }>;
  /** The same, undone. */
  undoneImport: (owner: Person) => Promise<{ id: string; accountId: string; fileName: string }>;
}

/** A bank's file with one booking. */
export const bankFile = (name: string): File => new File([`Date;Libellé;Montant\n02/02/2026;${name};-45,80\n`], name);

/** Money of a person, made as that person. */
export function bankingObjects(server: Pick<TestServer, 'request'>, run: Run): BankingObjects {
  const bankAccount: BankingObjects['bankAccount'] = async (owner, { typeId = '1' } = {}) => {
    const name = unique('Compte');
    const { createBankAccount } = await run(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name, typeId, openingBalance: 1000 } },
      owner.token,
    );
    return { id: createBankAccount.bankAccount.id, name };
  };
  const createTransaction = async (owner: Person, input: object): Promise<string> => {
    const { createTransaction: created } = await run(
      'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
      { input: { amount: -45.8, transactionDate: '2026-02-02', ...input } },
      owner.token,
    );
    return created.transaction.id;
  };
  const remove = (name: 'deleteTransaction' | 'deleteTransfer', id: string, owner: Person): Promise<unknown> =>
    run(`mutation { ${name}(input: { id: "${id}" }) { deletedId } }`, {}, owner.token);
  const made: BankingObjects = {
    bankAccountType: async () => ({ id: '1' }),
    bankAccount,
    accountShare: async (owner, { email }) => {
      const { id: accountId } = await bankAccount(owner, { typeId: '4' });
      const { shareBankAccount } = await run(
        'mutation ($input: ShareBankAccountInput!) { shareBankAccount(input: $input) { accountShare { id } } }',
        { input: { accountId, email, permission: 'READ' } },
        owner.token,
      );
      return { id: shareBankAccount.accountShare.id, accountId, email };
    },
    budget: async (owner) => {
      const name = unique('Budget');
      const { createBudget } = await run(
        'mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { budget { id } } }',
        { input: { name, targetAmount: 500, currentAmount: 120, targetDate: '2199-06-30' } },
        owner.token,
      );
      return { id: createBudget.budget.id, name };
    },
    categorizationRule: async (owner) => {
      const name = unique('Regle');
      const conditions = [{ field: 'DESCRIPTION', operator: 'CONTAINS', values: [name] }];
      const { createCategorizationRule } = await run(
        'mutation ($input: CreateCategorizationRuleInput!) { createCategorizationRule(input: $input) { categorizationRule { id } } }',
        { input: { name, conditions, categoryId: '3' } },
        owner.token,
      );
      return { id: createCategorizationRule.categorizationRule.id, name };
    },
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
      return {
        id: await createTransaction(owner, { accountId: account, description }),
        accountId: account,
        description,
      };
    },
    splitTransaction: async (owner) => {
      const splits = [{ categoryId: '3', amount: -45.8 }];
      const accountId = (await bankAccount(owner)).id;
      return { id: await createTransaction(owner, { accountId, description: unique('Courses'), splits }) };
    },
    reconciliation: async (owner) => {
      const { id: accountId } = await bankAccount(owner);
      const id = await createTransaction(owner, { accountId, description: unique('Courses') });
      const { reconcileBankAccount } = await run(
        `mutation ($input: ReconcileBankAccountInput!) {
          reconcileBankAccount(input: $input) { reconciliation { id } } }`,
        { input: { accountId, transactionIds: [id], statementBalance: 954.2, statementDate: '2026-02-28' } },
        owner.token,
      );
      return { id: reconcileBankAccount.reconciliation.id, accountId };
    },
    receipt: async (owner) => {
      const { id: accountId } = await bankAccount(owner);
      const transactionId = await createTransaction(owner, { accountId, description: unique('Courses') });
      const filename = `${unique('Ticket')}.txt`;
      const body = new FormData();
      body.set('file', new Blob([`Ticket ${filename}`]), filename);
      const path = `/api/v1/transactions/${transactionId}/receipts`;
      const { json } = await server.request('POST', path, { token: owner.token, body });
      return { id: String(json.id), transactionId, filename };
    },
    transfer: async (owner) => {
      const description = unique('Virement');
      const [from, to] = [await bankAccount(owner), await bankAccount(owner)];
      const accounts = { fromAccountId: from.id, toAccountId: to.id };
      const { createTransfer } = await run(
        `mutation ($input: CreateTransferInput!) {
          createTransfer(input: $input) { transfer { id toTransaction { id } } } }`,
        { input: { ...accounts, amount: 30, description, transferDate: '2026-02-02' } },
        owner.token,
      );
      const { id, toTransaction } = createTransfer.transfer;
      return { id, description, transactionId: toTransaction.id };
    },
    bankImport: async (owner) => {
      const { id: accountId } = await bankAccount(owner);
      const fileName = `${unique('releve')}.csv`;
      const body = new FormData();
      body.set('account_id', accountId);
      body.set('file', bankFile(fileName));
      const { json, text } = await server.request('POST', '/api/v1/imports', { token: owner.token, body });
      if (!json?.id) throw new Error(`no import: ${text}`);
      return { id: String(json.id), accountId, fileName };
    },
    trashedTransaction: async (owner) => {
      const transaction = await made.transaction(owner);
      await remove('deleteTransaction', transaction.id, owner);
      return transaction;
    },
    undoneImport: async (owner) => {
      const bankImport = await made.bankImport(owner);
      await run(
        'mutation ($input: UndoImportInput!) { undoImport(input: $input) { removedCount } }',
        { input: { id: bankImport.id } },
        owner.token,
      );
      return bankImport;
    },
    trashedTransfer: async (owner) => {
      const transfer = await made.transfer(owner);
      await remove('deleteTransfer', transfer.id, owner);
      return transfer;
    },
  };
  return made;
}
