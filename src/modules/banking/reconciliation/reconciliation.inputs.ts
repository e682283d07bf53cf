import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { Reconciliation } from './reconciliation.entity.js';
import { reconciliationReads } from './reconciliation.reads.js';

export const ReconciliationConnection = connectionType('Reconciliation', () => Reconciliation);

@InputType({ description: 'Conditions on reconciliations; all that are given must hold.' })
class ReconciliationFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this bank account.' })
  accountId?: string | null;
}

export const ReconciliationListArgs = listArgs('Reconciliation', reconciliationReads.list, ReconciliationFilter);

@InputType({ description: 'What a statement of the bank says of an account.' })
export class ReconcileBankAccountInput {
  @Field(() => ID, { description: 'Number of the bank account.' })
  accountId!: string;

  @Field(() => [ID], {
    description:
      'The transactions that stand on the statement, at most 10,000; those that were reconciled before may be named, ' +
      'and count in any case.',
  })
  transactionIds!: string[];

  @Field(() => Decimal, { description: 'Closing balance of the statement.' })
  statementBalance!: string;

  @Field(() => CalendarDate, { description: 'Day of the statement; no transaction on it is later.' })
  statementDate!: string;
}

@InputType({ description: 'Which reconciliation.' })
export class UndoReconciliationInput {
  @Field(() => ID, { description: 'Number of the reconciliation: the latest one of its account.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The account that it must be of.' })
  accountId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A reconciliation that was made.' })
export class ReconciliationPayload {
  @Field(() => Reconciliation, { description: 'The reconciliation.' })
  reconciliation!: Reconciliation;
}
