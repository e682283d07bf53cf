import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { createTransfer } from './create-transfer.js';
import { deleteTransfer } from './delete-transfer.js';
import { Transfer } from './transfer.entity.js';
import {
  CreateTransferInput,
  DeleteTransferInput,
  TransferConnection,
  TransferListArgs,
  TransferPayload,
  UpdateTransferInput,
} from './transfer.inputs.js';
import { transferReads } from './transfer.reads.js';
import { updateTransfer } from './update-transfer.js';

const payload = payloadOf('transfer', transferReads);

@Resolver(() => Transfer)
export class TransferResolver {
  @Planned
  @Query(() => TransferConnection, { description: 'Transfers from and into the accounts that the viewer may see.' })
  transfers(
    @Ctx() { viewer, read }: Context,
    @Args(() => TransferListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Transfer>> {
    requireSignedIn(viewer);
    return read.list(transferReads, args, info);
  }

  @Planned
  @Query(() => Transfer, {
    nullable: true,
    description: 'One transfer; null when there is none that the viewer may see.',
  })
  async transfer(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the transfer.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Transfer | undefined> {
    requireSignedIn(viewer);
    return read.one(transferReads, id, info);
  }

  @Mutation(() => TransferPayload, { description: 'Moves money between two accounts: both legs, or none.' })
  async createTransfer(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateTransferInput, { description: 'The transfer.' }) input: CreateTransferInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TransferPayload> {
    return payload(ctx, await createTransfer(ctx, input), info);
  }

  @Mutation(() => TransferPayload, { description: 'Changes a transfer with both its legs.' })
  async updateTransfer(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateTransferInput, { description: 'The changes.' }) input: UpdateTransferInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TransferPayload> {
    return payload(ctx, await updateTransfer(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a transfer with both its legs; the balances follow.' })
  async deleteTransfer(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteTransferInput, { description: 'The transfer.' }) { id }: DeleteTransferInput,
  ): Promise<DeletedPayload> {
    return deleted('Transfer', await deleteTransfer(ctx, id));
  }
}
