import { sql } from '../../../db/sql.js';
import { emit, emitEach } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { checkedAmount, checkedDay } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { negateAmount } from '../../../lib/money.js';
import { movingBalances } from '../accounts/balance-limits.js';
import { requireWrite } from '../accounts/lock-accounts.js';
import { refuseReconciledMove } from '../transactions/held-transaction.js';
import type { TransactionHooks } from '../transactions/transaction-hooks.js';
import { checkedDescription } from '../transactions/transaction-terms.js';
import { lockTransfer, type TransferRow } from './lock-transfer.js';
import { checkAccounts, type TransferTerms } from './transfer-terms.js';

/** What is undefined or null stays. */
export type TransferChanges = { [K in keyof TransferTerms]?: TransferTerms[K] | null | undefined } & { id: string };

/** The transfer's fields, and what each is called on a leg. */
const legFields = {
  fromAccountId: 'accountId',
  toAccountId: 'accountId',
  amount: 'amount',
  transferDate: 'transactionDate',
  description: 'description',
} as const;

/**
 * Changes a transfer with both its legs, in one statement, and returns its id. Throws NOT_FOUND, FORBIDDEN, CONFLICT,
 * BAD_USER_INPUT with every problem, or when a savings account would be overdrawn.
 */
export async function updateTransfer(ctx: CommandContext, changes: TransferChanges): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  return ctx.db.transaction(async (tx) => {
    const locked = await lockTransfer(tx, ctx, changes.id, [changes.fromAccountId, changes.toAccountId]);
    const { transfer, accounts } = locked;
    const problems: FieldProblem[] = [];
    const from = changes.fromAccountId == null ? locked.from : accounts.get(Number(changes.fromAccountId));
    const to = changes.toAccountId == null ? locked.to : accounts.get(Number(changes.toAccountId));
    for (const account of [from, to]) if (account) requireWrite(ctx, account);
    checkAccounts(from, to, problems);
    const amount =
      changes.amount == null
        ? transfer.amount
        : checkedAmount(changes.amount, ['amount'], problems, { isPositive: true });
    const transferDate =
      changes.transferDate == null
        ? transfer.transferDate
        : checkedDay(changes.transferDate, ['transferDate'], problems);
    const description =
      changes.description == null ? transfer.description : checkedDescription(changes.description, problems);
    if (problems.length > 0 || !from || !to) throw badInput(problems);
    for (const change of changesOfLegs(transfer, {
      amount,
      transferDate,
      fromAccountId: from.id,
      toAccountId: to.id,
    })) {
      refuseReconciledMove(change, change.before, change.after);
      await ctx.services.runHook('transactionChanges', tx, ctx, change);
    }
    const now = ctx.services.now();
    await movingBalances(() =>
      tx.run(sql`
        update transactions t set amount = n.amount, account_id = n.account_id, owner_id = n.owner_id,
               transaction_date = ${transferDate}, updated_at = ${now},
               description = case t.description when ${transfer.description} then ${description} else t.description end
          from (values (${transfer.fromTransactionId}::int, ${negateAmount(amount)}::numeric, ${from.id}::int,
                        ${from.ownerId}::int),
                       (${transfer.toTransactionId}::int, ${amount}::numeric, ${to.id}::int, ${to.ownerId}::int))
               as n (id, amount, account_id, owner_id)
         where t.id = n.id`),
    );
    await tx.send(sql`
      update transfers set owner_id = ${from.ownerId}, amount = ${amount}, transfer_date = ${transferDate},
             description = ${description}, updated_at = ${now} where id = ${transfer.id}`);
    const fields = (Object.keys(legFields) as (keyof typeof legFields)[]).filter((name) => changes[name] != null);
    const legs = [
      { id: transfer.fromTransactionId, account: from, fields: fields.filter((name) => name !== 'toAccountId') },
      { id: transfer.toTransactionId, account: to, fields: fields.filter((name) => name !== 'fromAccountId') },
    ];
    const updates = legs.map(({ id, account, fields: names }) => ({
      id,
      data: { bankAccountId: account.id, ownerId: account.ownerId, fields: names.map((name) => legFields[name]) },
    }));
    await emitEach(tx, ctx, 'transaction.updated', 'Transaction', updates);
    const data = { fromAccountId: from.id, toAccountId: to.id, fields };
    await emit(tx, ctx, 'transfer.updated', ['Transfer', transfer.id], data);
    return transfer.id;
  });
}

type TransferFacts = Pick<TransferRow, 'amount' | 'transferDate' | 'fromAccountId' | 'toAccountId'>;

type LegChange = Parameters<TransactionHooks['transactionChanges']>[2] & { reconciliationId: number | null };

function changesOfLegs(before: TransferRow, after: TransferFacts): LegChange[] {
  const factsOfLegs = ({ amount, transferDate: transactionDate, fromAccountId, toAccountId }: TransferFacts) =>
    ({
      from: { accountId: fromAccountId, amount: negateAmount(amount), transactionDate },
      to: { accountId: toAccountId, amount, transactionDate },
    }) as const;
  const [was, is] = [factsOfLegs(before), factsOfLegs(after)];
  return [
    { id: before.fromTransactionId, reconciliationId: before.fromReconciliationId, before: was.from, after: is.from },
    { id: before.toTransactionId, reconciliationId: before.toReconciliationId, before: was.to, after: is.to },
  ];
}
