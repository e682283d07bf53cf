import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { createEndpoint } from './create-endpoint.js';
import { deleteEndpoint } from './delete-endpoint.js';
import { replayDelivery } from './replay-delivery.js';
import { rotateSecret } from './rotate-secret.js';
import { testEndpoint } from './test-endpoint.js';
import { updateEndpoint } from './update-endpoint.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import {
  CreateWebhookEndpointInput,
  DeleteWebhookEndpointInput,
  ReplayWebhookDeliveryInput,
  RotateWebhookSecretInput,
  TestWebhookEndpointInput,
  UpdateWebhookEndpointInput,
  WebhookDeliveryConnection,
  WebhookDeliveryListArgs,
  WebhookDeliveryPayload,
  WebhookEndpointConnection,
  WebhookEndpointListArgs,
  WebhookEndpointPayload,
  WebhookSecretPayload,
} from './webhook.inputs.js';
import { webhookDeliveryReads, webhookEndpointReads } from './webhook.reads.js';

const payload = payloadOf('webhookEndpoint', webhookEndpointReads);
const deliveryPayload = payloadOf('webhookDelivery', webhookDeliveryReads);

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Planned
  @Query(() => WebhookEndpointConnection, { description: "The viewer's own webhooks." })
  webhookEndpoints(
    @Ctx() { viewer, read }: Context,
    @Args(() => WebhookEndpointListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<WebhookEndpoint>> {
    requireSignedIn(viewer);
    return read.list(webhookEndpointReads, args, info);
  }

  @Planned
  @Query(() => WebhookEndpoint, {
    nullable: true,
    description: "One of the viewer's webhooks; null when there is none.",
  })
  async webhookEndpoint(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the webhook.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookEndpoint | undefined> {
    requireSignedIn(viewer);
    return read.one(webhookEndpointReads, id, info);
  }

  @FieldResolver(() => WebhookDeliveryConnection, { description: 'What was and is to be sent to it, newest first.' })
  deliveries(@Args(() => WebhookDeliveryListArgs) _args: ListArgs): Connection<WebhookDelivery> {
    return answeredByReader();
  }

  @Mutation(() => WebhookSecretPayload, {
    description:
      "Makes a webhook of one's own, of which there are at most 20. Its address is not called before something " +
      'happens. This and all changes need the scope `webhooks`.',
  })
  async createWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateWebhookEndpointInput, { description: 'The webhook.' }) input: CreateWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookSecretPayload> {
    const { id, secret } = await createEndpoint(ctx, input);
    return { secret, ...(await payload(ctx, id, info)) };
  }

  @Mutation(() => WebhookEndpointPayload, { description: "Changes one of one's own webhooks." })
  async updateWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateWebhookEndpointInput, { description: 'The changes.' }) input: UpdateWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookEndpointPayload> {
    return payload(ctx, await updateEndpoint(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a webhook with its deliveries, also those that wait.' })
  async deleteWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteWebhookEndpointInput, { description: 'Which webhook.' }) {
      id,
    }: DeleteWebhookEndpointInput,
  ): Promise<DeletedPayload> {
    return deleted('WebhookEndpoint', await deleteEndpoint(ctx, id));
  }

  @Mutation(() => WebhookSecretPayload, {
    description:
      'Gives a webhook a new secret. For 24 hours `webhook-signature` carries a signature with the one before as ' +
      'well; `X-Webhook-Signature` is made with the new one at once.',
  })
  async rotateWebhookSecret(
    @Ctx() ctx: Context,
    @Arg('input', () => RotateWebhookSecretInput, { description: 'Which webhook.' }) input: RotateWebhookSecretInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookSecretPayload> {
    const { id, secret } = await rotateSecret(ctx, input.id);
    return { secret, ...(await payload(ctx, id, info)) };
  }

  @Mutation(() => WebhookDeliveryPayload, {
    description: 'Sends `webhook.test` to a webhook, soon. CONFLICT when it is switched off.',
  })
  async testWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => TestWebhookEndpointInput, { description: 'Which webhook.' }) { id }: TestWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookDeliveryPayload> {
    return deliveryPayload(ctx, await testEndpoint(ctx, id), info);
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
    return deliveryPayload(ctx, await replayDelivery(ctx, input), info);
  }
}
