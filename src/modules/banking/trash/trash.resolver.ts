import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { bankImportReads } from '../imports/bank-import.reads.js';
import { transactionReads } from '../transactions/transaction.reads.js';
import { transferReads } from '../transfers/transfer.reads.js';
import { restoreImport } from './restore-import.js';
import { restoreTransaction } from './restore-transaction.js';
import { restoreTransfer } from './restore-transfer.js';
import {
  RestoreImportInput,
  RestoreImportPayload,
  RestoreTransactionInput,
  RestoreTransactionPayload,
  RestoreTransferInput,
  RestoreTransferPayload,
  TrashedTransaction,
} from './trash.inputs.js';
import { mostTrashedTransactions, trashedTransactions } from './trashed-transactions.js';

const transactionPayload = payloadOf('transaction', transactionReads);
const importPayload = payloadOf('bankImport', bankImportReads);
const transferPayload = payloadOf('transfer', transferReads);

@Resolver()
export class BankingTrashResolver {
  @Query(() => [TrashedTransaction], {
    description:
      'What was deleted of an account that the viewer may write: by itself, the last deleted first, then with ' +
      'imports that were undone; of another account nothing. After 30 days it is gone for good.',
  })
  trashedTransactions(
    @Ctx() ctx: Context,
    @Arg('accountId', () => ID, { description: 'Number of the bank account.' }) accountId: string,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many: at most ${mostTrashedTransactions}.` })
    first: number,
  ): Promise<TrashedTransaction[]> {
    return trashedTransactions(ctx, { accountId, first });
  }

  @Mutation(() => RestoreTransactionPayload, {
    description:
      'Brings a deleted transaction back as it was, with its parts and receipts, but for documents of others that ' +
      'were taken out of the trash since; the balance follows. Invoices that it paid are paid again where there is ' +
      'room, and a category that is deleted is left out: `lost` says so. CONFLICT when the account has another ' +
      'currency now, or it is a leg of a transfer.',
  })
  async restoreTransaction(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreTransactionInput, { description: 'The transaction.' }) { id }: RestoreTransactionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RestoreTransactionPayload> {
    const restored = await restoreTransaction(ctx, id);
    return { ...(await transactionPayload(ctx, restored.id, info)), lost: restored.lost };
  }

  @Mutation(() => RestoreTransferPayload, {
    description:
      'Brings a deleted transfer back as it was, with both legs. CONFLICT as for a transaction, and when the account ' +
      'of a leg is gone: the other one comes back by itself then, as a transaction.',
  })
  async restoreTransfer(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreTransferInput, { description: 'The transfer.' }) { id }: RestoreTransferInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RestoreTransferPayload> {
    const restored = await restoreTransfer(ctx, id);
    return { ...(await transferPayload(ctx, restored.id, info)), lost: restored.lost };
  }

  @Mutation(() => RestoreImportPayload, {
    description:
      'Brings back, together, what went when an import was undone, but for bookings that a later file has brought ' +
      'again; the import is no longer undone then. Otherwise as `restoreTransaction`.',
  })
  async restoreImport(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreImportInput, { description: 'The import.' }) { id }: RestoreImportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RestoreImportPayload> {
    const { restored: restoredCount, left: leftCount, lost, ...restored } = await restoreImport(ctx, id);
    return { ...(await importPayload(ctx, restored.id, info)), restoredCount, leftCount, lost };
  }
}
