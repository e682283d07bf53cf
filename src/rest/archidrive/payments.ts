import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { answeredDay, pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import { Invoice, invoiceOut, section } from './invoices.js';
import {
  ArchidriveListPaymentsOperation,
  type ArchidrivePaymentFragment,
  ArchidriveRecordPaymentOperation,
  ArchidriveRemovePaymentOperation,
} from './operations.gen.js';
import { id, idParams, ok } from './shapes.js';

const Payment = z
  .object({
    paymentId: z.int(),
    amount: z.number(),
    amountAllocated: z.number().meta({ description: 'What of it settles this invoice' }),
    amountUnallocated: z.number().meta({ description: 'What of it settles no invoice' }),
    currency: z.string(),
    paidAt: answeredDay,
    transactionId: z.int().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Payment' });

const paymentOut = ({ amount, payment, transaction }: ArchidrivePaymentFragment): z.input<typeof Payment> => ({
  paymentId: Number(payment.id),
  amount: payment.amount,
  amountAllocated: amount,
  amountUnallocated: payment.amountUnallocated,
  currency: payment.currency,
  paidAt: payment.paymentDate,
  transactionId: transaction ? Number(transaction.id) : null,
  createdAt: payment.createdAt,
});

export const paymentRoutes: Route[] = [
  route({
    method: 'get',
    path: '/invoices/:id/payments',
    section,
    summary: 'List what has paid an invoice, oldest first',
    credential: 'required',
    params: idParams,
    operation: ArchidriveListPaymentsOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    response: z.object({ success: z.literal(true), payments: z.array(Payment), total: z.int() }),
    toResponse: ({ invoice }) => {
      if (!invoice) throw notFound('Invoice');
      return { ...ok, payments: invoice.payments.map(paymentOut), total: invoice.payments.length };
    },
  }),
  route({
    method: 'post',
    path: '/invoices/:id/payments',
    section,
    summary: 'Record a payment of an invoice: of all that is due, of a part, or of more, which stays unallocated',
    credential: 'required',
    params: idParams,
    body: z.object({ amount: z.number(), paidAt: z.iso.date(), transactionId: id.nullish() }),
    operation: ArchidriveRecordPaymentOperation,
    toVariables: ({ params, body }) => ({
      input: {
        amount: body.amount,
        paymentDate: body.paidAt,
        transactionId: body.transactionId?.toString(),
        allocations: [{ invoiceId: params.id }],
      },
    }),
    fields: { paymentDate: 'paidAt', 'allocations.*.invoiceId': 'invoiceId', 'allocations.*.amount': 'amount' },
    status: 201,
    response: z.object({
      success: z.literal(true),
      msg: z.string(),
      paymentId: z.int(),
      payment: Payment,
      invoice: Invoice,
    }),
    toResponse: ({ recordPayment: { payment } }) => {
      const [allocation] = payment.allocations;
      if (!allocation) throw notFound('Invoice');
      const made = paymentOut(allocation);
      const invoice = invoiceOut(allocation.invoice);
      return { ...ok, msg: 'Payment recorded', paymentId: made.paymentId, payment: made, invoice };
    },
    examples: { body: { amount: 144, paidAt: '2026-02-28' } },
  }),
  route({
    method: 'delete',
    path: '/invoices/:id/payments/:paymentId',
    section,
    summary: 'Take a payment off an invoice; one that settles other invoices too stays for those',
    credential: 'required',
    params: idParams.extend({ paymentId: pathNumber('Number of the payment') }),
    operation: ArchidriveRemovePaymentOperation,
    toVariables: ({ params }) => ({ input: { id: params.paymentId, invoiceId: params.id, deletesEmpty: true } }),
    response: z.object({ success: z.literal(true), msg: z.string(), invoice: Invoice }),
    toResponse: ({ unallocatePayment: { invoice } }) => ({
      ...ok,
      msg: 'Payment removed',
      invoice: invoiceOut(invoice),
    }),
  }),
];
