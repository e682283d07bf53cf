import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { answeredDay } from '../engine/openapi-schemas.js';
import { type FieldIssue, type Route, route } from '../engine/route.js';
import {
  ArchidriveCreateCreditNoteOperation,
  ArchidriveCreateInvoiceOperation,
  ArchidriveDeleteInvoiceOperation,
  type ArchidriveInvoiceFragment,
  ArchidriveInvoicePdfOperation,
  ArchidriveListInvoicesOperation,
  ArchidriveReadInvoiceOperation,
  ArchidriveUpdateInvoiceOperation,
} from './operations.gen.js';
import { id, idParams, idQuery, ok, pageFigures, pageShape, paging, toSlice } from './shapes.js';

export const section = 'archidrive.md#facturation-api';

const Status = z.enum(['draft', 'issued', 'paid', 'overdue', 'cancelled']);
type Status = z.infer<typeof Status>;
const Type = z.enum(['invoice', 'credit_note']);
type Type = z.infer<typeof Type>;

const Item = z.object({ description: z.string(), quantity: z.number(), price: z.number(), vatRate: z.number() });

export const Invoice = z
  .object({
    invoiceId: z.int(),
    number: z.string().nullable(),
    customerId: z.int(),
    items: z.array(Item),
    totalExcludingTax: z.number(),
    totalTax: z.number(),
    total: z.number(),
    currency: z.string(),
    status: Status,
    issuedAt: z.iso.datetime().nullable(),
    dueAt: answeredDay.nullable(),
    documentId: z.int().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    amountPaid: z.number().meta({ description: 'What payments have settled' }),
    amountDue: z.number().meta({ description: 'What is still to be paid: less credit notes and payments' }),
    type: Type,
    exchangeRate: z
      .number()
      .optional()
      .meta({ description: "How much of the currency one unit of the firm's is worth" }),
    /** Of credit notes only. */
    originInvoiceId: z.int().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Invoice' });

export const invoiceOut = ({
  id,
  type,
  originInvoice,
  lines,
  status,
  document,
  ...rest
}: ArchidriveInvoiceFragment): z.input<typeof Invoice> => ({
  invoiceId: Number(id),
  number: rest.number ?? null,
  customerId: Number(rest.customerId),
  items: lines.map(({ description, quantity, unitPrice, vatRate }) => ({
    description,
    quantity,
    price: unitPrice,
    vatRate,
  })),
  totalExcludingTax: rest.totalExcludingTax,
  totalTax: rest.totalTax,
  total: rest.total,
  currency: rest.currency,
  status: fromEnum(status),
  issuedAt: rest.issuedAt ?? null,
  dueAt: rest.dueDate ?? null,
  documentId: document ? Number(document.id) : null,
  createdAt: rest.createdAt,
  updatedAt: rest.updatedAt,
  amountPaid: rest.amountPaid,
  amountDue: rest.amountDue,
  type: fromEnum(type),
  ...(rest.exchangeRate != null && { exchangeRate: rest.exchangeRate }),
  ...(originInvoice && { originInvoiceId: Number(originInvoice.id), reason: rest.reason ?? '' }),
});

/** `vatRate` defaults to 0, so that the total of consumers that don't know it stays the sum of quantity × price. */
const ItemIn = z.object({
  description: z.string(),
  quantity: z.number(),
  price: z.number(),
  vatRate: z.number().default(0),
});
const itemIn = ({ description, quantity, price, vatRate }: z.output<typeof ItemIn>) => ({
  description,
  quantity,
  unitPrice: price,
  vatRate,
});

/** As many lines as the graph takes. */
const Items = z.array(ItemIn).max(200);

const customer = { customerId: id.optional(), user_id: id.optional() };
type Customer = { customerId?: number | undefined; user_id?: number | undefined };

/** `customerId` and `user_id` are two names of the same field. */
function customerIssues({ customerId, user_id }: Customer): FieldIssue[] {
  if (customerId === undefined || user_id === undefined || customerId === user_id) return [];
  return [{ name: 'user_id', code: 'invalid', message: 'Differs from customerId' }];
}

const fields = { 'items.*.unitPrice': 'items.*.price', dueDate: 'dueAt' };

export const invoiceRoutes: Route[] = [
  route({
    method: 'post',
    path: '/invoices',
    section,
    summary: 'Create an invoice for a user',
    credential: 'required',
    body: z.object({
      ...customer,
      items: Items,
      currency: z.string().optional(),
      exchangeRate: z.number().nullish(),
      dueAt: z.iso.date().nullish(),
      status: z.enum(['draft', 'issued']).default('draft'),
    }),
    check: ({ body }) =>
      body.customerId === undefined && body.user_id === undefined
        ? [{ name: 'customerId', code: 'required', message: 'This field is required' }]
        : customerIssues(body),
    mayBeUnavailable: true,
    operation: ArchidriveCreateInvoiceOperation,
    toVariables: ({ body }) => ({
      input: {
        customerId: String(body.customerId ?? body.user_id),
        items: body.items.map(itemIn),
        currency: body.currency,
        exchangeRate: body.exchangeRate,
        dueDate: body.dueAt,
        status: toEnum(body.status),
      },
    }),
    fields,
    status: 201,
    response: z.object({ success: z.literal(true), msg: z.string(), invoiceId: z.int(), invoice: Invoice }),
    toResponse: ({ createInvoice: { invoice } }) => ({
      ...ok,
      msg: 'Invoice created',
      invoiceId: Number(invoice.id),
      invoice: invoiceOut(invoice),
    }),
    examples: {
      body: {
        customerId: 12,
        items: [{ description: 'Archiving, one year', quantity: 1, price: 120, vatRate: 20 }],
        status: 'issued',
      },
    },
  }),
  route({
    method: 'get',
    path: '/invoices',
    section,
    summary: "List a user's invoices, or all that one may see, newest first; without page and size up to 1,000",
    credential: 'required',
    query: z.object({ user_id: idQuery.optional(), status: Status.optional(), type: Type.optional(), ...paging }),
    operation: ArchidriveListInvoicesOperation,
    toVariables: ({ query }) => ({
      ...toSlice(query),
      filter: {
        customerId: query.user_id?.toString(),
        status: toEnum(query.status),
        type: toEnum(query.type),
      },
    }),
    response: z.object({
      success: z.literal(true),
      invoices: z.array(Invoice),
      ...pageShape,
    }),
    toResponse: ({ invoices: { nodes, totalCount } }, { query }) => ({
      ...ok,
      invoices: nodes.map(invoiceOut),
      ...pageFigures(query, totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/invoices/:id',
    section,
    summary: 'Read an invoice',
    credential: 'required',
    params: idParams,
    operation: ArchidriveReadInvoiceOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    response: z.object({ success: z.literal(true), invoice: Invoice }),
    toResponse: ({ invoice }) => {
      if (!invoice) throw notFound('Invoice');
      return { ...ok, invoice: invoiceOut(invoice) };
    },
  }),
  route({
    method: 'get',
    path: '/invoices/:id/pdf',
    operationId: 'downloadInvoice',
    link: 'invoicePdf',
    section,
    summary: 'Download an invoice as a PDF (Factur-X once issued)',
    credential: 'required',
    params: idParams,
    operation: ArchidriveInvoicePdfOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    reply: ({ invoicePdf }) => ({ file: { ...invoicePdf, disposition: 'inline' } }),
    produces: ['application/pdf'],
  }),
  route({
    method: 'put',
    path: '/invoices/:id',
    section,
    summary: 'Change a draft, issue it, or move an issued invoice to its next status',
    credential: 'required',
    params: idParams,
    body: z.object({
      ...customer,
      items: Items.optional(),
      currency: z.string().optional(),
      exchangeRate: z.number().nullish(),
      dueAt: z.iso.date().nullish(),
      status: Status.optional(),
    }),
    check: ({ body }) => customerIssues(body),
    mayBeUnavailable: true,
    operation: ArchidriveUpdateInvoiceOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        customerId: (body.customerId ?? body.user_id)?.toString(),
        items: body.items?.map(itemIn),
        currency: body.currency,
        exchangeRate: body.exchangeRate,
        dueDate: body.dueAt,
        status: toEnum(body.status),
      },
    }),
    fields,
    response: z.object({ success: z.literal(true), msg: z.string(), invoice: Invoice }),
    toResponse: ({ updateInvoice: { invoice } }) => ({ ...ok, msg: 'Invoice updated', invoice: invoiceOut(invoice) }),
  }),
  route({
    method: 'delete',
    path: '/invoices/:id',
    section,
    summary: 'Delete a draft',
    credential: 'required',
    params: idParams,
    operation: ArchidriveDeleteInvoiceOperation,
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    response: z.object({ success: z.literal(true), msg: z.string() }),
    toResponse: () => ({ ...ok, msg: 'Invoice deleted' }),
  }),
  route({
    method: 'post',
    path: '/invoices/:id/credit-notes',
    section,
    summary: 'Take an issued invoice back, in whole or in part, by a credit note with a number of its own',
    credential: 'required',
    params: idParams,
    body: z.object({ items: Items.nullish(), reason: z.string() }),
    operation: ArchidriveCreateCreditNoteOperation,
    toVariables: ({ params, body }) => ({
      input: { invoiceId: params.id, items: body.items?.map(itemIn), reason: body.reason },
    }),
    fields,
    status: 201,
    response: z.object({ success: z.literal(true), msg: z.string(), invoiceId: z.int(), invoice: Invoice }),
    toResponse: ({ createCreditNote: { invoice } }) => ({
      ...ok,
      msg: 'Credit note created',
      invoiceId: Number(invoice.id),
      invoice: invoiceOut(invoice),
    }),
    examples: { body: { reason: 'Service not rendered' } },
  }),
];
