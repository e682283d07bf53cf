import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { Decimal } from '../../kernel/scalars.js';
import { ApprovalRule } from './approval-rule.entity.js';
import { approvalRuleReads } from './approval.reads.js';

export const ApprovalRuleConnection = connectionType('ApprovalRule', () => ApprovalRule);

@InputType({ description: 'Conditions on approval rules.' })
export class ApprovalRuleFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'For documents of this type alone.' })
  documentTypeId?: string | null;
}

export const ApprovalRuleListArgs = listArgs('ApprovalRule', approvalRuleReads.list, ApprovalRuleFilter);

@InputType({
  description: 'What an approval rule says. What is absent stays as it is, or takes its default; null empties.',
})
class ApprovalRuleFactsInput {
  @Field(() => ID, { nullable: true, description: 'For documents of this type; null: of any, or of none.' })
  documentTypeId?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'From this amount on.' })
  minAmount?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Below this amount.' })
  belowAmount?: string | null;

  @Field(() => String, { nullable: true, description: 'Only for amounts in this currency (ISO 4217).' })
  currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Smallest level of role that may decide; null: any.' })
  level?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: a document enters approval when it is filed. A new rule without it: false.',
  })
  startsOnCreation?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False: the rule applies to nothing new. A new rule without it: true.',
  })
  isActive?: boolean | null;
}

@InputType({ description: 'A new approval rule.' })
export class CreateApprovalRuleInput extends ApprovalRuleFactsInput {
  @Field(() => Int, { description: 'Hours until the next level is asked, 1 to 8760.' })
  hours!: number;
}

@InputType({ description: 'Changes to an approval rule; what is absent stays.' })
export class UpdateApprovalRuleInput extends ApprovalRuleFactsInput {
  @Field(() => Int, { nullable: true, description: 'Hours until the next level is asked, 1 to 8760.' })
  hours?: number | null;

  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;
}

@InputType({ description: 'Which approval rule.' })
export class DeleteApprovalRuleInput {
  @Field(() => ID, { description: 'Number of the rule.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An approval rule after a change.' })
export class ApprovalRulePayload {
  @Field(() => ApprovalRule, { description: 'The rule as it is now.' })
  approvalRule!: ApprovalRule;
}
