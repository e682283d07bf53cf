import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { givenFilter } from '../../kernel/read-model.js';
import { requireSignedIn } from '../../kernel/viewer.js';
import { createEndpoint } from './create-endpoint.js';
import { deleteEndpoint } from './delete-endpoint.js';
import { endpointNumber } from './endpoint-fields.js';
import { rotateSecret } from './rotate-secret.js';
import { pauseEndpoint, resumeEndpoint, updateEndpoint } from './update-endpoint.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import {
  WebhookDeliveryConnection,
  WebhookDeliveryListArgs,
  WebhookReplayConnection,
  WebhookReplayListArgs,
} from './webhook-delivery.inputs.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import {
  CreateWebhookEndpointInput,
  DeleteWebhookEndpointInput,
  PauseWebhookEndpointInput,
  ResumeWebhookEndpointInput,
  RotateWebhookSecretInput,
  UpdateWebhookEndpointInput,
  WebhookCondition,
  WebhookEndpointConnection,
  type WebhookEndpointFilter,
  WebhookEndpointListArgs,
  WebhookEndpointPayload,
  WebhookSecretPayload,
} from './webhook-endpoint.inputs.js';
import type { WebhookReplay } from './webhook-replay.entity.js';
import { webhookEndpointReads } from './webhook.reads.js';

const payload = payloadOf('webhookEndpoint', webhookEndpointReads);

@Resolver(() => WebhookEndpoint)
export class WebhookEndpointResolver {
  @Planned
  @Query(() => WebhookEndpointConnection, { description: "The viewer's own webhooks." })
  webhookEndpoints(
    @Ctx() { viewer, read }: Context,
    @Args(() => WebhookEndpointListArgs) args: ListArgs<WebhookEndpointFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<WebhookEndpoint>> {
    requireSignedIn(viewer);
    return read.list(webhookEndpointReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => WebhookEndpoint, {
    nullable: true,
    description: "One of the viewer's webhooks; null when there is none.",
  })
  async webhookEndpoint(
    @Ctx() { viewer, read, db }: Context,
    @Arg('id', () => ID, { description: 'Number or UUID of the webhook.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookEndpoint | undefined> {
    requireSignedIn(viewer);
    const number = await endpointNumber(db, viewer, id);
    return number === undefined ? undefined : read.one(webhookEndpointReads, number, info);
  }

  @Extensions({ needs: ['conditions'] })
  @FieldResolver(() => [WebhookCondition], { description: 'What must all hold of what is sent, at most 20.' })
  conditions(@Root() { conditions }: WebhookEndpoint): WebhookCondition[] {
    return [...conditions];
  }

  @FieldResolver(() => WebhookDeliveryConnection, { description: 'What was and is to be sent to it, newest first.' })
  deliveries(@Args(() => WebhookDeliveryListArgs) _args: ListArgs): Connection<WebhookDelivery> {
    return answeredByReader();
  }

  @FieldResolver(() => WebhookReplayConnection, { description: 'Its replays, newest first.' })
  replays(@Args(() => WebhookReplayListArgs) _args: ListArgs): Connection<WebhookReplay> {
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

  @Mutation(() => WebhookEndpointPayload, {
    description: 'Has a webhook wait: events are queued for it, and nothing is sent before it is resumed.',
  })
  async pauseWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => PauseWebhookEndpointInput, { description: 'Which webhook.' }) { id }: PauseWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookEndpointPayload> {
    return payload(ctx, await pauseEndpoint(ctx, id), info);
  }

  @Mutation(() => WebhookEndpointPayload, { description: 'Sends what a paused webhook has waited for, in its order.' })
  async resumeWebhookEndpoint(
    @Ctx() ctx: Context,
    @Arg('input', () => ResumeWebhookEndpointInput, { description: 'Which webhook.' })
    { id }: ResumeWebhookEndpointInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WebhookEndpointPayload> {
    return payload(ctx, await resumeEndpoint(ctx, id), info);
  }
}
