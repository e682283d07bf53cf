import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { payloadOf } from '../../kernel/payload.js';
import { replayDelivery } from './replay-delivery.js';
import { testEndpoint } from './test-endpoint.js';
import { triggerWebhooks } from './trigger-webhooks.js';
import { verifySignature } from './verify-signature.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import {
  ReplayWebhookDeliveryInput,
  TestWebhookEndpointInput,
  TriggerWebhooksInput,
  TriggerWebhooksPayload,
  VerifyWebhookSignatureInput,
  VerifyWebhookSignaturePayload,
  WebhookDeliveryPayload,
  WebhookHeader,
} from './webhook-delivery.inputs.js';
import { webhookDeliveryReads } from './webhook.reads.js';

const payload = payloadOf('webhookDelivery', webhookDeliveryReads);

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @Extensions({ needs: ['requestHeaders'] })
  @FieldResolver(() => [WebhookHeader], {
    description:
      'What the last attempt sent, at most 30, with signatures and the owner’s own headers masked; empty: not tried.',
  })
  requestHeaders(@Root() { requestHeaders }: WebhookDelivery): WebhookHeader[] {
    return [...requestHeaders];
  }

  @Extensions({ needs: ['responseHeaders'] })
  @FieldResolver(() => [WebhookHeader], {
    description: 'What of the last answer’s headers explains it, at most 20; others are not kept.',
  })
  responseHeaders(@Root() { responseHeaders }: WebhookDelivery): WebhookHeader[] {
    return [...responseHeaders];
  }

  @Mutation(() => WebhookDeliveryPayload, {
    description: 'Sends a test to a webhook, soon. CONFLICT when it is switched off.',
  })
  async testWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => TestWebhookEndpointInput, { description: 'Which webhook.' }) input: TestWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookDeliveryPayload> {
    return payload(ctx, await testEndpoint(ctx, input), info);
  }

  @Mutation(() => TriggerWebhooksPayload, {
    description:
      'Sends a documented event of one’s own making to every active webhook that is sent such events, whose it may ' +
      'be; needs `events:write`.',
  })
  async triggerWebhooks(
    @Ctx() ctx: Context,
    @Arg('input', () => TriggerWebhooksInput, { description: 'What is tried.' }) input: TriggerWebhooksInput,
  ): Promise<TriggerWebhooksPayload> {
    return { count: await triggerWebhooks(ctx, input) };
  }

  @Mutation(() => VerifyWebhookSignaturePayload, {
    description: 'Says whether a body was signed with a secret of one’s own webhook. Changes nothing.',
  })
  async verifyWebhookSignature(
    @Ctx() ctx: Context,
    @Arg('input', () => VerifyWebhookSignatureInput, { description: 'Body and signature.' })
    input: VerifyWebhookSignatureInput,
  ): Promise<VerifyWebhookSignaturePayload> {
    return { isValid: await verifySignature(ctx, input) };
  }

  @Mutation(() => WebhookDeliveryPayload, {
    description:
      'Sends a finished delivery again, as a new one with the same body and the same `webhook-id`; one that still ' +
      'waits is tried at once. CONFLICT when the webhook is switched off.',
  })
  async replayWebhookDelivery(
    @Ctx() ctx: Context,
    @Arg('input', () => ReplayWebhookDeliveryInput, { description: 'Which delivery.' })
    input: ReplayWebhookDeliveryInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookDeliveryPayload> {
    return payload(ctx, await replayDelivery(ctx, input), info);
  }
}
