import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { badField, notFound } from '../../lib/errors.js';
import { personNumber } from '../identity/people/person-number.js';
import { approvalStatistics } from './approval-statistics.js';
import { Approval, ApprovalStatus } from './approval.entity.js';
import {
  ApprovalConnection,
  ApprovalPayload,
  ApprovalPeriod,
  ApprovalStatistics,
  ApproveDocumentInput,
  CommentApprovalInput,
  PendingApprovalArgs,
  RejectDocumentInput,
  SetApprovalStatusInput,
  SubmitDocumentInput,
} from './approval.inputs.js';
import { managesApprovals } from './approval.policy.js';
import { approvalReads } from './approval.reads.js';
import { commentApproval } from './comment-approval.js';
import { decideDocument, withdrawDocument } from './decide-document.js';
import { measureOf } from './deciders.js';
import { submitDocument } from './submit-document.js';

const payload = payloadOf('approval', approvalReads);

@Resolver(() => Approval)
export class ApprovalResolver {
  @Planned
  @Query(() => ApprovalConnection, {
    description:
      'What waits for a decision that a person may make, by their own right or a lent one; or all that waits.',
  })
  async pendingApprovals(
    @Ctx() { viewer, read, db, services }: Context,
    @Args(() => PendingApprovalArgs) { userId: named, ofAll, ...args }: PendingApprovalArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Approval>> {
    const me = requireSignedIn(viewer).userId;
    if (ofAll && named != null) throw badField('userId', 'not_allowed', 'does not go with ofAll');
    if (ofAll) return read.list(approvalReads, args, info);
    const userId = named == null ? me : await personNumber(db, named);
    if (userId === undefined || (userId !== me && !managesApprovals(viewer))) throw notFound('User');
    return read.list(
      approvalReads,
      { ...args, filter: { ...args.filter, decidableBy: { userId, measure: measureOf(services) } } },
      info,
    );
  }

  @Query(() => ApprovalStatistics, { description: 'Counts and sums of approvals in the current period.' })
  approvalStatistics(
    @Ctx() ctx: Context,
    @Arg('period', () => ApprovalPeriod, { defaultValue: ApprovalPeriod.MONTH, description: 'Which period.' })
    period: ApprovalPeriod,
    @Arg('userId', () => ID, {
      nullable: true,
      description: 'Number or UUID of a person: what they decided, and what they may decide.',
    })
    userId?: string | null,
  ): Promise<ApprovalStatistics> {
    return approvalStatistics(ctx, { period, userId });
  }

  @Mutation(() => ApprovalPayload, {
    description:
      'Submits a document for approval, also anew after a decision. For who may change it or validates its type.',
  })
  async submitDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => SubmitDocumentInput, { description: 'The document.' }) { documentId }: SubmitDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalPayload> {
    await submitDocument(ctx, documentId);
    return payload(ctx, documentId, info);
  }

  @Mutation(() => ApprovalPayload, {
    description:
      'Approves a document that is pending, or was never submitted: it then is, in the name of its owner. CONFLICT ' +
      'when somebody was faster.',
  })
  async approveDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => ApproveDocumentInput, { description: 'The decision.' }) input: ApproveDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalPayload> {
    await decideDocument(ctx, { ...input, status: ApprovalStatus.APPROVED });
    return payload(ctx, input.documentId, info);
  }

  @Mutation(() => ApprovalPayload, {
    description:
      'Rejects a document that is pending, or was never submitted: it then is, in the name of its owner. CONFLICT ' +
      'when somebody was faster.',
  })
  async rejectDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => RejectDocumentInput, { description: 'The decision.' }) input: RejectDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalPayload> {
    await decideDocument(ctx, { ...input, status: ApprovalStatus.REJECTED });
    return payload(ctx, input.documentId, info);
  }

  @Mutation(() => ApprovalPayload, {
    description: 'Submits, decides or takes out, by the status that the approval shall have.',
  })
  async setApprovalStatus(
    @Ctx() ctx: Context,
    @Arg('input', () => SetApprovalStatusInput, { description: 'The status.' }) {
      documentId,
      status,
      comment,
    }: SetApprovalStatusInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalPayload> {
    if (status === ApprovalStatus.PENDING) await submitDocument(ctx, documentId);
    else if (status === ApprovalStatus.WITHDRAWN) await withdrawDocument(ctx, { documentId, comment });
    else await decideDocument(ctx, { documentId, status, comment });
    return payload(ctx, documentId, info);
  }

  @Mutation(() => ApprovalPayload, { description: 'Says something in the history of an approval.' })
  async commentApproval(
    @Ctx() ctx: Context,
    @Arg('input', () => CommentApprovalInput, { description: 'The comment.' }) input: CommentApprovalInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApprovalPayload> {
    await commentApproval(ctx, input);
    return payload(ctx, input.documentId, info);
  }
}
