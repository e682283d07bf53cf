import { Arg, Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { TransactionFilter } from '../transactions/transaction.inputs.js';
import { readStatementData } from './read-statement-data.js';
import { renderStatement } from './render-statement.js';

@ObjectType({ simpleResolvers: true, description: 'A printed statement of accounts.' })
class TransactionStatement {
  @Field(() => String, { description: 'Name for saving it.' })
  name!: string;

  @Field(() => String, { description: 'Media type: `application/pdf`.' })
  mimeType!: string;

  @Field(() => String, { description: 'The PDF, in base64.' })
  contentBase64!: string;
}

@Resolver()
export class TransactionStatementResolver {
  @Query(() => TransactionStatement, {
    // As much as a list of as many rows: it is drawn in a thread of its own, one at a time.
    complexity: 5000,
    description:
      'Transactions as a PDF: the accounts with their balances at both ends of the period, income, expenses and the ' +
      'curve of the balance, and the transactions, the oldest first. At most 5,000 of them.',
  })
  async transactionStatement(
    @Ctx() ctx: Context,
    @Arg('filter', () => TransactionFilter, { nullable: true, description: 'Conditions, as for the list.' })
    filter?: TransactionFilter | null,
  ): Promise<TransactionStatement> {
    const statement = await readStatementData(ctx, filter);
    const bytes = await renderStatement(statement, { owner: ctx.viewer.userId });
    return {
      name: `releve-${statement.from}-${statement.to}.pdf`,
      mimeType: 'application/pdf',
      contentBase64: bytes.toString('base64'),
    };
  }
}
