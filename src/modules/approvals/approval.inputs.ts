import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { Decimal } from '../../kernel/scalars.js';
import { Approval, ApprovalStatus } from './approval.entity.js';
import { approvalReads } from './approval.reads.js';
import { obstacles } from './deciders.js';

export const ApprovalConnection = connectionType('Approval', () => Approval);

@InputType({ description: 'Conditions on approvals; all that are given must hold.' })
export class ApprovalFilter extends ListFilter {}

@ArgsType()
export class PendingApprovalArgs extends listArgs('Approval', approvalReads.list, ApprovalFilter) {
  @Field(() => ID, {
    nullable: true,
    description:
      'Number or UUID of the person who may decide; oneself by default, another for administrators of approval.',
  })
  userId?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'True: all that waits and that the viewer may see, also what is not theirs to decide: `canDecide` says why. ' +
      'Not with `userId`.',
  })
  ofAll!: boolean;
}

export const DecisionObstacle = Object.fromEntries(obstacles.map((name) => [name, name]));
registerEnumType(DecisionObstacle, {
  name: 'DecisionObstacle',
  description: 'Why a person may not decide.',
  valuesConfig: {
    NOT_PENDING: { description: 'The document does not wait for a decision.' },
    NO_ROLE: { description: 'No approval role that is valid today.' },
    OUT_OF_SCOPE: { description: 'The role is for documents of another type.' },
    LEVEL_TOO_LOW: { description: 'A higher role is asked for.' },
    OTHER_CURRENCY: { description: 'The role is for amounts in another currency.' },
    AMOUNT_TOO_HIGH: { description: 'The amount is more than the person may approve.' },
    OWN_SUBMISSION: {
      description:
        'The person, or whose right was lent to them, submitted the document, changed it as its owner, or raised its ' +
        'amount.',
    },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Whether the viewer may decide, and by what right.' })
export class DecisionRight {
  @Field(() => Boolean, { description: 'True when the viewer may decide now.' })
  allowed!: boolean;

  @Field(() => DecisionObstacle, { nullable: true, description: 'Why not; null when allowed.' })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the role that would be used, or that comes nearest; null without any.',
  })
  role?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Largest amount for that role; null: unlimited, or no role.' })
  maxAmount?: string | null;

  @Field(() => String, { nullable: true, description: 'The only currency that the role is for; null: any.' })
  currency?: string | null;

  @Field(() => ID, { nullable: true, description: 'Number of the person whose right it is, when it is lent.' })
  delegatedById?: number | null;
}

@InputType({ description: 'Names the document to approve.' })
export class SubmitDocumentInput {
  @Field(() => ID, { description: 'Number of the document.' })
  documentId!: string;
}

@InputType({ description: 'A yes.' })
export class ApproveDocumentInput extends SubmitDocumentInput {
  @Field(() => String, { nullable: true, description: 'What is said with it, at most 2000 characters.' })
  comment?: string | null;
}

@InputType({ description: 'A no.' })
export class RejectDocumentInput extends SubmitDocumentInput {
  @Field(() => String, {
    nullable: true,
    description: 'Why, at most 2000 characters. Welcome; required where the firm asks for it.',
  })
  comment?: string | null;
}

@InputType({ description: 'Where an approval shall stand.' })
export class SetApprovalStatusInput extends SubmitDocumentInput {
  @Field(() => ApprovalStatus, {
    description: 'PENDING submits, APPROVED and REJECTED decide, WITHDRAWN takes out of approval.',
  })
  status!: ApprovalStatus;

  @Field(() => String, {
    nullable: true,
    description: 'What is said with it, at most 2000 characters; kept with a decision only.',
  })
  comment?: string | null;
}

@InputType({ description: 'Something said about an approval.' })
export class CommentApprovalInput extends SubmitDocumentInput {
  @Field(() => String, { description: 'At most 2000 characters.' })
  comment!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An approval after a change.' })
export class ApprovalPayload {
  @Field(() => Approval, { description: 'The approval as it is now.' })
  approval!: Approval;
}

export enum ApprovalPeriod {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
  YEAR = 'year',
}

registerEnumType(ApprovalPeriod, {
  name: 'ApprovalPeriod',
  description: "A calendar period around now, in the firm's time zone.",
  valuesConfig: {
    DAY: { description: 'Today.' },
    WEEK: { description: 'This week, from Monday.' },
    MONTH: { description: 'This month.' },
    YEAR: { description: 'This year.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'How many approvals, and of what amounts. Amounts are added whatever their currency.',
})
export class ApprovalFigures {
  @Field(() => Int, { description: 'How many.' })
  count!: number;

  @Field(() => Decimal, { description: 'Sum of the amounts.' })
  totalAmount!: string;

  @Field(() => Decimal, { description: 'Average of the amounts that are known, to the cent; 0 without any.' })
  averageAmount!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Approvals of one period, of documents that the viewer may see.' })
export class ApprovalStatistics {
  @Field(() => ApprovalFigures, { description: 'Approved in the period.' })
  approved!: ApprovalFigures;

  @Field(() => ApprovalFigures, { description: 'Rejected in the period.' })
  rejected!: ApprovalFigures;

  @Field(() => ApprovalFigures, { description: 'Submitted in the period and pending.' })
  pending!: ApprovalFigures;
}
