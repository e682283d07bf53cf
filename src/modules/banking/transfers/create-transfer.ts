import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { negateAmount } from '../../../lib/money.js';
import { lockVisibleAccounts, requireWrite } from '../accounts/lock-accounts.js';
import { checkedDescription } from '../transactions/transaction-terms.js';
import { writeTransactions } from '../transactions/write-transactions.js';
import { checkAccounts, type TransferTerms } from './transfer-terms.js';

/**
 * Moves money between two accounts that the viewer may write and returns the transfer's id. Both legs are written in
 * one statement, so that there are two or none. Throws FORBIDDEN for an account that is shared for reading only, or
 * BAD_USER_INPUT with every problem, or when a savings account would be overdrawn.
 */
export async function createTransfer(ctx: CommandContext, terms: TransferTerms): Promise<number> {
  const { userId } = requireSignedIn(ctx.viewer, 'write');
  const problems: FieldProblem[] = [];
  const amount = checkedAmount(terms.amount, ['amount'], problems, { isPositive: true });
  const description = checkedDescription(terms.description, problems);
  const transferDate = checkedDay(terms.transferDate, ['transferDate'], problems);
  return ctx.db.transaction(async (tx) => {
    const accounts = await lockVisibleAccounts(tx, ctx, [terms.fromAccountId, terms.toAccountId]);
    const from = accounts.get(Number(terms.fromAccountId));
    const to = accounts.get(Number(terms.toAccountId));
    for (const account of accounts.values()) requireWrite(ctx, account);
    checkAccounts(from, to, problems);
    if (problems.length > 0 || !from || !to) throw badInput(problems);
    const next = await tx.first<{ id: string }>(sql`select nextval(pg_get_serial_sequence('transfers', 'id')) as id`);
    const id = Number(next?.id);
    const leg = { categoryId: null, description, transactionDate: transferDate, transferId: id };
    const [fromId, toId] = (await writeTransactions(tx, ctx, [
      { ...leg, account: from, amount: negateAmount(amount) },
      { ...leg, account: to, amount },
    ])) as [number, number];
    const now = ctx.services.now();
    await tx.send(sql`
      insert into transfers (id, owner_id, from_transaction_id, to_transaction_id, amount, transfer_date, description,
                             created_by_id, created_at, updated_at)
      values (${id}, ${from.ownerId}, ${fromId}, ${toId}, ${amount}, ${transferDate}, ${description}, ${userId},
              ${now}, ${now})`);
    const data = { fromAccountId: from.id, toAccountId: to.id };
    await emit(tx, ctx, 'transfer.created', ['Transfer', id], data);
    return id;
  });
}
