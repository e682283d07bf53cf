import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { Transaction } from '../banking/transactions/transaction.entity.js';
import { transactionReads } from '../banking/transactions/transaction.reads.js';
import { reopenSupplierInvoice, settleSupplierInvoice } from './settle-supplier-invoice.js';
import { SupplierInvoice } from './supplier-invoice.entity.js';
import {
  ProposedPayment,
  ReopenSupplierInvoiceInput,
  SettleSupplierInvoiceInput,
  SupplierInvoiceConnection,
  type SupplierInvoiceFilter,
  SupplierInvoiceListArgs,
  SupplierInvoicePayload,
} from './supplier-invoice.inputs.js';
import { supplierInvoiceReads } from './supplier-invoice.reads.js';

const whatPaymentNeeds: readonly (keyof SupplierInvoice)[] = [
  'number',
  'amountDue',
  'currency',
  'supplierName',
  'iban',
  'bic',
  'paymentReference',
  'dueDate',
  'issueDate',
  'isCreditNote',
  'isDuplicate',
  'isPaid',
];

const payload = payloadOf('supplierInvoice', supplierInvoiceReads);

@Resolver(() => SupplierInvoice)
export class SupplierInvoiceResolver {
  @Planned
  @Query(() => SupplierInvoiceConnection, {
    description: "Suppliers' invoices in the files of the documents that the viewer sees, without the trash.",
  })
  supplierInvoices(
    @Ctx() { viewer, read }: Context,
    @Args(() => SupplierInvoiceListArgs) args: ListArgs<SupplierInvoiceFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<SupplierInvoice>> {
    requireSignedIn(viewer);
    return read.list(supplierInvoiceReads, args, info);
  }

  @Planned
  @Query(() => SupplierInvoice, {
    nullable: true,
    description: "One supplier's invoice; null when there is none that the viewer may see.",
  })
  async supplierInvoice(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the record.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SupplierInvoice | undefined> {
    requireSignedIn(viewer);
    return read.one(supplierInvoiceReads, id, info);
  }

  @Mutation(() => SupplierInvoicePayload, { description: "Marks a supplier's invoice as paid." })
  async settleSupplierInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => SettleSupplierInvoiceInput, { description: 'The invoice, and what paid it.' })
    input: SettleSupplierInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SupplierInvoicePayload> {
    return payload(ctx, await settleSupplierInvoice(ctx, input), info);
  }

  @Mutation(() => SupplierInvoicePayload, { description: "Takes back that a supplier's invoice was paid." })
  async reopenSupplierInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => ReopenSupplierInvoiceInput, { description: 'The invoice.' })
    { id }: ReopenSupplierInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SupplierInvoicePayload> {
    return payload(ctx, await reopenSupplierInvoice(ctx, id), info);
  }

  @FieldResolver(() => ProposedPayment, {
    nullable: true,
    description:
      'The transfer that would pay it; null when there is nothing to pay: paid, a credit note, received before, or ' +
      'not readable.',
  })
  @Extensions({
    needs: whatPaymentNeeds,
  })
  proposedPayment(@Root() invoice: SupplierInvoice): ProposedPayment | null {
    const { number, amountDue, currency, supplierName, issueDate, iban, bic, paymentReference, dueDate } = invoice;
    if (!number || !amountDue || !currency || !supplierName || !issueDate || Number(amountDue) <= 0) return null;
    if (invoice.isCreditNote || invoice.isDuplicate || invoice.isPaid) return null;
    return {
      amount: amountDue,
      currency,
      creditorName: supplierName,
      iban: iban ?? null,
      bic: bic ?? null,
      reference: paymentReference ?? number,
      dueDate: dueDate ?? issueDate,
    };
  }

  @FieldResolver(() => [Transaction], {
    description:
      "Transactions in the viewer's accounts that may have paid it, at most five, best first: expenses of what is " +
      'due, those that name its number or reference before the others. Empty once it is paid.',
  })
  @Extensions({ needs: ['id'] })
  async payingTransactions(
    @Root() { id }: SupplierInvoice,
    @Ctx() { load, read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Transaction[]> {
    const ids = await load.payingTransactions.load(Number(id));
    return ids.length ? read.many(transactionReads, ids, info) : [];
  }
}
