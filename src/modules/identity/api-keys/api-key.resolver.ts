import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { givenFilter } from '../../../kernel/read-model.js';
import { BigInteger, toIsoSeconds } from '../../../kernel/scalars.js';
import { requireInPerson, requirePermission, type Viewer } from '../../../kernel/viewer.js';
import { usageDays } from '../identity.loaders.js';
import { apiKeyReads } from '../identity.reads.js';
import { personNumber } from '../people/person-number.js';
import { ApiKey, ApiKeyStatus } from './api-key.entity.js';
import {
  ApiKeyConnection,
  ApiKeyDay,
  type ApiKeyFilter,
  ApiKeyListArgs,
  ApiKeyPayload,
  ApiKeySecretPayload,
  CreateApiKeyInput,
  DeleteApiKeyInput,
  RegenerateApiKeyInput,
  UpdateApiKeyInput,
} from './api-key.inputs.js';
import { createApiKey } from './create-api-key.js';
import { deleteApiKey } from './delete-api-key.js';
import { regenerateApiKey } from './regenerate-api-key.js';
import { updateApiKey } from './update-api-key.js';

const payload = payloadOf('apiKey', apiKeyReads);

function requireKeyReader(viewer: Viewer): void {
  requirePermission(viewer, 'api_keys:read');
  requireInPerson(viewer);
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Planned
  @Query(() => ApiKeyConnection, {
    description: "One's own API keys, or, for administrators, everybody's; needs `api_keys:read`. Only in person.",
  })
  async apiKeys(
    @Ctx() { viewer, db, read, services }: Context,
    @Args(() => ApiKeyListArgs) args: ListArgs<ApiKeyFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ApiKey>> {
    requireKeyReader(viewer);
    const { status, userId, ...filter } = args.filter ?? {};
    const state = status && { status, at: services.now() };
    // No person has the number 0: of one that there is not, there are no keys.
    const person = userId == null ? undefined : ((await personNumber(db, userId)) ?? 0);
    return read.list(apiKeyReads, { ...args, filter: givenFilter({ ...filter, state, userId: person }) }, info);
  }

  @Planned
  @Query(() => ApiKey, {
    nullable: true,
    description: 'An API key; null when there is none that the viewer may see. Only in person.',
  })
  async apiKey(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Identifier of the key.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKey | undefined> {
    requireKeyReader(viewer);
    return read.one(apiKeyReads, id, info);
  }

  @Extensions({ needs: ['status', 'expiresAt'] })
  @FieldResolver(() => ApiKeyStatus, { description: 'Whether it opens anything now.' })
  status(
    @Root() { status, expiresAt }: Pick<ApiKey, 'status'> & { expiresAt: string | null },
    @Ctx() { services }: Context,
  ): `${ApiKeyStatus}` {
    return status === 'active' && expiresAt !== null && expiresAt <= toIsoSeconds(services.now())
      ? ApiKeyStatus.EXPIRED
      : status;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => BigInteger, {
    description: 'Requests that ever came with the key, refused ones too; a few seconds late.',
  })
  async requestsTotal(@Root() { id }: ApiKey, @Ctx() { load }: Context): Promise<number> {
    return (await load.apiKeyTotals.load(id)).requests;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => BigInteger, { description: 'Requests with the key that a quota ever refused.' })
  async refusedTotal(@Root() { id }: ApiKey, @Ctx() { load }: Context): Promise<number> {
    return (await load.apiKeyTotals.load(id)).refused;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [ApiKeyDay], { description: `The last ${usageDays} days on which it was used, newest first.` })
  async days(@Root() { id }: ApiKey, @Ctx() { load }: Context): Promise<ApiKeyDay[]> {
    return load.apiKeyDays.load(id);
  }

  @Mutation(() => ApiKeySecretPayload, {
    description:
      "Makes an API key of one's own, of which there are at most 100; needs `api_keys:write`. Only in person.",
  })
  async createApiKey(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeySecretPayload> {
    const { apiKeyId, secret } = await createApiKey(ctx, input);
    return { secret, ...(await payload(ctx, apiKeyId, info)) };
  }

  @Mutation(() => ApiKeyPayload, {
    description: "Changes an API key of one's own, or, as an administrator, anybody's. Only in person.",
  })
  async updateApiKey(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateApiKeyInput, { description: 'The changes.' }) input: UpdateApiKeyInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeyPayload> {
    const { apiKeyId } = await updateApiKey(ctx, input);
    return payload(ctx, apiKeyId, info);
  }

  @Mutation(() => ApiKeySecretPayload, {
    description: 'Gives an API key a new secret; the old one is refused at once. Only in person.',
  })
  async regenerateApiKey(
    @Ctx() ctx: Context,
    @Arg('input', () => RegenerateApiKeyInput, { description: 'Which key.' }) { id }: RegenerateApiKeyInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiKeySecretPayload> {
    const { apiKeyId, secret } = await regenerateApiKey(ctx, id);
    return { secret, ...(await payload(ctx, apiKeyId, info)) };
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes an API key with its figures. Only in person.' })
  async deleteApiKey(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteApiKeyInput, { description: 'Which key.' }) { id }: DeleteApiKeyInput,
  ): Promise<DeletedPayload> {
    return deleted('ApiKey', await deleteApiKey(ctx, id));
  }
}
