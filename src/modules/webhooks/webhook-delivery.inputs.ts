import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime, Json } from '../../kernel/scalars.js';
import type { ShownHeader } from './shown-headers.js';
import { WebhookDelivery, WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookReplay } from './webhook-replay.entity.js';
import { webhookDeliveryReads, webhookReplayReads } from './webhook.reads.js';

export const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDelivery);
export const WebhookReplayConnection = connectionType('WebhookReplay', () => WebhookReplay);

@InputType({ description: 'Conditions on deliveries; all that are given must hold.' })
class WebhookDeliveryFilter extends ListFilter {
  @Field(() => WebhookDeliveryStatus, { nullable: true, description: 'That are so far.' })
  status?: WebhookDeliveryStatus | null;

  @Field(() => String, { nullable: true, description: 'Of events of this name, such as `transaction.created`.' })
  eventName?: string | null;
}

export const WebhookDeliveryListArgs = listArgs('WebhookDelivery', webhookDeliveryReads.list, WebhookDeliveryFilter);

@InputType({ description: 'Conditions on replays.' })
class WebhookReplayFilter extends ListFilter {}

export const WebhookReplayListArgs = listArgs('WebhookReplay', webhookReplayReads.list, WebhookReplayFilter);

@ObjectType({ simpleResolvers: true, description: 'A header that was sent or answered.' })
export class WebhookHeader implements ShownHeader {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'Its value; of signatures and of the owner’s own headers `***`.' })
  value!: string;
}

@InputType({ description: 'What a test sends in the format DOCUMENTED.' })
export class WebhookTestEventInput {
  @Field(() => String, { nullable: true, description: 'The document’s word for it, at most 100 characters.' })
  eventName?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When. Default: now.' })
  timestamp?: Date | null;

  @Field(() => Json, { nullable: true, description: 'An object, at most 64 KiB of JSON.' })
  data?: unknown;

  @Field(() => String, { nullable: true, description: 'What it is about, at most 100 characters.' })
  resourceId?: string | null;
}

@InputType({ description: 'Which webhook is tried.' })
export class TestWebhookEndpointInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;

  @Field(() => WebhookTestEventInput, {
    nullable: true,
    description: 'What a webhook of the format DOCUMENTED is sent. Absent, as for the other formats: a `webhook.test`.',
  })
  event?: WebhookTestEventInput | null;
}

@InputType({ description: 'Which delivery.' })
export class ReplayWebhookDeliveryInput {
  @Field(() => ID, { description: 'Number of the delivery.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Number or UUID of its webhook, to replay no delivery of another one.',
  })
  endpointId?: string | null;
}

@InputType({ description: 'Since when.' })
export class ReplayWebhookEventsInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;

  @Field(() => DateTime, { description: 'Events that were queued for it from this moment on.' })
  since!: Date;
}

@InputType({ description: 'Which replay.' })
export class CancelWebhookReplayInput {
  @Field(() => ID, { description: 'UUID of the replay.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A replay after a change.' })
export class WebhookReplayPayload {
  @Field(() => WebhookReplay, { description: 'The replay.' })
  webhookReplay!: WebhookReplay;
}

@ObjectType({ simpleResolvers: true, description: 'A delivery that is on its way.' })
export class WebhookDeliveryPayload {
  @Field(() => WebhookDelivery, { description: 'The delivery.' })
  webhookDelivery!: WebhookDelivery;
}

@InputType({ description: 'What is tried on all webhooks.' })
export class TriggerWebhooksInput {
  @Field(() => String, { description: 'The document’s word for what happened, such as `client_created`.' })
  eventName!: string;

  @Field(() => WebhookTestEventInput, { nullable: true, description: 'What is sent; the word above is its type.' })
  event?: WebhookTestEventInput | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was tried.' })
export class TriggerWebhooksPayload {
  @Field(() => Int, { description: 'How many webhooks it is on its way to.' })
  count!: number;
}

@InputType({ description: 'A body with its signature.' })
export class VerifyWebhookSignatureInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;

  @Field(() => String, { description: 'The exact body.' })
  payload!: string;

  @Field(() => String, { description: 'As in `X-Webhook-Signature`: HMAC-SHA256 in hex, with or without `sha256=`.' })
  signature!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Whether a signature is one of the webhook’s.' })
export class VerifyWebhookSignaturePayload {
  @Field(() => Boolean, { description: 'Whether it was made with the secret in force, or with one that still holds.' })
  isValid!: boolean;
}
