import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CredentialScope } from '../../../kernel/credential-scope.js';
import { BigInteger, CalendarDate, DateTime } from '../../../kernel/scalars.js';
import type { Scope } from '../../../kernel/viewer.js';
import { apiKeyReads } from '../identity.reads.js';
import { ApiKey, ApiKeyStatus } from './api-key.entity.js';

export const ApiKeyConnection = connectionType('ApiKey', () => ApiKey);

@InputType({ description: 'Conditions on API keys; all that are given must hold.' })
export class ApiKeyFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name or the description.' })
  search?: string;

  @Field(() => ApiKeyStatus, { nullable: true, description: 'In this state now; an expired key is not active.' })
  status?: ApiKeyStatus;

  @Field(() => ID, { nullable: true, description: 'Made by this person, by number or UUID.' })
  userId?: string | null;
}

export const ApiKeyListArgs = listArgs('ApiKey', apiKeyReads.list, ApiKeyFilter);

@InputType()
abstract class ApiKeySettingsInput {
  @Field(() => String, { nullable: true, description: 'What it is for: at most 1000 characters.' })
  description?: string | null;

  @Field(() => [CredentialScope], { nullable: true, description: 'One at least; a new key has `READ` by default.' })
  scopes?: Scope[] | null;

  @Field(() => Int, { nullable: true, description: 'Requests a minute: 1 to 10,000, by default 100.' })
  limitPerMinute?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests a day: 1 to 1,000,000, by default 10,000.' })
  limitPerDay?: number | null;

  @Field(() => Int, { nullable: true, description: 'Requests in 30 days: 1 to 10,000,000, by default 300,000.' })
  limitPerMonth?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself, in the future; null: never.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput extends ApiKeySettingsInput {
  @Field(() => String, { description: 'What to call it: 1 to 100 characters.' })
  name!: string;
}

@InputType({ description: 'What changes of an API key: the given fields only.' })
export class UpdateApiKeyInput extends ApiKeySettingsInput {
  @Field(() => ID, { description: 'Identifier of the key.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What to call it: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => ApiKeyStatus, {
    nullable: true,
    description: 'Any but `EXPIRED`; only an administrator lifts a suspension.',
  })
  status?: ApiKeyStatus | null;
}

@InputType()
abstract class WhichApiKeyInput {
  @Field(() => ID, { description: 'Identifier of the key.' })
  id!: string;
}

@InputType({ description: 'Which API key gets a new secret.' })
export class RegenerateApiKeyInput extends WhichApiKeyInput {}

@InputType({ description: 'Which API key to delete.' })
export class DeleteApiKeyInput extends WhichApiKeyInput {}

@ObjectType({ simpleResolvers: true, description: 'The key with its secret.' })
export class ApiKeySecretPayload {
  @Field(() => String, { description: 'The secret, `sk_…`; it is not shown again.' })
  secret!: string;

  @Field(() => ApiKey, { description: 'What is kept of it.' })
  apiKey!: ApiKey;
}

@ObjectType({ simpleResolvers: true, description: 'The key after the change.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key.' })
  apiKey!: ApiKey;
}

@ObjectType({ simpleResolvers: true, description: 'What an API key was used for on a day.' })
export class ApiKeyDay {
  @Field(() => CalendarDate, { description: 'The day, in UTC.' })
  day!: string;

  @Field(() => BigInteger, { description: 'Requests that came with the key, refused ones too.' })
  requests!: number;

  @Field(() => BigInteger, { description: 'Requests with the key that a quota refused.' })
  refused!: number;
}
