import { Arg, Ctx, Extensions, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { Decimal } from '../../kernel/scalars.js';
import { statementPoints } from '../../quota/points.js';
import { invoiceSums } from './invoice-sums.js';
import { InvoiceFilter } from './invoice.inputs.js';
import { checkInvoiceFilter } from './invoice.resolver.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What invoices of one currency add up to. Drafts and what was cancelled are counted, and add nothing.',
})
class InvoiceSums {
  @Field(() => String, { description: 'ISO 4217 code.' })
  currency!: string;

  @Field(() => Int, { description: 'How many, of every state.' })
  count!: number;

  @Field(() => Decimal, { description: 'Totals of what was issued; credit notes take away.' })
  billed!: string;

  @Field(() => Decimal, { description: 'What is still to be paid.' })
  due!: string;

  @Field(() => Int, { description: 'How many are overdue.' })
  overdueCount!: number;

  @Field(() => Decimal, { description: 'What is still to be paid of those.' })
  overdue!: string;
}

@Resolver()
export class InvoiceSumsResolver {
  @Extensions({
    complexity: ({ childComplexity }: { childComplexity: number }) => statementPoints + 10 * childComplexity,
  })
  @Query(() => [InvoiceSums], {
    description:
      'What all invoices that the filter finds and the viewer may see add up to, exactly, whatever page of ' +
      '`invoices` is read: one for each currency, by its code.',
  })
  invoiceSums(
    @Ctx() ctx: Context,
    @Arg('filter', () => InvoiceFilter, { nullable: true, description: 'As of `invoices`.' })
    filter: InvoiceFilter | null | undefined,
  ): Promise<InvoiceSums[]> {
    checkInvoiceFilter(filter);
    return invoiceSums(ctx, filter);
  }
}
