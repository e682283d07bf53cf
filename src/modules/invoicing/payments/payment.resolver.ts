import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { InvoicePayload } from '../invoice.inputs.js';
import { invoiceReads } from '../invoice.reads.js';
import { allocatePayment } from './allocate-payment.js';
import { deletePayment, unallocatePayment } from './delete-payment.js';
import { Payment } from './payment.entity.js';
import {
  AllocatePaymentInput,
  DeletePaymentInput,
  PaymentConnection,
  type PaymentFilter,
  PaymentListArgs,
  PaymentPayload,
  RecordPaymentInput,
  UnallocatePaymentInput,
} from './payment.inputs.js';
import { paymentReads } from './payment.reads.js';
import { recordPayment } from './record-payment.js';

const payload = payloadOf('payment', paymentReads);
const invoicePayload = payloadOf('invoice', invoiceReads);

@Resolver(() => Payment)
export class PaymentResolver {
  @Planned
  @Query(() => PaymentConnection, { description: 'Payments that the viewer may see.' })
  payments(
    @Ctx() { viewer, read }: Context,
    @Args(() => PaymentListArgs) args: ListArgs<PaymentFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Payment>> {
    requireSignedIn(viewer);
    return read.list(paymentReads, args, info);
  }

  @Planned
  @Query(() => Payment, {
    nullable: true,
    description: 'One payment; null when there is none that the viewer may see.',
  })
  async payment(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the payment.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Payment | undefined> {
    requireSignedIn(viewer);
    return read.one(paymentReads, id, info);
  }

  @Mutation(() => PaymentPayload, {
    description: 'Records what a customer paid and settles invoices by it, whose states follow.',
  })
  async recordPayment(
    @Ctx() ctx: Context,
    @Arg('input', () => RecordPaymentInput, { description: 'The payment.' }) input: RecordPaymentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PaymentPayload> {
    return payload(ctx, await recordPayment(ctx, input), info);
  }

  @Mutation(() => PaymentPayload, {
    description: 'Settles invoices by what is left of a payment: of a deposit, or of one that was too much.',
  })
  async allocatePayment(
    @Ctx() ctx: Context,
    @Arg('input', () => AllocatePaymentInput, { description: 'The invoices.' }) input: AllocatePaymentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PaymentPayload> {
    return payload(ctx, await allocatePayment(ctx, input), info);
  }

  @Mutation(() => InvoicePayload, { description: 'Takes a payment off one invoice; what else it settles stays.' })
  async unallocatePayment(
    @Ctx() ctx: Context,
    @Arg('input', () => UnallocatePaymentInput, { description: 'Payment and invoice.' }) input: UnallocatePaymentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvoicePayload> {
    return invoicePayload(ctx, await unallocatePayment(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a payment; all that it settled is due again.' })
  async deletePayment(
    @Ctx() ctx: Context,
    @Arg('input', () => DeletePaymentInput, { description: 'The payment.' }) { id }: DeletePaymentInput,
  ): Promise<DeletedPayload> {
    return deleted('Payment', await deletePayment(ctx, id));
  }
}
