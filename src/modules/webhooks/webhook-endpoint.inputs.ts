import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { Json } from '../../kernel/scalars.js';
import { type Condition, WebhookConditionOperator } from './condition.js';
import type { CustomHeader } from './custom-headers.js';
import { WebhookEndpoint, WebhookEndpointStatus, WebhookFormat } from './webhook-endpoint.entity.js';
import { webhookEndpointReads } from './webhook.reads.js';

export const WebhookEndpointConnection = connectionType('WebhookEndpoint', () => WebhookEndpoint);

@InputType({ description: 'Conditions on webhooks; all that are given must hold.' })
export class WebhookEndpointFilter extends ListFilter {
  @Field(() => WebhookEndpointStatus, { nullable: true, description: 'That are so.' })
  status?: WebhookEndpointStatus | null;

  @Field(() => [WebhookFormat], { nullable: true, description: 'With a body of one of these formats.' })
  formats?: WebhookFormat[] | null;

  @Field(() => String, { nullable: true, description: 'That name this event, or this pattern, as it stands.' })
  eventName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of the name, the description or the address, in any case.',
  })
  search?: string | null;
}

export const WebhookEndpointListArgs = listArgs('WebhookEndpoint', webhookEndpointReads.list, WebhookEndpointFilter);

@ObjectType({ simpleResolvers: true, description: 'What must hold of what is sent, or it is not sent.' })
export class WebhookCondition implements Condition {
  @Field(() => String, { description: 'What it looks at: names with dots between them, from the root of the body.' })
  field!: string;

  @Field(() => WebhookConditionOperator, { description: 'How it compares.' })
  operator!: WebhookConditionOperator;

  @Field(() => Json, { nullable: true, description: 'With what; a list for `IN`, nothing or a truth for `EXISTS`.' })
  value?: unknown;
}

@InputType({ description: 'What must hold of what is sent, or it is not sent.' })
class WebhookConditionInput implements Condition {
  @Field(() => String, {
    description: 'What it looks at: names with dots between them, from the root of the body, such as `data.status`.',
  })
  field!: string;

  @Field(() => WebhookConditionOperator, { description: 'How it compares.' })
  operator!: WebhookConditionOperator;

  @Field(() => Json, {
    nullable: true,
    description: 'With what, at most 1,000 characters of JSON; a list for `IN`, nothing or a truth for `EXISTS`.',
  })
  value?: unknown;
}

@InputType({ description: 'A header that is sent along.' })
class WebhookHeaderInput implements CustomHeader {
  @Field(() => String, {
    description: 'Its name; none that the server sets, such as `Host`, `Content-*` and `Webhook-*`.',
  })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its value: printable ASCII, at most 1,000 characters. Null keeps the one that the webhook has.',
  })
  value?: string | null;
}

const secretText =
  'Key of the signatures: 16 to 200 printable ASCII characters, or `whsec_` with base64 of 24 to 64 bytes as ' +
  'Standard Webhooks has it. With the format DOCUMENTED 6 characters suffice.';

@InputType({ description: 'What a webhook may have beside its name, address and events.' })
abstract class WebhookSettingsInput {
  @Field(() => String, { nullable: true, description: 'What it is for, at most 1,000 characters.' })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is told. True also undoes that the server disabled it.',
  })
  isActive?: boolean | null;

  @Field(() => WebhookFormat, { nullable: true, description: 'What the body is. A new one without it: LOG.' })
  format?: WebhookFormat | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of the format QUERY: one query, with at most the variables `$id: ID!`, what the event is about, and ' +
      '`$event: Position!`, its place in the log. It is run for each event as the owner, and may cost 2,500.',
  })
  payloadQuery?: string | null;

  @Field(() => [WebhookConditionInput], {
    nullable: true,
    description: 'At most 20, of what is sent: unless all hold, an event is not sent. Replaced as a whole.',
  })
  conditions?: WebhookConditionInput[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only of things with these ids, at most 200; empty: of all. Replaced as a whole.',
  })
  resourceIds?: string[] | null;

  @Field(() => [WebhookHeaderInput], {
    nullable: true,
    description: 'What is sent along, at most 20 headers. Replaced as a whole.',
  })
  headers?: WebhookHeaderInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Attempts at most, 1 to 20; null: the eight of the usual schedule.',
  })
  maxAttempts?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds from a failed attempt to the next, 1 to 86,400, each time the same; null: the usual schedule. What ' +
      'the receiver asks for by `Retry-After` rules over both, within 5 seconds and 24 hours.',
  })
  retryDelaySeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'How long an attempt may take, 1 to 30. A new one without it: 10.' })
  timeoutSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Attempts a minute at most, 1 to 6,000, evenly spread; null: no limit.',
  })
  maxPerMinute?: number | null;
}

@InputType({ description: 'A new webhook.' })
export class CreateWebhookEndpointInput extends WebhookSettingsInput {
  @Field(() => String, { description: 'What to call it, at most 100 characters.' })
  name!: string;

  @Field(() => String, {
    description:
      'Where to send events to: http:// or https://, without a password. An address that is not public, or ' +
      '`localhost`, is refused unless `WEBHOOK_ALLOW_PRIVATE` allows it.',
  })
  url!: string;

  @Field(() => [String], {
    description: 'Which events, by their names in the log: `transaction.created`, `transaction.*` or `*`.',
  })
  events!: string[];

  @Field(() => String, { nullable: true, description: `${secretText} Absent: one is made.` })
  secret?: string | null;
}

@InputType({
  description:
    'Changes to a webhook. What is absent stays as it is; so does what is null, unless null is described as a value.',
})
export class UpdateWebhookEndpointInput extends WebhookSettingsInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What to call it, at most 100 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Where to send events to; a new one as in a new webhook.' })
  url?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Which events, by their names in the log; replaced as a whole.',
  })
  events?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it waits, as by `pauseWebhookEndpoint` and `resumeWebhookEndpoint`.',
  })
  isPaused?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `${secretText} The one before holds for another 24 hours, as after \`rotateWebhookSecret\`.`,
  })
  secret?: string | null;
}

@InputType({ description: 'Which webhook.' })
export class DeleteWebhookEndpointInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which webhook.' })
export class PauseWebhookEndpointInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which webhook.' })
export class ResumeWebhookEndpointInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;
}

@InputType({ description: 'Which webhook.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'Number or UUID of the webhook.' })
  id!: string;
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
