import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { userReads } from '../../identity/identity.reads.js';
import { monitoringPermission } from '../alerts/alert.policy.js';
import { endSubscription } from './end-subscription.js';
import { findOpenSubscriptions, mostListed } from './find-open-subscriptions.js';
import { EndSubscriptionInput, EndSubscriptionPayload, OpenSubscription } from './open-subscription.types.js';

@Resolver(() => OpenSubscription)
export class OpenSubscriptionResolver {
  @Query(() => [OpenSubscription], {
    description:
      'Who follows the event log, at all processes: those that lag most first, at most 100. Each process tells of a ' +
      'thousand of its own, every three seconds. Needs `monitoring:read`.',
  })
  @Extensions({
    complexity: ({ childComplexity }: { childComplexity: number }) => mostListed + childComplexity * mostListed,
  })
  async openSubscriptions(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<OpenSubscription[]> {
    requirePermission(ctx.viewer, monitoringPermission);
    const found = await findOpenSubscriptions(ctx);
    if (found.length === 0) return [];
    const ids = found.map(({ userId }) => userId);
    const users = await ctx.read.each(userReads, ids, info, { path: ['user'] });
    return found.map(({ userId: _userId, ...subscription }, index) => ({ ...subscription, user: users[index] }));
  }

  @Mutation(() => EndSubscriptionPayload, {
    description:
      'Ends a subscription at whatever process; its client is told `subscription_ended` and may begin another. Needs ' +
      '`monitoring:write`.',
  })
  endSubscription(
    @Ctx() ctx: Context,
    @Arg('input', () => EndSubscriptionInput, { description: 'Which one.' }) { id }: EndSubscriptionInput,
  ): Promise<EndSubscriptionPayload> {
    return endSubscription(ctx, id);
  }
}
