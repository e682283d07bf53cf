import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { notFound } from '../../lib/errors.js';
import type { StoredFile } from '../documents/files/document-file.js';
import { todayOf } from '../identity/people/today-of.js';
import type { BankAccountAccess } from './accounts/account-access.js';
import type { Category } from './categories/category.entity.js';
import { categoryReads } from './categories/category.reads.js';
import { runningBalances } from './transactions/running-balances.js';

/** What there is to say of an account's transactions. */
export interface AccountFigures {
  transactionCount: number;
  /** `YYYY-MM-DD`; null without any. */
  lastTransactionDate: string | null;
}

/** A category that a field of the graph asks for. */
interface AskedCategory {
  id: number;
  info: GraphQLResolveInfo;
}

/** Where the file of a receipt lies. */
export interface StoredReceiptFile extends StoredFile {
  transactionId: number;
}

/** In the order of the ids; NOT_FOUND for what was deleted since the viewer was shown it. */
const inOrder = <V>(ids: readonly number[], byId: ReadonlyMap<number, V>, subject: string): (V | Error)[] =>
  ids.map((id) => byId.get(id) ?? notFound(subject));

/** Ask only for accounts, shares and transactions that the viewer was shown. */
export const bankingLoaders = {
  /** The day that it is for a person, `YYYY-MM-DD`; asked once a request, for the viewer. */
  today: ({ db, services }: LoaderScope): DataLoader<number, string> =>
    new DataLoader((ids) => Promise.all(ids.map((id) => todayOf(db, services, id)))),

  accountFigures: ({ db }: LoaderScope): DataLoader<number, AccountFigures> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<AccountFigures & { accountId: number }>(sql`
        select account_id as "accountId", count(*)::int as "transactionCount",
               max(transaction_date)::text as "lastTransactionDate"
          from transactions where account_id = any(${ids}::int[]) group by account_id`);
      const byAccount = new Map(rows.map((row) => [row.accountId, row]));
      return ids.map((id) => byAccount.get(id) ?? { transactionCount: 0, lastTransactionDate: null });
    }),

  /** Files of receipts that the viewer was shown. */
  receiptFile: ({ shortReads }: LoaderScope): DataLoader<number, StoredReceiptFile> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<StoredReceiptFile & { id: number }>(sql`
        select r.id, r.transaction_id as "transactionId", d.content_key as key, d.original_filename as name,
               d.mime_type as "mimeType", d.file_size::float8 as "sizeBytes", d.content_hash as "contentHash"
          from receipts r join documents d on d.id = r.document_id where r.id = any(${ids}::int[])`);
      const byId = new Map(rows.map(({ id, ...file }) => [id, file]));
      return inOrder(ids, byId, 'Receipt');
    }),

  /** Opening balance plus what was reconciled. */
  reconciledBalance: ({ db }: LoaderScope): DataLoader<number, string> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: number; balance: string }>(sql`
        select a.id, (a.opening_balance + coalesce((select sum(amount) from transactions t
                where t.account_id = a.id and t.is_reconciled), 0))::numeric(14,2) as balance
          from bank_accounts a where a.id = any(${ids}::int[])`);
      const byId = new Map(rows.map(({ id, balance }) => [id, balance]));
      return inOrder(ids, byId, 'BankAccount');
    }),

  /** The categories of figures, as far as the viewer sees them: one statement for each field that asks. */
  spentCategory: ({ read }: LoaderScope): DataLoader<AskedCategory, Category | undefined> =>
    new DataLoader(async (asked) => {
      const found = new Map<AskedCategory, Category | undefined>();
      for (const ofField of Map.groupBy(asked, ({ info }) => info.fieldNodes[0]).values()) {
        const ids = ofField.map(({ id }) => id);
        const rows = await read.each(categoryReads, ids, (ofField[0] as AskedCategory).info);
        for (const [i, each] of ofField.entries()) found.set(each, rows[i]);
      }
      return asked.map((each) => found.get(each));
    }),

  /** What the viewer may do with an account. */
  accountAccess: ({ shortReads, viewer }: LoaderScope): DataLoader<number, BankAccountAccess> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ id: number; access: BankAccountAccess }>(sql`
        select ba.id, case when ba.owner_id = ${viewer.userId ?? null}::int then 'owner' else s.permission end as access
          from bank_accounts ba
          left join account_shares s on s.account_id = ba.id and s.user_id = ${viewer.userId ?? null}::int
         where ba.id = any(${ids}::int[])`);
      const byId = new Map(rows.map(({ id, access }) => [id, access]));
      return inOrder(ids, byId, 'BankAccount');
    }),

  /** The address of the person whom an account is shared with, by the share. */
  shareEmails: ({ shortReads }: LoaderScope): DataLoader<number, string> =>
    new DataLoader(async (ids) => {
      const rows = await shortReads.all<{ id: number; email: string }>(sql`
        select s.id, u.email from account_shares s join users u on u.id = s.user_id where s.id = any(${ids}::int[])`);
      const byId = new Map(rows.map(({ id, email }) => [id, email]));
      return inOrder(ids, byId, 'AccountShare');
    }),

  /** The balance of its account right after a transaction. */
  runningBalance: ({ db }: LoaderScope): DataLoader<number, string> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: number; balance: string }>(runningBalances(ids));
      const byId = new Map(rows.map(({ id, balance }) => [id, balance]));
      return inOrder(ids, byId, 'Transaction');
    }),
};

export type BankingLoaders = LoadersOf<typeof bankingLoaders>;
