import type { Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedName } from '../../../lib/checked-values.js';
import { currencyProblems } from '../../../lib/currency.js';
import { badInput, conflict, type FieldProblem } from '../../../lib/errors.js';
import { toAmount } from '../../../lib/money.js';
import { rowId } from '../../../lib/row-id.js';
import { lockPerson } from '../../identity/people/lock-person.js';
import { movingBalances } from './balance-limits.js';
import { jointType } from './bank-account-type.entity.js';
import { BankAccount } from './bank-account.entity.js';
import { lockOwnAccount } from './lock-accounts.js';

export interface NewAccount {
  name: string;
  typeId: string;
  /** Decimal text; "0.00" by default. */
  openingBalance?: string | null | undefined;
  /** ISO 4217; the firm's own when absent. */
  currency?: string | null | undefined;
}

/** What is undefined or null stays. */
export interface AccountChanges {
  id: string;
  name?: string | null | undefined;
  typeId?: string | null | undefined;
  currency?: string | null | undefined;
  /** Only as it is: transactions move it. */
  balance?: string | null | undefined;
}

const maxNameLength = 100;
export const mostAccounts = 200;

/** Opens an account of the viewer's and returns its id. Throws BAD_USER_INPUT, CONFLICT beyond 200 accounts. */
export async function createBankAccount(ctx: CommandContext, input: NewAccount): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const currency = input.currency ?? ctx.services.config.currency;
  const problems = currencyProblems(currency);
  const name = nameOf(input.name, problems);
  const openingBalance = checkedAmount(input.openingBalance ?? '0', ['openingBalance'], problems);
  return ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    const typeId = await knownType(tx, input.typeId, problems);
    if (problems.length > 0 || typeId === undefined) throw badInput(problems);
    await refuseBeyond(tx, 'BankAccount', mostAccounts, sql`select 1 from bank_accounts where owner_id = ${userId}`);
    const row = values(BankAccount, {
      owner: userId,
      name,
      type: typeId,
      currency,
      openingBalance,
      balance: openingBalance,
    });
    const [account] = await movingBalances(
      () => tx.all<{ id: number }>(sql`insert into bank_accounts ${row} returning id`),
      'openingBalance',
    );
    const { id } = account as { id: number };
    await emit(tx, ctx, 'bank_account.created', ['BankAccount', id], { ownerId: userId });
    return id;
  });
}

/**
 * Changes an account of the viewer's and returns its id. The currency only while it has no transactions, the type as
 * far as the balance and shares allow. Throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT.
 */
export async function updateBankAccount(ctx: CommandContext, changes: AccountChanges): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const account = await lockOwnAccount(tx, ctx, changes.id);
    const problems: FieldProblem[] = [];
    const name = changes.name == null ? undefined : nameOf(changes.name, problems);
    const currency = changes.currency ?? undefined;
    if (currency !== undefined && currency !== account.currency) {
      problems.push(...currencyProblems(currency));
      if (await tx.first(sql`select 1 from transactions where account_id = ${account.id} limit 1`))
        problems.push({
          path: ['currency'],
          code: 'not_allowed',
          message: 'stays once the account has transactions',
        });
    }
    if (changes.balance != null && toAmount(changes.balance) !== account.balance)
      problems.push({ path: ['balance'], code: 'not_allowed', message: 'is moved by transactions only' });
    const typeId = changes.typeId == null ? undefined : await knownType(tx, changes.typeId, problems);
    const isLeavingJoint = typeId !== undefined && typeId !== jointType;
    if (isLeavingJoint && (await tx.first(sql`select 1 from account_shares where account_id = ${account.id} limit 1`)))
      problems.push({ path: ['typeId'], code: 'not_allowed', message: 'only a joint account may be shared' });
    if (problems.length > 0) throw badInput(problems);
    const written = { name, currency, type: typeId, updatedAt: ctx.services.now() };
    await movingBalances(() =>
      tx.run(sql`update bank_accounts set ${set(BankAccount, written)} where id = ${account.id}`),
    );
    const fields = (['name', 'currency', 'typeId'] as const).filter((field) => changes[field] != null);
    await emit(tx, ctx, 'bank_account.updated', ['BankAccount', account.id], { ownerId: account.ownerId, fields });
    return account.id;
  });
}

/**
 * Deletes an account of the viewer's and returns the id that it had. Throws NOT_FOUND, FORBIDDEN, and CONFLICT when it
 * has transactions, unless `force` says that they may go.
 */
export async function deleteBankAccount(ctx: CommandContext, id: string, force: boolean): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const account = await lockOwnAccount(tx, ctx, id);
    const rows = await tx.all<{ id: number }>(sql`select id from transactions where account_id = ${account.id}`);
    const transactions = rows.length;
    if (transactions > 0 && !force)
      throw conflict(`The account has ${transactions} transactions`, {
        subject: 'BankAccount',
        reason: 'account.in_use',
        details: { transactions },
      });
    await ctx.services.runHook(
      'transactionsRemoved',
      tx,
      ctx,
      rows.map((row) => row.id),
    );
    await tx.send(sql`delete from bank_accounts where id = ${account.id}`);
    await emit(tx, ctx, 'bank_account.deleted', ['BankAccount', account.id], {
      ownerId: account.ownerId,
      transactions,
    });
    return account.id;
  });
}

const nameOf = (name: string, problems: FieldProblem[]): string =>
  checkedName(name, ['name'], problems, { max: maxNameLength });

/** The type's number; adds a problem when there is no such type. */
async function knownType(tx: Transaction, typeId: string, problems: FieldProblem[]): Promise<number | undefined> {
  const type = await tx.first<{ id: number }>(
    sql`select id from bank_account_types where id = ${rowId(typeId) ?? null}::int`,
  );
  if (!type) problems.push({ path: ['typeId'], code: 'unknown_reference', message: 'is no type of accounts' });
  return type?.id;
}
