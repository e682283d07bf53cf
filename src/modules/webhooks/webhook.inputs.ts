import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { WebhookDelivery, WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { webhookDeliveryReads, webhookEndpointReads } from './webhook.reads.js';

export const WebhookEndpointConnection = connectionType('WebhookEndpoint', () => WebhookEndpoint);
export const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDelivery);

@InputType({ description: 'Conditions on webhooks; all that are given must hold.' })
class WebhookEndpointFilter extends ListFilter {}

export const WebhookEndpointListArgs = listArgs('WebhookEndpoint', webhookEndpointReads.list, WebhookEndpointFilter);

@InputType({ description: 'Conditions on deliveries; all that are given must hold.' })
class WebhookDeliveryFilter extends ListFilter {
  @Field(() => WebhookDeliveryStatus, { nullable: true, description: 'That are so far.' })
  status?: WebhookDeliveryStatus | null;

  @Field(() => String, { nullable: true, description: 'Of events of this name, such as `transaction.created`.' })
  eventName?: string | null;
}

export const WebhookDeliveryListArgs = listArgs('WebhookDelivery', webhookDeliveryReads.list, WebhookDeliveryFilter);

const secretText =
  'Key of the signatures: 16 to 200 printable ASCII characters, or `whsec_` with base64 as Standard Webhooks has it.';

@InputType({ description: 'A new webhook.' })
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: 'What to call it, at most 100 characters.' })
  name!: string;

  @Field(() => String, { description: 'Where to send events to: http:// or https://, without a password.' })
  url!: string;

  @Field(() => [String], {
    description: 'Which events, by their names in the log: `transaction.created`, `transaction.*` or `*`.',
  })
  events!: string[];

  @Field(() => String, { nullable: true, description: `${secretText} Absent: one is made.` })
  secret?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is told. True by default.' })
  isActive?: boolean | null;
}

@InputType({ description: 'Changes to a webhook. What is absent or null stays as it is.' })
export class UpdateWebhookEndpointInput {
  @Field(() => ID, { description: 'Number of the webhook.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What to call it, at most 100 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Where to send events to.' })
  url?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Which events, by their names in the log; replaced as a whole.',
  })
  events?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: `${secretText} The one before holds for another 24 hours, as after \`rotateWebhookSecret\`.`,
  })
  secret?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is told. True also undoes that the server disabled it.',
  })
  isActive?: boolean | null;
}

@InputType({ description: 'Which webhook.' })
export class DeleteWebhookEndpointInput {
  @Field(() => ID, { description: 'Number of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which webhook.' })
export class TestWebhookEndpointInput {
  @Field(() => ID, { description: 'Number of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which webhook.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'Number of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which delivery.' })
export class ReplayWebhookDeliveryInput {
  @Field(() => ID, { description: 'Number of the delivery.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Number of its webhook, to replay no delivery of another one.' })
  endpointId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A webhook after a change.' })
export class WebhookEndpointPayload {
  @Field(() => WebhookEndpoint, { description: 'The webhook as it is now.' })
  webhookEndpoint!: WebhookEndpoint;
}

@ObjectType({ simpleResolvers: true, description: 'A webhook with its secret, which is shown here and never again.' })
export class WebhookSecretPayload extends WebhookEndpointPayload {
  @Field(() => String, { nullable: true, description: 'The secret; null when it was given.' })
  secret!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A delivery that is on its way.' })
export class WebhookDeliveryPayload {
  @Field(() => WebhookDelivery, { description: 'The delivery.' })
  webhookDelivery!: WebhookDelivery;
}
