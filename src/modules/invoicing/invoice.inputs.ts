import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../kernel/scalars.js';
import { Invoice, InvoiceStatus, InvoiceType } from './invoice.entity.js';
import { invoiceReads } from './invoice.reads.js';

export const InvoiceConnection = connectionType('Invoice', () => Invoice);

@InputType({ description: 'Conditions on invoices; all that are given must hold.' })
export class InvoiceFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Billed to this person.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That name this client as their buyer.' })
  clientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Made by this person.' })
  createdById?: string | null;

  @Field(() => InvoiceStatus, { nullable: true, description: 'Standing so.' })
  status?: InvoiceStatus | null;

  @Field(() => InvoiceType, { nullable: true, description: 'Invoices, or credit notes.' })
  type?: InvoiceType | null;

  @Field(() => String, { nullable: true, description: 'With exactly this number; null: without one.' })
  number?: string | null;
}

export const InvoiceListArgs = listArgs('Invoice', invoiceReads.list, InvoiceFilter);

@InputType({ description: 'One line to bill.' })
export class InvoiceItemInput {
  @Field(() => String, { description: 'What is billed: 1 to 2000 characters, at most 100 lines.' })
  description!: string;

  @Field(() => Decimal, { description: 'How much of it: more than 0, at most 3 decimals.' })
  quantity!: string;

  @Field(() => Decimal, { description: 'Price of one before tax: 0 or more, at most 4 decimals.' })
  unitPrice!: string;

  @Field(() => Decimal, { defaultValue: '0', description: 'VAT rate in percent: 0 to 100, at most 2 decimals.' })
  vatRate!: string;
}

@InputType({ description: 'A new invoice, made in the name of the viewer.' })
export class CreateInvoiceInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Who is billed. Without the permission `invoices:write`: oneself. Absent with a client that has no account: ' +
      'oneself, who then follows what it pays.',
  })
  customerId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The client that it names as its buyer, instead of the customer. Needs `invoices:write`.',
  })
  clientId?: string | null;

  @Field(() => [InvoiceItemInput], { description: 'What is billed: 1 to 200 lines.' })
  items!: InvoiceItemInput[];

  @Field(() => String, { nullable: true, description: "ISO 4217 code; the firm's own currency when absent." })
  currency?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'How much of the currency one unit of the firm’s is worth, as central banks publish it (1 EUR = 1.0852 USD). ' +
      'Needed to issue an invoice with VAT in another currency.',
  })
  exchangeRate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day to pay, not before the day of issue.' })
  dueDate?: string | null;

  @Field(() => InvoiceStatus, {
    defaultValue: InvoiceStatus.DRAFT,
    description: '`DRAFT`, or `ISSUED` to number it at once.',
  })
  status!: InvoiceStatus;
}

@InputType({ description: 'Changes of an invoice; what is absent stays. Once it is issued only `status` may change.' })
export class UpdateInvoiceInput {
  @Field(() => ID, { description: 'Number of the invoice record.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Who is billed. Without the permission `invoices:write`: oneself.' })
  customerId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The client that it names as its buyer; null: its customer. Needs `invoices:write`.',
  })
  clientId?: string | null;

  @Field(() => [InvoiceItemInput], { nullable: true, description: 'Replaces all lines: 1 to 200.' })
  items?: InvoiceItemInput[] | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code.' })
  currency?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'How much of the currency one unit of the firm’s is worth; null removes it.',
  })
  exchangeRate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day to pay; null removes it.' })
  dueDate?: string | null;

  @Field(() => InvoiceStatus, {
    nullable: true,
    description: 'The next state: draft → issued → paid, overdue or cancelled; overdue → paid or cancelled.',
  })
  status?: InvoiceStatus | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;
}

@InputType({ description: 'A draft to number and fix.' })
export class IssueInvoiceInput {
  @Field(() => ID, { description: 'Number of the invoice record.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was looked at: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;
}

@InputType({ description: 'A draft to delete.' })
export class DeleteInvoiceInput {
  @Field(() => ID, { description: 'Number of the invoice record.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An invoice as it is after the change.' })
export class InvoicePayload {
  @Field(() => Invoice, { description: 'The invoice.' })
  invoice!: Invoice;
}

@ObjectType({ simpleResolvers: true, description: 'The VAT of one rate on an invoice.' })
export class VatLine {
  @Field(() => Decimal, { description: 'Rate in percent.' })
  vatRate!: string;

  @Field(() => Decimal, { description: 'Sum of the lines of the rate, before tax.' })
  base!: string;

  @Field(() => Decimal, { description: 'Tax on the base.' })
  tax!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An invoice on paper: a Factur-X once it is issued.' })
export class InvoicePdf {
  @Field(() => String, { description: 'Key in the content store, for the REST doors.' })
  key!: string;

  @Field(() => String, { description: 'Name to save it under.' })
  name!: string;

  @Field(() => String, { description: 'Media type: `application/pdf`.' })
  mimeType!: string;
}
