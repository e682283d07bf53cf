import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, OneToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../kernel/scalars.js';
import type { VatRateTotal } from '../../lib/money.js';
import { Client } from '../clients/client.entity.js';
import { Document } from '../documents/files/document.entity.js';
import { User } from '../identity/people/user.entity.js';
import { InvoiceLine } from './invoice-line.entity.js';
import { PaymentAllocation } from './payments/payment-allocation.entity.js';
import { InvoiceReminder } from './reminders/invoice-reminder.entity.js';

export enum InvoiceStatus {
  DRAFT = 'draft',
  ISSUED = 'issued',
  PAID = 'paid',
  OVERDUE = 'overdue',
  CANCELLED = 'cancelled',
}

registerEnumType(InvoiceStatus, {
  name: 'InvoiceStatus',
  description: 'Where an invoice stands: draft → issued → paid, overdue or cancelled.',
  valuesConfig: {
    DRAFT: { description: 'No number yet; can be edited and deleted.' },
    ISSUED: { description: 'Numbered and fixed.' },
    PAID: { description: 'Settled.' },
    OVERDUE: { description: 'Issued and past its due date.' },
    CANCELLED: { description: 'Void; its number stays taken.' },
  },
});

export enum InvoiceType {
  INVOICE = 'invoice',
  CREDIT_NOTE = 'credit_note',
}

registerEnumType(InvoiceType, {
  name: 'InvoiceType',
  description: 'What an invoice is. Amounts are positive on both.',
  valuesConfig: {
    INVOICE: { description: 'It bills.' },
    CREDIT_NOTE: { description: 'It takes back what an invoice billed, in whole or in part (type 381 of EN 16931).' },
  },
});

/** Who is billed, as it was when the invoice was issued. */
export interface BuyerSnapshot {
  name: string;
  email: string | null;
  street?: string | null;
  city?: string | null;
  postalCode?: string | null;
  country?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A bill to a person.' })
@Entity({ tableName: 'invoices' })
export class Invoice {
  @Field(() => ID, { description: 'Number of the record; not the invoice number.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Chronological number without gaps, such as `FA2026-00001`; null for a draft.',
  })
  @Property({ type: 'text', nullable: true })
  number?: string | null;

  @Property({ type: 'text', default: 'FA' })
  series: string & Opt = 'FA';

  @Field(() => InvoiceType, { description: 'An invoice, or the credit note of one.' })
  @Enum({ items: () => InvoiceType, default: InvoiceType.INVOICE })
  type: InvoiceType & Opt = InvoiceType.INVOICE;

  @Field(() => Invoice, { nullable: true, description: 'Of a credit note: the invoice that it takes back.' })
  @ManyToOne({ entity: () => Invoice, ref: true, nullable: true })
  originInvoice?: Ref<Invoice> | null;

  @Field(() => String, { nullable: true, description: 'Of a credit note: why.' })
  @Property({ type: 'text', nullable: true })
  reason?: string | null;

  @Field(() => User, { nullable: true, description: 'Who is billed; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  customer!: Ref<User>;

  @Field(() => ID, { description: 'Number of the person who is billed.' })
  @Property({ type: 'integer', persist: false, fieldName: 'customer_id' })
  customerId!: number & Opt;

  @Field(() => Client, {
    nullable: true,
    description:
      'The client that it names as its buyer, instead of the customer; null for none, and when the viewer may ' +
      'not see it.',
  })
  @ManyToOne({ entity: () => Client, ref: true, nullable: true })
  client?: Ref<Client> | null;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  createdBy!: Ref<User>;

  @Field(() => InvoiceStatus, { description: 'Where it stands.' })
  @Enum({ items: () => InvoiceStatus, default: InvoiceStatus.DRAFT })
  status: InvoiceStatus & Opt = InvoiceStatus.DRAFT;

  @Field(() => String, { description: 'ISO 4217 code.' })
  @Property({ type: 'text' })
  currency!: string;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'How much of the currency one unit of the firm’s is worth (1 EUR = 1.0852 USD), by which the VAT is stated in ' +
      'the firm’s too; null when nobody said it.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 4, nullable: true })
  exchangeRate?: string | null;

  @Field(() => Decimal, { description: 'Sum of the lines before tax.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  totalExcludingTax!: string;

  @Field(() => Decimal, { description: 'VAT of all rates.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  totalTax!: string;

  @Field(() => Decimal, { description: 'What is to be paid.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  total!: string;

  @Field(() => Decimal, { description: 'Sum of its credit notes.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, default: '0' })
  amountCredited: string & Opt = '0';

  @Field(() => Decimal, { description: 'What payments have settled of it.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, default: '0' })
  amountPaid: string & Opt = '0';

  @Field(() => Decimal, {
    description: 'What is still to be paid: the total less credit notes and payments; 0 of credit notes and when void.',
  })
  @Property({
    type: 'decimal',
    precision: 14,
    scale: 2,
    generated: `(case when type = 'credit_note' or status = 'cancelled' then 0
                      else total - amount_paid - amount_credited end) stored`,
  })
  amountDue!: string & Opt;

  @Field(() => DateTime, { nullable: true, description: 'When it got its number.' })
  @Property({ type: 'timestamptz', nullable: true })
  issuedAt?: Date | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day to pay.' })
  @Property({ type: 'date', nullable: true, fieldName: 'due_at' })
  dueDate?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When nothing of it was due any more.' })
  @Property({ type: 'timestamptz', nullable: true })
  paidAt?: Date | null;

  @Field(() => Document, { nullable: true, description: 'The document filed for it, if the viewer may see that.' })
  @OneToOne({ entity: () => Document, inversedBy: 'invoice', ref: true, nullable: true })
  document?: Ref<Document> | null;

  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  buyer?: BuyerSnapshot | null;

  /** Of a credit note, whose taxes are the rest of its origin's; that of an invoice follows from its lines. */
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  vat?: VatRateTotal[] | null;

  @Field(() => Int, {
    description: 'Raised at each edit of the draft: name it in an update to be told of edits meanwhile.',
  })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Field(() => [InvoiceLine], { description: 'What is billed: at most 200 lines.' })
  @OneToMany({ entity: () => InvoiceLine, mappedBy: 'invoice', orderBy: { position: 'asc' }, orphanRemoval: true })
  lines = new Collection<InvoiceLine>(this);

  @Field(() => [PaymentAllocation], { description: 'What has paid it, oldest first: at most 200.' })
  @OneToMany({ entity: () => PaymentAllocation, mappedBy: 'invoice', orderBy: { id: 'asc' } })
  payments = new Collection<PaymentAllocation>(this);

  @Field(() => [InvoiceReminder], {
    description: 'Letters that reminded its customer, oldest first: one a day at most.',
  })
  @OneToMany({ entity: () => InvoiceReminder, mappedBy: 'invoice', orderBy: { id: 'asc' } })
  reminders = new Collection<InvoiceReminder>(this);

  // A connection in the graph, declared by `credit-notes/credit-note.resolver.ts`.
  @OneToMany({ entity: () => Invoice, mappedBy: 'originInvoice' })
  creditNotes = new Collection<Invoice>(this);
}
