import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../kernel/scalars.js';
import { SupplierInvoice } from './supplier-invoice.entity.js';
import { supplierInvoiceReads } from './supplier-invoice.reads.js';

export const SupplierInvoiceConnection = connectionType('SupplierInvoice', () => SupplierInvoice);

@InputType({ description: "Conditions on suppliers' invoices; all that are given must hold." })
export class SupplierInvoiceFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'In the file of this document.' })
  documentId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Marked as paid, or not.' })
  isPaid?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Received before, or not.' })
  isDuplicate?: boolean | null;
}

export const SupplierInvoiceListArgs = listArgs('SupplierInvoice', supplierInvoiceReads.list, SupplierInvoiceFilter);

@ObjectType({ simpleResolvers: true, description: "The transfer that would pay a supplier's invoice." })
export class ProposedPayment {
  @Field(() => Decimal, { description: 'What is to be transferred.' })
  amount!: string;

  @Field(() => String, { description: 'ISO 4217 code of the amount.' })
  currency!: string;

  @Field(() => String, { description: 'Whom to pay.' })
  creditorName!: string;

  @Field(() => String, { nullable: true, description: 'Account to pay to; null when the invoice names none.' })
  iban?: string | null;

  @Field(() => String, { nullable: true, description: 'Bank of the account.' })
  bic?: string | null;

  @Field(() => String, { description: 'What to write on the transfer.' })
  reference!: string;

  @Field(() => CalendarDate, { description: 'Last day to pay; the day of issue when the invoice does not say.' })
  dueDate!: string;
}

@InputType({ description: "A supplier's invoice that was paid." })
export class SettleSupplierInvoiceInput {
  @Field(() => ID, { description: 'Number of the record.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'What paid it: a transaction that one may write, of what is due. Without: paid some other way.',
  })
  transactionId?: string | null;
}

@InputType({ description: "A supplier's invoice that is not paid after all." })
export class ReopenSupplierInvoiceInput {
  @Field(() => ID, { description: 'Number of the record.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: "A supplier's invoice after a change." })
export class SupplierInvoicePayload {
  @Field(() => SupplierInvoice, { description: 'The invoice as it is now.' })
  supplierInvoice!: SupplierInvoice;
}
