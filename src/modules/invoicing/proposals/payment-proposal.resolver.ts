import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Decimal } from '../../../kernel/scalars.js';
import { Transaction } from '../../banking/transactions/transaction.entity.js';
import { transactionReads } from '../../banking/transactions/transaction.reads.js';
import { Invoice } from '../invoice.entity.js';
import { invoiceReads } from '../invoice.reads.js';
import { PaymentPayload } from '../payments/payment.inputs.js';
import { paymentReads } from '../payments/payment.reads.js';
import { acceptProposal } from './accept-proposal.js';
import { findProposals, ProposalReason } from './find-proposals.js';

registerEnumType(ProposalReason, {
  name: 'ProposalReason',
  description: 'Why a transaction seems to pay an invoice; the surest first.',
  valuesConfig: {
    NUMBER_AND_AMOUNT: { description: 'The number stands in its text, and it brought exactly what is due.' },
    NUMBER: { description: 'The number stands in its text.' },
    AMOUNT: { description: 'It brought exactly what is due.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A bank transaction that seems to pay an invoice.' })
export class PaymentProposal {
  @Field(() => Transaction, { description: 'What came in and settles nothing yet, or not all of it.' })
  transaction!: Transaction;

  @Field(() => Invoice, { description: 'The open invoice.' })
  invoice!: Invoice;

  @Field(() => Decimal, { description: 'What of the transaction the invoice would take.' })
  amount!: string;

  @Field(() => ProposalReason, { description: 'Why.' })
  reason!: ProposalReason;
}

@InputType({ description: 'Which proposals; both conditions must hold.' })
export class PaymentProposalFilter {
  @Field(() => ID, { nullable: true, description: 'Of this bank transaction.' })
  transactionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For this invoice.' })
  invoiceId?: string | null;
}

@InputType({ description: 'A proposal that is right.' })
export class AcceptPaymentProposalInput {
  @Field(() => ID, { description: 'Number of the bank transaction.' })
  transactionId!: string;

  @Field(() => [ID], {
    description: 'Numbers of the invoice records that it pays, in this order: 1 to 100 of one customer.',
  })
  invoiceIds!: string[];
}

const payload = payloadOf('payment', paymentReads);

@Resolver(() => PaymentProposal)
export class PaymentProposalResolver {
  @Query(() => [PaymentProposal], {
    description:
      'Which open invoices of the viewer transactions of their accounts seem to pay, by number and amount: at most ' +
      '100, the surest first. A number is recognised in any case, with any blanks and dashes. The latest 300 ' +
      'transactions that settle nothing yet are looked at.',
  })
  async paymentProposals(
    @Ctx() ctx: Context,
    @Arg('filter', () => PaymentProposalFilter, { nullable: true, description: 'Conditions.' })
    filter: PaymentProposalFilter | null | undefined,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PaymentProposal[]> {
    const found = await findProposals(ctx, filter ?? {});
    if (found.length === 0) return [];
    const [transactions, invoices] = await Promise.all([
      ctx.read.each(
        transactionReads,
        found.map(({ transactionId }) => transactionId),
        info,
        { path: ['transaction'] },
      ),
      ctx.read.each(
        invoiceReads,
        found.map(({ invoiceId }) => invoiceId),
        info,
        { path: ['invoice'] },
      ),
    ]);
    return found.flatMap(({ amount, reason }, index) => {
      const [transaction, invoice] = [transactions[index], invoices[index]];
      return transaction && invoice ? [{ transaction, invoice, amount, reason }] : [];
    });
  }

  @Mutation(() => PaymentPayload, {
    description: 'Records what a bank transaction brought as a payment of invoices, on its day.',
  })
  async acceptPaymentProposal(
    @Ctx() ctx: Context,
    @Arg('input', () => AcceptPaymentProposalInput, { description: 'Transaction and invoices.' })
    input: AcceptPaymentProposalInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PaymentPayload> {
    return payload(ctx, await acceptProposal(ctx, input), info);
  }
}
