import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { addReceipt, linkReceipt } from './add-receipt.js';
import { Receipt } from './receipt.entity.js';
import {
  AddReceiptInput,
  LinkReceiptInput,
  ReceiptFile,
  ReceiptPayload,
  RemoveReceiptInput,
} from './receipt.inputs.js';
import { receiptReads } from './receipt.reads.js';
import { removeReceipt } from './remove-receipt.js';

const payload = payloadOf('receipt', receiptReads);

@Resolver(() => Receipt)
export class ReceiptResolver {
  @Mutation(() => ReceiptPayload, { description: 'Adds a file to a transaction, as a document that proves it.' })
  async addReceipt(
    @Ctx() ctx: Context,
    @Arg('input', () => AddReceiptInput, { description: 'The file.' }) input: AddReceiptInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReceiptPayload> {
    return payload(ctx, await addReceipt(ctx, input), info);
  }

  @Mutation(() => ReceiptPayload, { description: 'Adds a document of the archive to a transaction.' })
  async linkReceipt(
    @Ctx() ctx: Context,
    @Arg('input', () => LinkReceiptInput, { description: 'The document.' }) input: LinkReceiptInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReceiptPayload> {
    return payload(ctx, await linkReceipt(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description:
      'Takes a receipt off its transaction. A document that came as a receipt goes into the trash, unless something ' +
      'else links to it.',
  })
  async removeReceipt(
    @Ctx() ctx: Context,
    @Arg('input', () => RemoveReceiptInput, { description: 'The receipt.' }) input: RemoveReceiptInput,
  ): Promise<DeletedPayload> {
    return deleted('Receipt', await removeReceipt(ctx, input));
  }

  @FieldResolver(() => ReceiptFile, { description: 'Its file, for whoever sees the transaction.' })
  @Extensions({ needs: ['id'] })
  async file(@Root() { id }: Receipt, @Ctx() { load, services }: Context): Promise<ReceiptFile> {
    const { transactionId, ...facts } = await load.receiptFile.load(id);
    const downloadUrl = services.links.path('receiptFile', { id: transactionId, receiptId: id });
    return { ...facts, downloadUrl };
  }
}
