import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { CalendarDate } from '../../kernel/scalars.js';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import { approvalDelegationReads } from './approval.reads.js';

export const ApprovalDelegationConnection = connectionType('ApprovalDelegation', () => ApprovalDelegation);

@InputType({ description: 'Conditions on delegations; all that are given must hold.' })
export class ApprovalDelegationFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: "Of this person's right, by number." })
  fromId?: string | null;

  @Field(() => ID, { nullable: true, description: 'To this person, by number.' })
  toId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only those taken back; false: only the others.' })
  isRevoked?: boolean | null;
}

export const ApprovalDelegationListArgs = listArgs(
  'ApprovalDelegation',
  approvalDelegationReads.list,
  ApprovalDelegationFilter,
);

@InputType({ description: 'Whose right to decide, to whom, on which days.' })
export class DelegateApprovalsInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Number or UUID of the person whose right it is: oneself by default, another for administrators of approval.',
  })
  fromId?: string | null;

  @Field(() => ID, { description: 'Number or UUID of the person who shall decide. They decide what they can see.' })
  toId!: string;

  @Field(() => CalendarDate, { description: "First day, in the firm's time zone." })
  validFrom!: string;

  @Field(() => CalendarDate, { description: 'Last day, included.' })
  validTo!: string;
}

@InputType({ description: 'Which delegation to take back.' })
export class RevokeApprovalDelegationInput {
  @Field(() => ID, { description: 'Number of the delegation.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A delegation after a change.' })
export class ApprovalDelegationPayload {
  @Field(() => ApprovalDelegation, { description: 'The delegation as it is now.' })
  approvalDelegation!: ApprovalDelegation;
}
