import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { Payment } from './payment.entity.js';
import { paymentReads } from './payment.reads.js';

export const PaymentConnection = connectionType('Payment', () => Payment);

@InputType({ description: 'Conditions on payments; all that are given must hold.' })
export class PaymentFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Paid by this person.' })
  customerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Came in by this bank transaction.' })
  transactionId?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Paid on this day or later.' })
  startDate?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Paid on this day or earlier.' })
  endDate?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether all of it settles invoices; false: some is left.' })
  isAllocated?: boolean | null;
}

export const PaymentListArgs = listArgs('Payment', paymentReads.list, PaymentFilter);

@InputType({ description: 'An invoice that a payment settles.' })
export class PaymentAllocationInput {
  @Field(() => ID, { description: 'Number of the invoice record: issued, of the customer and in the currency.' })
  invoiceId!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'How much of it, at most what is due and left; absent: as much as that.',
  })
  amount?: string | null;
}

@InputType({ description: 'What a customer paid, for invoices or in advance.' })
export class RecordPaymentInput {
  @Field(() => Decimal, { description: 'How much: more than 0, at most 2 decimals.' })
  amount!: string;

  @Field(() => CalendarDate, { description: 'Day on which it was paid, not after today.' })
  paymentDate!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Bank transaction by which it came in, of an account that the viewer sees.',
  })
  transactionId?: string | null;

  @Field(() => [PaymentAllocationInput], {
    defaultValue: [],
    description: 'What it settles, in this order: at most 100 invoices of one customer. What they do not take is left.',
  })
  allocations!: PaymentAllocationInput[];

  @Field(() => ID, {
    nullable: true,
    description:
      'Who paid in advance: a deposit, which is allocated to the final invoice later. Without `allocations` only; ' +
      'without the permission `invoices:write`: oneself.',
  })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "ISO 4217 code of a deposit; the firm's own currency when absent. Otherwise the invoices say it.",
  })
  currency?: string | null;
}

@InputType({ description: 'Invoices that take what is left of a payment.' })
export class AllocatePaymentInput {
  @Field(() => ID, { description: 'Number of the payment.' })
  id!: string;

  @Field(() => [PaymentAllocationInput], { description: 'What it settles, in this order: 1 to 100 invoices.' })
  allocations!: PaymentAllocationInput[];
}

@InputType({ description: 'An invoice that a payment shall no longer settle.' })
export class UnallocatePaymentInput {
  @Field(() => ID, { description: 'Number of the payment.' })
  id!: string;

  @Field(() => ID, { description: 'Number of the invoice record.' })
  invoiceId!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether a payment that settles nothing any more is deleted; otherwise its money is left.',
  })
  deletesEmpty!: boolean;
}

@InputType({ description: 'A payment to delete.' })
export class DeletePaymentInput {
  @Field(() => ID, { description: 'Number of the payment.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A payment as it is after the change.' })
export class PaymentPayload {
  @Field(() => Payment, { description: 'The payment.' })
  payment!: Payment;
}
