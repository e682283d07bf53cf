import type { Module } from '../../kernel/module.js';
import { AccountShare } from './accounts/account-share.entity.js';
import { AccountShareResolver } from './accounts/account-share.resolver.js';
import { BankAccountType } from './accounts/bank-account-type.entity.js';
import { BankAccount } from './accounts/bank-account.entity.js';
import { accountShareReads, bankAccountReads, bankAccountTypeReads } from './accounts/bank-account.reads.js';
import { BankAccountResolver } from './accounts/bank-account.resolver.js';
import { balanceDrift } from './accounts/check-balances.js';
import { bankingLoaders } from './banking.loaders.js';
import { Budget } from './budgets/budget.entity.js';
import { budgetReads } from './budgets/budget.reads.js';
import { BudgetResolver } from './budgets/budget.resolver.js';
import { Category } from './categories/category.entity.js';
import { categoryReads } from './categories/category.reads.js';
import { CategoryResolver } from './categories/category.resolver.js';
import { CategorizationRule } from './categorization/categorization-rule.entity.js';
import { categorizationRuleReads } from './categorization/categorization-rule.reads.js';
import { CategorizationRuleResolver } from './categorization/categorization-rule.resolver.js';
import { fillBankingDemo } from './demo.js';
import { bankingEvents } from './events.js';
import { TransactionStatementResolver } from './exports/transaction-statement.resolver.js';
import { BankImportEventResolver } from './imports/bank-import-event.resolver.js';
import { BankImportRow } from './imports/bank-import-row.entity.js';
import { BankImport } from './imports/bank-import.entity.js';
import { bankImportReads, bankImportRowReads } from './imports/bank-import.reads.js';
import { BankImportResolver } from './imports/bank-import.resolver.js';
import { bankingJobs } from './jobs.js';
import { bankingNotices } from './notices.js';
import { bankingPersonalData } from './personal-data.js';
import { receiptHooks } from './receipts/receipt-hooks.js';
import { Receipt } from './receipts/receipt.entity.js';
import { receiptReads } from './receipts/receipt.reads.js';
import { ReceiptResolver } from './receipts/receipt.resolver.js';
import { Reconciliation } from './reconciliation/reconciliation.entity.js';
import { reconciliationReads } from './reconciliation/reconciliation.reads.js';
import { ReconciliationResolver } from './reconciliation/reconciliation.resolver.js';
import { RecurrenceRule } from './recurrences/recurrence-rule.entity.js';
import { recurrenceRuleReads } from './recurrences/recurrence-rule.reads.js';
import { RecurrenceRuleResolver } from './recurrences/recurrence-rule.resolver.js';
import {
  BalanceEvolutionResolver,
  CategoryExpensesResolver,
  CategoryShareResolver,
  StatisticsResolver,
} from './statistics/statistics.resolver.js';
import { bankingActions } from './task-actions.js';
import { ExpenseResolver } from './transactions/expense.resolver.js';
import { mayHearOfTransaction } from './transactions/hear-transaction-event.js';
import { TransactionEventResolver } from './transactions/transaction-event.resolver.js';
import { TransactionSplit } from './transactions/transaction-split.entity.js';
import { Transaction } from './transactions/transaction.entity.js';
import { transactionReads, transactionSplitReads } from './transactions/transaction.reads.js';
import { TransactionResolver } from './transactions/transaction.resolver.js';
import { mayHearOfTransfer } from './transfers/hear-transfer-event.js';
import { Transfer } from './transfers/transfer.entity.js';
import { transferReads } from './transfers/transfer.reads.js';
import { TransferResolver } from './transfers/transfer.resolver.js';
import { purgeTransactions } from './trash/purge-transactions.js';
import { BankingTrashResolver } from './trash/trash.resolver.js';

export const bankingModule: Module = {
  name: 'banking',
  entities: [
    BankAccountType,
    BankAccount,
    AccountShare,
    Budget,
    Category,
    CategorizationRule,
    Transaction,
    TransactionSplit,
    Transfer,
    BankImport,
    BankImportRow,
    Reconciliation,
    Receipt,
    RecurrenceRule,
  ],
  reads: [
    bankAccountTypeReads,
    bankAccountReads,
    accountShareReads,
    budgetReads,
    categoryReads,
    categorizationRuleReads,
    transactionReads,
    transactionSplitReads,
    transferReads,
    reconciliationReads,
    receiptReads,
    recurrenceRuleReads,
    bankImportReads,
    bankImportRowReads,
  ],
  resolvers: [
    BankAccountResolver,
    AccountShareResolver,
    BudgetResolver,
    CategoryResolver,
    StatisticsResolver,
    CategoryShareResolver,
    CategoryExpensesResolver,
    BalanceEvolutionResolver,
    CategorizationRuleResolver,
    TransactionResolver,
    TransactionEventResolver,
    ExpenseResolver,
    TransferResolver,
    BankingTrashResolver,
    ReconciliationResolver,
    ReceiptResolver,
    TransactionStatementResolver,
    RecurrenceRuleResolver,
    BankImportResolver,
    BankImportEventResolver,
  ],
  loaders: bankingLoaders,
  events: bankingEvents,
  hooks: receiptHooks,
  notices: bankingNotices,
  jobs: bankingJobs,
  taskActions: bankingActions,
  emptyTrash: purgeTransactions,
  hears: {
    Transaction: mayHearOfTransaction,
    Transfer: mayHearOfTransfer,
    Reconciliation: mayHearOfTransaction,
    RecurrenceRule: mayHearOfTransaction,
    BankImport: mayHearOfTransaction,
  },
  personalData: bankingPersonalData,
  demo: fillBankingDemo,
  gauges: [balanceDrift],
};
