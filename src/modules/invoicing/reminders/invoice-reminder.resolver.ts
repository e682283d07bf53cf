import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { InvoicePdf } from '../invoice.inputs.js';
import type { PrintedInvoice } from '../print-invoice.js';
import { InvoiceReminder } from './invoice-reminder.entity.js';
import { invoiceReminderReads } from './invoice-reminder.reads.js';
import { printReminder } from './print-reminder.js';
import { remindInvoice } from './remind-invoice.js';

const payload = payloadOf('reminder', invoiceReminderReads);

@InputType({ description: 'An invoice whose customer is to be reminded.' })
export class RemindInvoiceInput {
  @Field(() => ID, { description: 'Number of the invoice record.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The reminder that was made.' })
export class RemindInvoicePayload {
  @Field(() => InvoiceReminder, { description: 'The reminder.' })
  reminder!: InvoiceReminder;
}

@Resolver(() => InvoiceReminder)
export class InvoiceReminderResolver {
  @Query(() => InvoicePdf, { description: 'The letter of a reminder as a PDF, as it was sent.' })
  reminderPdf(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the reminder.' }) id: string,
  ): Promise<PrintedInvoice> {
    requireSignedIn(ctx.viewer);
    return printReminder(ctx, id);
  }

  @Mutation(() => RemindInvoicePayload, {
    description:
      'Reminds the customer of what is due on an invoice, by a letter that is mailed when the server mails. At most ' +
      'one a day.',
  })
  async remindInvoice(
    @Ctx() ctx: Context,
    @Arg('input', () => RemindInvoiceInput, { description: 'The invoice.' }) { id }: RemindInvoiceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RemindInvoicePayload> {
    return payload(ctx, await remindInvoice(ctx, id), info);
  }

  @FieldResolver(() => String, { description: 'Where the letter can be fetched, with a credential.' })
  @Extensions({ needs: ['id'] })
  pdfUrl(@Root() { id }: InvoiceReminder, @Ctx() { services }: Context): string {
    return services.links.url('reminderPdf', { id });
  }
}
