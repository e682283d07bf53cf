import { sql } from '../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const bankingPersonalData: PersonalData = {
  exports: {
    bankAccounts: {
      sql: `
        select ba.id, ba.name, y.name as type, ba.currency, ba.opening_balance as "openingBalance", ba.balance,
               ${at('ba.created_at', 'createdAt')}, ${at('ba.updated_at', 'updatedAt')},
               (select coalesce(json_agg(json_build_object('fullName', w.full_name, 'permission', s.permission)
                                         order by s.id), '[]')
                  from account_shares s join users w on w.id = s.user_id where s.account_id = ba.id) as "sharedWith"
          from bank_accounts ba join bank_account_types y on y.id = ba.account_type_id
         where ba.owner_id = me.id order by ba.id`,
    },
    /** Accounts of others that the person may see. */
    accountsSharedWithMe: {
      sql: `
        select ba.id, ba.name, s.permission, ${at('s.created_at', 'sharedAt')}
          from account_shares s join bank_accounts ba on ba.id = s.account_id where s.user_id = me.id order by s.id`,
    },
    budgets: {
      sql: `
        select bu.id, bu.name, k.name as category, bu.target_amount as "targetAmount",
               bu.current_amount as "currentAmount", bu.target_date as "targetDate",
               ${at('bu.created_at', 'createdAt')}, ${at('bu.updated_at', 'updatedAt')}
          from budgets bu left join categories k on k.id = bu.category_id
         where bu.owner_id = me.id order by bu.id`,
    },
    categories: {
      sql: `
        select c.id, c.name, c.color, c.icon, c.type, ${at('c.created_at', 'createdAt')}
          from categories c where c.owner_id = me.id order by c.id`,
    },
    transactions: {
      sql: `
        select t.id, t.account_id as "accountId", t.amount, t.description, t.transaction_date as "transactionDate",
               t.recurrence_rule_id as "recurrenceRuleId", t.occurrence_date as "occurrenceDate",
               c.name as category, t.labels, t.notes, t.transfer_id as "transferId",
               t.import_id as "importId", t.bank_reference as "bankReference", t.is_flagged as "isFlagged",
               t.reconciliation_id as "reconciliationId",
               (select coalesce(json_agg(json_build_object('category', k.name, 'amount', tp.amount,
                                                           'description', tp.description) order by tp.position), '[]')
                  from transaction_splits tp left join categories k on k.id = tp.category_id
                 where tp.transaction_id = t.id) as splits,
               ${at('t.created_at', 'createdAt')}, ${at('t.updated_at', 'updatedAt')}
          from transactions t left join categories c on c.id = t.category_id
         where t.owner_id = me.id order by t.id`,
    },
    /** What was deleted of the person's accounts, as long as it can come back. */
    trashedTransactions: {
      sql: `
        select tt.id, tt.account_id as "accountId", tt.amount, tt.currency, tt.description,
               tt.transaction_date as "transactionDate", ttc.name as category,
               tt.content -> 'transaction' -> 'labels' as labels, tt.content -> 'transaction' ->> 'notes' as notes,
               tt.content -> 'transaction' ->> 'bank_reference' as "bankReference", tt.transfer_id as "transferId",
               (select coalesce(json_agg(json_build_object('category', ttk.name, 'amount', tts.amount,
                                                           'description', tts.description) order by tts.position), '[]')
                  from jsonb_populate_recordset(null::transaction_splits, tt.content -> 'splits') tts
                  left join categories ttk on ttk.id = tts.category_id) as splits,
               ${at('tt.deleted_at', 'deletedAt')}
          from trashed_transactions tt
          left join categories ttc on ttc.id = (tt.content -> 'transaction' ->> 'category_id')::int
         where tt.owner_id = me.id order by tt.id`,
    },
    /** What the person wrote into accounts of others and was deleted, or deleted there. */
    trashedTransactionsForOthers: {
      sql: `
        select tt.id, tt.account_id as "accountId", tt.amount, tt.description,
               tt.transaction_date as "transactionDate", ${at('tt.deleted_at', 'deletedAt')}
          from trashed_transactions tt
         where tt.owner_id <> me.id
           and (tt.deleted_by_id = me.id or (tt.content -> 'transaction' ->> 'created_by_id')::int = me.id)
         order by tt.id`,
    },
    recurrenceRules: {
      sql: `
        select rr.id, rr.account_id as "accountId", rrc.name as category, rr.amount, rr.description, rr.labels,
               rr.frequency, rr.interval, rr.start_date as "startDate", rr.end_date as "endDate",
               rr.next_occurrence as "nextOccurrence", rr.last_occurrence as "lastOccurrence",
               rr.skipped_dates as "skippedDates", rr.refused_on as "refusedOn",
               rr.origin_transaction_id as "originTransactionId", ${at('rr.stopped_at', 'stoppedAt')},
               ${at('rr.created_at', 'createdAt')}, ${at('rr.updated_at', 'updatedAt')}
          from recurrence_rules rr left join categories rrc on rrc.id = rr.category_id
         where rr.owner_id = me.id or rr.created_by_id = me.id order by rr.id`,
    },
    /** Those between accounts of the person's, and those that the person made between others' accounts. */
    transfers: {
      sql: `
        select tf.id, tf.amount, tf.transfer_date as "transferDate", tf.description,
               tf.from_transaction_id as "fromTransactionId", tf.to_transaction_id as "toTransactionId",
               ${at('tf.created_at', 'createdAt')}, ${at('tf.updated_at', 'updatedAt')}
          from transfers tf where tf.owner_id = me.id or tf.created_by_id = me.id order by tf.id`,
    },
    reconciliations: {
      sql: `
        select rc.id, rc.account_id as "accountId", rc.statement_date as "statementDate",
               rc.statement_balance as "statementBalance", ${at('rc.created_at', 'createdAt')}
          from reconciliations rc where rc.owner_id = me.id or rc.created_by_id = me.id order by rc.id`,
    },
    /** What the person added to transactions, be it to those of others. */
    receipts: {
      sql: `
        select rp.id, rp.transaction_id as "transactionId", rp.document_id as "documentId",
               ${at('rp.created_at', 'createdAt')}
          from receipts rp where rp.created_by_id = me.id order by rp.id`,
    },
    /** Transactions that the person wrote into accounts of others. */
    transactionsForOthers: {
      sql: `
        select t.id, t.account_id as "accountId", t.amount, t.description, t.transaction_date as "transactionDate"
          from transactions t where t.created_by_id = me.id and t.owner_id <> me.id order by t.id`,
    },
    categorizationRules: {
      sql: `
        select cr.id, cr.name, cr.position, cr.conditions, crc.name as category, cr.category_id as "categoryId",
               cr.labels, cr.stops, ${at('cr.created_at', 'createdAt')}, ${at('cr.updated_at', 'updatedAt')}
          from categorization_rules cr left join categories crc on crc.id = cr.category_id
         where cr.owner_id = me.id order by cr.position`,
    },
    bankImports: {
      sql: `
        select bi.id, bi.account_id as "accountId", bi.format, bi.file_name as "fileName", bi.row_count as "rowCount",
               bi.created_count as "createdCount", bi.duplicate_count as "duplicateCount", bi.mapping,
               (select coalesce(json_agg(json_build_object(
                          'line', ir.line, 'status', ir.status, 'transactionDate', ir.transaction_date,
                          'amount', ir.amount, 'description', ir.description, 'bankReference', ir.bank_reference,
                          'transactionId', ir.transaction_id) order by ir.line), '[]')
                  from import_rows ir where ir.import_id = bi.id) as rows,
               ${at('bi.created_at', 'createdAt')}, ${at('bi.undone_at', 'undoneAt')},
               ${at('bi.restored_at', 'restoredAt')}
          from imports bi where bi.owner_id = me.id order by bi.id`,
    },
    /** Files that the person sent for accounts of others. */
    bankImportsForOthers: {
      sql: `
        select bi.id, bi.account_id as "accountId", bi.file_name as "fileName", ${at('bi.created_at', 'createdAt')}
          from imports bi where bi.created_by_id = me.id and bi.owner_id <> me.id order by bi.id`,
    },
  },
  references: {
    'bank_accounts.owner_id': { export: 'bankAccounts', erasure: 'deleted' },
    'account_shares.user_id': { export: 'accountsSharedWithMe', erasure: 'deleted' },
    'budgets.owner_id': { export: 'budgets', erasure: 'deleted' },
    'categories.owner_id': {
      export: 'categories',
      erasure: { kept: "A category that transactions of another person's account have stays, without the name" },
    },
    'recurrence_rules.created_by_id': { export: 'recurrenceRules', erasure: 'deleted' },
    'transfers.owner_id': { export: 'transfers', erasure: 'deleted' },
    'transfers.created_by_id': {
      export: 'transfers',
      erasure: { kept: "A transfer between another person's accounts stays, under a number" },
    },
    'reconciliations.created_by_id': {
      export: 'reconciliations',
      erasure: { kept: "That another person's account was reconciled stays, under a number" },
    },
    'categorization_rules.owner_id': { export: 'categorizationRules', erasure: 'deleted' },
    'receipts.created_by_id': {
      export: 'receipts',
      erasure: { kept: "A receipt of another person's account stays with its document, under a number" },
    },
    'transactions.created_by_id': {
      export: 'transactionsForOthers',
      erasure: { kept: "What was written into another person's account stays, under a number" },
    },
    'trashed_transactions.deleted_by_id': {
      export: 'trashedTransactionsForOthers',
      erasure: { kept: "That something of another person's account was deleted stays 30 days, under a number" },
    },
    'imports.created_by_id': {
      export: 'bankImportsForOthers',
      erasure: { kept: "What was sent for another person's account stays, under a number" },
    },
  },
  erase: async (tx, ctx, userId) => {
    const rows = await tx.all<{ id: number }>(sql`select id from transactions where owner_id = ${userId}`);
    await ctx.services.runHook(
      'transactionsRemoved',
      tx,
      ctx,
      rows.map(({ id }) => id),
    );
    await tx.send(sql`delete from bank_accounts where owner_id = ${userId}`);
    await tx.send(sql`delete from budgets where owner_id = ${userId}`);
    await tx.send(sql`delete from categorization_rules where owner_id = ${userId}`);
    await tx.send(sql`
      delete from categories c where owner_id = ${userId}
         and not exists (select 1 from transactions where category_id = c.id)
         and not exists (select 1 from transaction_splits where category_id = c.id)`);
  },
  pseudonymise: async (tx, userId) => {
    await tx.send(sql`update categories set name = 'Catégorie ' || id where owner_id = ${userId}`);
  },
};
