import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { vatBreakdown } from '../../lib/money.js';
import { isRowId } from '../../lib/row-id.js';
import { createInvoice } from './create-invoice.js';
import { deleteInvoice } from './delete-invoice.js';
import { Invoice, InvoiceStatus } from './invoice.entity.js';
import {
  CreateInvoiceInput,
  DeleteInvoiceInput,
  InvoiceConnection,
  type InvoiceFilter,
  InvoiceListArgs,
  InvoicePayload,
  InvoicePdf,
  IssueInvoiceInput,
  UpdateInvoiceInput,
  VatLine,
} from './invoice.inputs.js';
import { invoiceReads } from './invoice.reads.js';
import { type PrintedInvoice, printInvoice } from './print-invoice.js';
import { updateInvoice } from './update-invoice.js';

const payload = payloadOf('invoice', invoiceReads);

@Resolver(() => Invoice)
export class InvoiceResolver {
  @Planned
  @Query(() => InvoiceConnection, { description: 'Invoices that the viewer may see.' })
  invoices(
    @Ctx() { viewer, read }: Context,
    @Args(() => InvoiceListArgs) args: ListArgs<InvoiceFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Invoice>> {
    requireSignedIn(viewer);
    checkInvoiceFilter(args.filter);
    return read.list(invoiceReads, args, info);
  }

  @Planned
  @Query(() => Invoice, {
    nullable: true,
    description: 'One invoice; null when there is none that the viewer may see.',
  })
  async invoice(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the invoice record.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Invoice | undefined> {
    requireSignedIn(viewer);
    return read.one(invoiceReads, id, info);
  }

  @Query(() => InvoicePdf, {
    description: 'The invoice as a PDF. An issued one is a Factur-X that never changes again.',
  })
  invoicePdf(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the invoice record.' }) id: string,
  ): Promise<PrintedInvoice> {
    requireSignedIn(ctx.viewer);
    return printInvoice(ctx, id);
  }

  @Mutation(() => InvoicePayload, { description: 'Makes an invoice: a draft, or numbered at once.' })
  async createInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateInvoiceInput, { description: 'The invoice.' }) input: CreateInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvoicePayload> {
    requireSignedIn(ctx.viewer);
    return payload(ctx, await createInvoice(ctx, input), info);
  }

  @Mutation(() => InvoicePayload, {
    description: 'Edits a draft, issues it, or moves an issued invoice along its states.',
  })
  async updateInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateInvoiceInput, { description: 'The changes.' }) input: UpdateInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvoicePayload> {
    requireSignedIn(ctx.viewer);
    return payload(ctx, await updateInvoice(ctx, input), info);
  }

  @Mutation(() => InvoicePayload, { description: 'Gives a draft its number and fixes it.' })
  async issueInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => IssueInvoiceInput, { description: 'The draft.' }) { id, version }: IssueInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvoicePayload> {
    requireSignedIn(ctx.viewer);
    return payload(ctx, await updateInvoice(ctx, { id, version, status: InvoiceStatus.ISSUED }), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a draft. What has a number stays.' })
  async deleteInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteInvoiceInput, { description: 'The draft.' }) { id }: DeleteInvoiceInput,
  ): Promise<DeletedPayload> {
    return deleted('Invoice', await deleteInvoice(ctx, id));
  }

  @FieldResolver(() => [VatLine], { description: 'The VAT, one line for each rate, highest rate first.' })
  @Extensions({ needs: ['id', 'vat'] })
  async vatLines(@Root() { id, vat }: Invoice, @Ctx() { load }: Context): Promise<VatLine[]> {
    return vat ?? vatBreakdown(await load.invoiceLines.load(id)).rates;
  }

  @FieldResolver(() => String, { description: 'Where the PDF can be fetched, with a credential.' })
  @Extensions({ needs: ['id'] })
  pdfUrl(@Root() { id }: Invoice, @Ctx() { services }: Context): string {
    return services.links.url('invoicePdf', { id });
  }
}

/** Throws BAD_USER_INPUT for what is no id of a person. */
export function checkInvoiceFilter(filter: InvoiceFilter | null | undefined): void {
  const problems = (['customerId', 'createdById'] as const).flatMap((field): FieldProblem[] =>
    typeof filter?.[field] === 'string' && !isRowId(filter[field])
      ? [{ path: ['filter', field], code: 'invalid', message: 'is no id' }]
      : [],
  );
  if (problems.length > 0) throw badInput(problems);
}
