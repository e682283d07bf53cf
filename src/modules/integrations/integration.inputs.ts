import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime, Json } from '../../kernel/scalars.js';
import { WebhookDisabledReason } from '../webhooks/webhook-endpoint.entity.js';
import { ConfigurationFieldType } from './integration-kinds.js';
import { Integration, IntegrationKind, IntegrationStatus } from './integration.entity.js';
import { integrationReads } from './integration.reads.js';

export const IntegrationConnection = connectionType('Integration', () => Integration);

@InputType({ description: 'Conditions on integrations; all that are given must hold.' })
export class IntegrationFilter extends ListFilter {
  @Field(() => IntegrationKind, { nullable: true, description: 'Of this kind.' })
  kind?: IntegrationKind | null;

  @Field(() => IntegrationStatus, { nullable: true, description: 'Standing so.' })
  status?: IntegrationStatus | null;

  @Field(() => String, { nullable: true, description: 'Whose name or description has this text, in any case.' })
  search?: string | null;
}

export const IntegrationListArgs = listArgs('Integration', integrationReads.list, IntegrationFilter);

registerEnumType(ConfigurationFieldType, {
  name: 'ConfigurationFieldType',
  description: 'What a field of a configuration takes.',
  valuesConfig: {
    URL: { description: 'An http:// or https:// URL.' },
    TEXT: { description: 'A line of text.' },
    SECRET: { description: 'A line of text that is never shown again.' },
    NUMBER: { description: 'A whole number.' },
    LIST: { description: 'A list of words.' },
    HEADERS: { description: 'An object: headers by name.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A field that the configuration of a kind of integration has.' })
export class IntegrationConfigurationField {
  @Field(() => String, { description: 'Its key.' })
  name!: string;

  @Field(() => ConfigurationFieldType, { description: 'What it takes.' })
  type!: ConfigurationFieldType;

  @Field(() => Boolean, { description: 'Whether it has to be there.' })
  isRequired!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A kind of integration, and what the server can do with it.' })
export class IntegrationKindInfo {
  @Field(() => IntegrationKind, { description: 'The kind.' })
  kind!: IntegrationKind;

  @Field(() => Boolean, { description: 'Whether events are delivered; else its integrations are only kept.' })
  isAvailable!: boolean;

  @Field(() => [IntegrationConfigurationField], { description: 'Each field that its configuration may have.' })
  configurationFields!: readonly IntegrationConfigurationField[];

  @Field(() => [String], { description: "Events that it may ask for, by SmartLeakPro's words: `client_created`." })
  supportedEvents!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: 'How deliveries to an integration go.' })
export class IntegrationHealth {
  @Field(() => Int, { description: 'Deliveries that arrived.' })
  deliveredCount!: number;

  @Field(() => Int, { description: 'Deliveries that were given up.' })
  failedCount!: number;

  @Field(() => Int, { description: 'Deliveries that wait, for their first attempt or for another one.' })
  pendingCount!: number;

  @Field(() => DateTime, { nullable: true, description: 'When something was last sent.' })
  lastAttemptAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'The first failure since the last success; null: none.' })
  failingSince!: string | null;

  @Field(() => Int, { nullable: true, description: 'HTTP status of the last answer; null: there was none.' })
  lastHttpStatus!: number | null;

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed; null: it did not.' })
  lastError!: string | null;

  @Field(() => WebhookDisabledReason, {
    nullable: true,
    description: 'Why the server switched it off; null: it did not.',
  })
  disabledReason!: WebhookDisabledReason | null;
}

const configurationText = 'An object with the fields of its kind; further ones are kept. It is stored encrypted.';

@InputType({ description: 'A new integration.' })
export class CreateIntegrationInput {
  @Field(() => String, { description: 'What to call it, at most 100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, at most 1,000 characters.' })
  description?: string | null;

  @Field(() => IntegrationKind, { description: 'Which program it connects to.' })
  kind!: IntegrationKind;

  @Field(() => Json, { description: configurationText })
  configuration!: unknown;
}

@InputType({ description: 'Changes to an integration. What is absent or null stays as it is.' })
export class UpdateIntegrationInput {
  @Field(() => ID, { description: 'UUID of the integration.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What to call it, at most 100 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for, at most 1,000 characters.' })
  description?: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      `${configurationText} Replaced as a whole, but for secrets that come back masked: they are kept. Only its ` +
      'owner changes it.',
  })
  configuration?: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is told of events. True also undoes that the server switched it off.',
  })
  isActive?: boolean | null;
}

@InputType({ description: 'Which integration.' })
export class DeleteIntegrationInput {
  @Field(() => ID, { description: 'UUID of the integration.' })
  id!: string;
}

@InputType({ description: 'Which integration.' })
export class SyncIntegrationInput {
  @Field(() => ID, { description: 'UUID of the integration.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An integration after a change.' })
export class IntegrationPayload {
  @Field(() => Integration, { description: 'The integration as it is now.' })
  integration!: Integration;
}
