import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Field, FieldResolver, ID, Info, InputType, Mutation, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ConnectionArgs, connectionArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { Invoice } from '../invoice.entity.js';
import { InvoiceConnection, InvoiceItemInput, InvoicePayload } from '../invoice.inputs.js';
import { invoiceReads } from '../invoice.reads.js';
import { createCreditNote } from './create-credit-note.js';

const CreditNoteArgs = connectionArgs('CreditNote');

const payload = payloadOf('invoice', invoiceReads);

@InputType({ description: 'What an invoice billed and should not have.' })
export class CreateCreditNoteInput {
  @Field(() => ID, { description: 'Number of the invoice record.' })
  invoiceId!: string;

  @Field(() => [InvoiceItemInput], {
    nullable: true,
    description: 'What is taken back, with positive amounts: 1 to 200 lines. Absent: all that was not credited yet.',
  })
  items?: InvoiceItemInput[] | null;

  @Field(() => String, { description: 'Why, as it is printed: 1 to 2000 characters, at most 100 lines.' })
  reason!: string;
}

@Resolver(() => Invoice)
export class CreditNoteResolver {
  @FieldResolver(() => InvoiceConnection, { description: 'Credit notes that take it back, newest first.' })
  creditNotes(@Args(() => CreditNoteArgs) _args: ConnectionArgs): Connection<Invoice> {
    return answeredByReader();
  }

  @Mutation(() => InvoicePayload, {
    description:
      'Takes an issued invoice back, in whole or in part. The credit note is numbered at once in a series of its ' +
      'own; all of an invoice never take back more than it billed.',
  })
  async createCreditNote(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCreditNoteInput, { description: 'What is taken back.' }) input: CreateCreditNoteInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InvoicePayload> {
    requireSignedIn(ctx.viewer);
    return payload(ctx, await createCreditNote(ctx, input), info);
  }
}
