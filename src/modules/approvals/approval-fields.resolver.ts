import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Extensions, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import {
  answeredByReader,
  type Connection,
  type ConnectionArgs,
  connectionArgs,
  connectionType,
} from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { dayIn, daysBetween } from '../../lib/zoned-day.js';
import { Document } from '../documents/files/document.entity.js';
import { User } from '../identity/people/user.entity.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval, ApprovalStatus } from './approval.entity.js';
import { DecisionRight } from './approval.inputs.js';
import { managesApprovals } from './approval.policy.js';
import type { Standing } from './deciders.js';

const ApprovalStepArgs = connectionArgs('ApprovalStep');

const ApprovalStepConnection = connectionType('ApprovalStep', () => ApprovalStep);

@Resolver(() => Approval)
export class ApprovalFieldsResolver {
  @Extensions({ needs: ['deadline', 'status'] })
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Calendar days of the firm until the deadline, negative when it has passed; null unless pending.',
  })
  daysUntilDeadline(
    @Root() { deadline, status }: Approval,
    @Ctx() { services: { config, now } }: Context,
  ): number | null {
    if (!deadline || status !== ApprovalStatus.PENDING) return null;
    return daysBetween(dayIn(config.timeZone, now()), dayIn(config.timeZone, new Date(deadline)));
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => DecisionRight, { description: 'Whether the viewer may decide now, and why not.' })
  canDecide(@Root() { id }: Approval, @Ctx() ctx: Context): Promise<DecisionRight> {
    return decisionRight(ctx, Number(id));
  }

  @Extensions({ needs: ['level'] })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of the lowest role whose holders may decide now, by `level`; null: any that has a level.',
  })
  async requiredRole(@Root() { level }: Approval, @Ctx() { load }: Context): Promise<string | null> {
    return level == null ? null : ((await load.decidingRoles.load(level)) ?? null);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [User], {
    description: 'Who may decide now, each once, as far as the viewer sees these people; empty unless pending.',
  })
  validators(@Root() { id }: Approval, @Ctx() { load }: Context, @Info() info: GraphQLResolveInfo): Promise<User[]> {
    return load.validators.load({ id: Number(id), info });
  }

  @Extensions({ needs: ['decidedById'] })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'User name of who decided, also of a person whom the viewer sees nothing else of.',
  })
  async decidedByUsername(@Root() { decidedById }: Approval, @Ctx() { load }: Context): Promise<string | null> {
    return decidedById == null ? null : ((await load.usernames.load(Number(decidedById))) ?? null);
  }

  @FieldResolver(() => ApprovalStepConnection, { description: 'What happened to it, newest first.' })
  history(@Args(() => ApprovalStepArgs) _args: ConnectionArgs): Connection<ApprovalStep> {
    return answeredByReader();
  }
}

@Resolver(() => Document)
export class DocumentDecisionResolver {
  @Extensions({ needs: ['id'] })
  @FieldResolver(() => DecisionRight, {
    description:
      'Whether the viewer may decide now, and why not. Of a document that was never submitted: whether they may ' +
      'submit it in the name of its owner and decide at once.',
  })
  canDecide(@Root() { id }: Document, @Ctx() ctx: Context): Promise<DecisionRight> {
    return decisionRight(ctx, Number(id));
  }
}

const noRight: Standing = { obstacle: 'NO_ROLE', role: null, maxAmount: null, currency: null, holderId: null };

async function decisionRight({ load }: Context, documentId: number): Promise<DecisionRight> {
  const { obstacle, role, maxAmount, currency, holderId } = (await load.standings.load(documentId)) ?? noRight;
  return { allowed: obstacle === null, reason: obstacle, role, maxAmount, currency, delegatedById: holderId };
}

@Resolver(() => ApprovalStep)
export class ApprovalStepFieldsResolver {
  @Extensions({ needs: ['performedById'] })
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'User name of who did it, also of a person whom the viewer sees nothing else of; null for the server itself.',
  })
  async performedByUsername(@Root() { performedById }: ApprovalStep, @Ctx() { load }: Context): Promise<string | null> {
    return performedById == null ? null : ((await load.usernames.load(Number(performedById))) ?? null);
  }
}

@Resolver(() => User)
export class PendingApprovalsOfUserResolver {
  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [Approval], {
    description:
      'The hundred most urgent decisions that the person may make. Private: empty for others but administrators of ' +
      'approval.',
  })
  async pendingApprovals(
    @Root() { id }: User,
    @Ctx() { viewer, load }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Approval[]> {
    const isOwn = viewer.userId === Number(id) && viewer.scopes.has('read');
    return isOwn || managesApprovals(viewer) ? load.pendingApprovals.load({ id: Number(id), info }) : [];
  }
}
