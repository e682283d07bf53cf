import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Transaction } from '../transactions/transaction.entity.js';
import { CategorizationRule } from './categorization-rule.entity.js';
import { categorizationRuleReads } from './categorization-rule.reads.js';
import { CategorizationField, CategorizationOperator, type Condition } from './condition.js';

export const CategorizationRuleConnection = connectionType('CategorizationRule', () => CategorizationRule);

@InputType({ description: 'Conditions on categorisation rules.' })
class CategorizationRuleFilter extends ListFilter {}

export const CategorizationRuleListArgs = listArgs(
  'CategorizationRule',
  categorizationRuleReads.list,
  CategorizationRuleFilter,
);

@ObjectType({ simpleResolvers: true, description: 'What must hold of a transaction.' })
export class CategorizationCondition implements Condition {
  @Field(() => CategorizationField, { description: 'What it looks at.' })
  field!: CategorizationField;

  @Field(() => CategorizationOperator, { description: 'How it compares.' })
  operator!: CategorizationOperator;

  @Field(() => [String], {
    description: 'With what: one value, but up to 50 for `IN`; for `EXISTS` none or a truth value.',
  })
  values!: string[];
}

@InputType({ description: 'What must hold of a transaction.' })
class CategorizationConditionInput implements Condition {
  @Field(() => CategorizationField, { description: 'What it looks at.' })
  field!: CategorizationField;

  @Field(() => CategorizationOperator, { description: 'How it compares.' })
  operator!: CategorizationOperator;

  @Field(() => [String], {
    defaultValue: [],
    description: 'With what, at most 200 characters each: one, or up to 50 for `IN`; none or a truth for `EXISTS`.',
  })
  values!: string[];
}

@InputType({ description: 'What a categorisation rule gives, and where it stands.' })
class CategorizationRuleFactsInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Place among the rules, from 1; a place beyond the last is the last, as for a new rule without one.',
  })
  position?: number | null;

  @Field(() => ID, { nullable: true, description: 'Number of the category that it gives; null: none.' })
  categoryId?: string | null;

  @Field(() => [String], { nullable: true, description: 'The labels that it adds, at most 20 of 50 characters.' })
  labels?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether no later rule is asked once it holds. A new rule without it: true.',
  })
  stops?: boolean | null;
}

@InputType({ description: 'A new categorisation rule; it gives a category, labels or both.' })
export class CreateCategorizationRuleInput extends CategorizationRuleFactsInput {
  @Field(() => String, { description: 'Name: 1 to 100 characters.' })
  name!: string;

  @Field(() => [CategorizationConditionInput], { description: 'One to ten conditions, all of which must hold.' })
  conditions!: CategorizationConditionInput[];
}

@InputType({ description: 'Changes to a categorisation rule; what is absent stays.' })
export class UpdateCategorizationRuleInput extends CategorizationRuleFactsInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => [CategorizationConditionInput], { nullable: true, description: 'All its conditions anew, one to ten.' })
  conditions?: CategorizationConditionInput[] | null;
}

@InputType({ description: 'Which categorisation rule.' })
export class DeleteCategorizationRuleInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;
}

@InputType({ description: 'Which categorisation rule is applied to what there is.' })
export class ApplyCategorizationRuleInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;
}

@InputType({
  description: 'A rule for transactions like one: with the words of its description, giving its category and labels.',
})
export class CreateRuleFromTransactionInput extends CategorizationRuleFactsInput {
  @Field(() => ID, { description: 'Number of the transaction.' })
  transactionId!: string;

  @Field(() => String, { nullable: true, description: 'Name: 1 to 100 characters; the words when absent.' })
  name?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A categorisation rule after a change.' })
export class CategorizationRulePayload {
  @Field(() => CategorizationRule, { description: 'The rule as it is now.' })
  categorizationRule!: CategorizationRule;
}

@ObjectType({ simpleResolvers: true, description: 'What a categorisation rule did.' })
export class ApplyCategorizationRulePayload {
  @Field(() => CategorizationRule, { description: 'The rule.' })
  categorizationRule!: CategorizationRule;

  @Field(() => Int, { description: 'How many transactions it changed.' })
  changedCount!: number;

  @Field(() => Boolean, {
    description: 'False when there were more transactions without a category than one call asks.',
  })
  isComplete!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'What a categorisation rule would change.' })
export class CategorizationDryRun {
  @Field(() => Int, { description: 'How many transactions it would change.' })
  count!: number;

  @Field(() => Boolean, {
    description: 'False when there are more transactions without a category than one call asks.',
  })
  isComplete!: boolean;

  @Field(() => [Transaction], { description: 'The newest of them as they are now, at most 100.' })
  transactions!: Transaction[];
}
