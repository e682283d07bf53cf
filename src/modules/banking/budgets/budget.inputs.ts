import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { Budget } from './budget.entity.js';
import { budgetReads } from './budget.reads.js';

export const BudgetConnection = connectionType('Budget', () => Budget);

@InputType({ description: 'Conditions on budgets; all that are given must hold.' })
class BudgetFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this category; null: of none.' })
  categoryId?: string | null;

  @Field(() => String, { nullable: true, description: 'With this text in its name, in any case.' })
  search?: string | null;
}

export const BudgetListArgs = listArgs('Budget', budgetReads.list, BudgetFilter);

@InputType({ description: 'A new budget of one’s own.' })
export class CreateBudgetInput {
  @Field(() => String, { description: 'What it is for: 1 to 100 characters.' })
  name!: string;

  @Field(() => ID, { nullable: true, description: 'Number of the category that it belongs to.' })
  categoryId?: string | null;

  @Field(() => Decimal, { description: 'How much it is to be: more than 0, at most two decimals.' })
  targetAmount!: string;

  @Field(() => Decimal, { nullable: true, description: 'How much there is: 0 when absent.' })
  currentAmount?: string | null;

  @Field(() => CalendarDate, { description: 'Day by which it is to be there, from 1900 to 2199.' })
  targetDate!: string;
}

@InputType({ description: 'Changes to a budget of one’s own; what is absent stays.' })
export class UpdateBudgetInput {
  @Field(() => ID, { description: 'Number of the budget.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What it is for: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of its category; null removes it.' })
  categoryId?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'How much it is to be: more than 0.' })
  targetAmount?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'How much there is: 0 or more.' })
  currentAmount?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Day by which it is to be there.' })
  targetDate?: string | null;
}

@InputType({ description: 'Which budget.' })
export class DeleteBudgetInput {
  @Field(() => ID, { description: 'Number of the budget.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A budget after a change.' })
export class BudgetPayload {
  @Field(() => Budget, { description: 'The budget as it is now.' })
  budget!: Budget;
}
