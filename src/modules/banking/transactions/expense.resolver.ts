import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, Info, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Decimal } from '../../../kernel/scalars.js';
import { recordExpense } from './record-expense.js';
import { TransactionPayload } from './transaction.inputs.js';
import { transactionReads } from './transaction.reads.js';

const payload = payloadOf('transaction', transactionReads);

@InputType({ description: 'Something that was just paid.' })
class RecordExpenseInput {
  @Field(() => Decimal, { description: 'What was paid: more than zero, at most two decimals.' })
  amount!: string;

  @Field(() => String, { description: 'What it is: 1 to 500 characters.' })
  description!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of a category for expenses, without regard to case and accents.',
  })
  categoryName?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'An expense that was recorded.' })
class RecordExpensePayload extends TransactionPayload {
  @Field(() => Boolean, {
    description: 'False when a category was named that there is not: it is among « Divers » then.',
  })
  isCategoryKnown!: boolean;
}

@Resolver()
export class ExpenseResolver {
  @Mutation(() => RecordExpensePayload, {
    description: 'Writes what was just paid into one’s first current account, on the day that it is.',
  })
  async recordExpense(
    @Ctx() ctx: Context,
    @Arg('input', () => RecordExpenseInput, { description: 'The expense.' }) input: RecordExpenseInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecordExpensePayload> {
    const { id, isCategoryKnown } = await recordExpense(ctx, input);
    return { ...(await payload(ctx, id, info)), isCategoryKnown };
  }
}
