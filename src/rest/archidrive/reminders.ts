import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { answeredDay } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import { section } from './invoices.js';
import {
  ArchidriveListRemindersOperation,
  type ArchidriveReminderFragment,
  ArchidriveReminderPdfOperation,
  ArchidriveRemindInvoiceOperation,
} from './operations.gen.js';
import { idParams, ok } from './shapes.js';

const Level = z.enum(['first', 'second', 'formal_notice']);

const Reminder = z
  .object({
    reminderId: z.int(),
    level: Level,
    date: answeredDay,
    daysLate: z.int(),
    amountDue: z.number(),
    indemnity: z.number().meta({ description: 'Lump sum for the costs of recovery, in euros; 0 before it is late' }),
    penalties: z.number().nullable().meta({ description: 'null when the server is told no rate' }),
    mailedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    pdfUrl: z.url(),
  })
  .meta({ id: 'Reminder' });

const reminderOut = ({ id, level, letterDate, ...rest }: ArchidriveReminderFragment): z.input<typeof Reminder> => ({
  reminderId: Number(id),
  level: level.toLowerCase() as z.infer<typeof Level>,
  date: letterDate,
  daysLate: rest.daysLate,
  amountDue: rest.amountDue,
  indemnity: rest.indemnity,
  penalties: rest.penalties ?? null,
  mailedAt: rest.mailedAt ?? null,
  createdAt: rest.createdAt,
  pdfUrl: rest.pdfUrl,
});

export const reminderRoutes: Route[] = [
  route({
    method: 'post',
    path: '/invoices/:id/reminders',
    section,
    summary: 'Remind the customer of what is due, by a letter that is mailed when the server mails: once a day at most',
    credential: 'required',
    params: idParams,
    operation: ArchidriveRemindInvoiceOperation,
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    status: 201,
    response: z.object({ success: z.literal(true), msg: z.string(), reminderId: z.int(), reminder: Reminder }),
    toResponse: ({ remindInvoice: { reminder } }) => ({
      ...ok,
      msg: 'Reminder created',
      reminderId: Number(reminder.id),
      reminder: reminderOut(reminder),
    }),
  }),
  route({
    method: 'get',
    path: '/invoices/:id/reminders',
    section,
    summary: 'List the reminders of an invoice, oldest first',
    credential: 'required',
    params: idParams,
    operation: ArchidriveListRemindersOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    response: z.object({ success: z.literal(true), reminders: z.array(Reminder), total: z.int() }),
    toResponse: ({ invoice }) => {
      if (!invoice) throw notFound('Invoice');
      return { ...ok, reminders: invoice.reminders.map(reminderOut), total: invoice.reminders.length };
    },
  }),
  route({
    method: 'get',
    path: '/invoices/reminders/:id/pdf',
    operationId: 'downloadReminder',
    link: 'reminderPdf',
    section,
    summary: 'Download the letter of a reminder, as it was sent',
    credential: 'required',
    params: idParams,
    operation: ArchidriveReminderPdfOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    reply: ({ reminderPdf }) => ({ file: { ...reminderPdf, disposition: 'inline' } }),
    produces: ['application/pdf'],
  }),
];
