import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../kernel/scalars.js';
import { Transaction } from '../banking/transactions/transaction.entity.js';
import { Document } from '../documents/files/document.entity.js';

export enum SupplierInvoiceFormat {
  CII = 'cii',
  UBL = 'ubl',
}

registerEnumType(SupplierInvoiceFormat, {
  name: 'SupplierInvoiceFormat',
  description: 'In which syntax of EN 16931 an invoice was received.',
  valuesConfig: {
    CII: { description: 'UN/CEFACT Cross Industry Invoice: a Factur-X or ZUGFeRD, or a file of its own.' },
    UBL: { description: 'UBL 2.1, an invoice or a credit note.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: "A supplier's invoice, as the data in a document's file say it. Seen by whoever sees the document.",
})
@Entity({ tableName: 'supplier_invoices' })
export class SupplierInvoice {
  @Field(() => ID, { description: 'Number of the record; not the invoice number.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Document, { description: 'The document whose file it is.' })
  @OneToOne({ entity: () => Document, inversedBy: 'supplierInvoice', ref: true, deleteRule: 'cascade' })
  document!: Ref<Document>;

  @Field(() => SupplierInvoiceFormat, { description: 'The syntax of the data.' })
  @Enum({ items: () => SupplierInvoiceFormat })
  format!: SupplierInvoiceFormat;

  @Field(() => Boolean, { description: 'True: it gives money back. Its amounts are positive all the same.' })
  @Property({ type: 'boolean', default: false })
  isCreditNote: boolean & Opt = false;

  @Field(() => String, { nullable: true, description: "The supplier's number; null when the data cannot be read." })
  @Property({ type: 'text', nullable: true })
  number?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Day of issue.' })
  @Property({ type: 'date', nullable: true })
  issueDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day to pay; null when it does not say.' })
  @Property({ type: 'date', nullable: true })
  dueDate?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of the amounts.' })
  @Property({ type: 'text', nullable: true })
  currency?: string | null;

  @Field(() => String, { nullable: true, description: 'Legal name of the supplier.' })
  @Property({ type: 'text', nullable: true })
  supplierName?: string | null;

  @Field(() => String, { nullable: true, description: 'SIREN of a French supplier.' })
  @Property({ type: 'text', nullable: true })
  supplierSiren?: string | null;

  @Field(() => String, { nullable: true, description: 'VAT number of the supplier.' })
  @Property({ type: 'text', nullable: true })
  supplierVatNumber?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Sum before tax.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  totalExcludingTax?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'VAT of all rates.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  totalTax?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Sum with tax.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  total?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'What is left to pay by the invoice itself.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  amountDue?: string | null;

  @Field(() => String, { nullable: true, description: 'Account to pay to; null for one whose check digits are wrong.' })
  @Property({ type: 'text', nullable: true })
  iban?: string | null;

  @Field(() => String, { nullable: true, description: 'Bank of the account.' })
  @Property({ type: 'text', nullable: true })
  bic?: string | null;

  @Field(() => String, { nullable: true, description: 'What the supplier wants to read on the transfer.' })
  @Property({ type: 'text', nullable: true })
  paymentReference?: string | null;

  @Field(() => [String], {
    description: 'What a person should look at before paying, in French: why the data cannot be read, what is odd.',
  })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  problems: string[] & Opt = [];

  @Property({ type: 'text', nullable: true })
  supplierKey?: string | null;

  @Property({ type: 'text', nullable: true })
  numberKey?: string | null;

  @Field(() => Boolean, { description: 'True: the same number of the same supplier was received before.' })
  @Property({ type: 'boolean', generated: '(duplicate_of_id is not null) stored' })
  isDuplicate!: boolean & Opt;

  @Field(() => SupplierInvoice, {
    nullable: true,
    description: 'The one that was received before, if the viewer may see it.',
  })
  @ManyToOne({ entity: () => SupplierInvoice, ref: true, nullable: true, deleteRule: 'set null' })
  duplicateOf?: Ref<SupplierInvoice> | null;

  @Property({ type: 'boolean', generated: '(paid_at is not null) stored' })
  isPaid!: boolean & Opt;

  @Field(() => DateTime, { nullable: true, description: 'When it was marked as paid; null while it is not.' })
  @Property({ type: 'timestamptz', nullable: true })
  paidAt?: Date | null;

  @Field(() => Transaction, { nullable: true, description: 'What paid it, if the viewer may see that.' })
  @OneToOne({ entity: () => Transaction, owner: true, ref: true, nullable: true, deleteRule: 'set null' })
  transaction?: Ref<Transaction> | null;

  @Field(() => DateTime, { description: 'When its data were first read.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
