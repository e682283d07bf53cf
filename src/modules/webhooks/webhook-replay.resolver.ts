import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { cancelReplay, replayEvents } from './replay-events.js';
import { CancelWebhookReplayInput, ReplayWebhookEventsInput, WebhookReplayPayload } from './webhook-delivery.inputs.js';
import { WebhookReplay } from './webhook-replay.entity.js';
import { webhookReplayReads } from './webhook.reads.js';

const payload = payloadOf('webhookReplay', webhookReplayReads);

@Resolver(() => WebhookReplay)
export class WebhookReplayResolver {
  @Planned
  @Query(() => WebhookReplay, {
    nullable: true,
    description: "A replay to one of the viewer's webhooks; null when there is none.",
  })
  async webhookReplay(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID of the replay.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookReplay | undefined> {
    requireSignedIn(viewer);
    return read.one(webhookReplayReads, id, info);
  }

  @Mutation(() => WebhookReplayPayload, {
    description:
      'Sends all events that were queued for a webhook since a moment once more, at most 10,000, in their order and ' +
      'with the same bodies and `webhook-id`s; those that still wait are tried at once. It goes on by itself: ' +
      '`webhookReplay` and the events `webhook.replay_*` say how far it is. CONFLICT while another one is under way.',
  })
  async replayWebhookEvents(
    @Ctx() ctx: Context,
    @Arg('input', () => ReplayWebhookEventsInput, { description: 'Since when.' }) input: ReplayWebhookEventsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookReplayPayload> {
    return payload(ctx, await replayEvents(ctx, input), info);
  }

  @Mutation(() => WebhookReplayPayload, {
    description: 'Ends a replay. What of it was not tried yet is not sent; one that is wholly sent stays done.',
  })
  async cancelWebhookReplay(
    @Ctx() ctx: Context,
    @Arg('input', () => CancelWebhookReplayInput, { description: 'Which replay.' }) { id }: CancelWebhookReplayInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookReplayPayload> {
    return payload(ctx, await cancelReplay(ctx, id), info);
  }
}
