import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { CredentialScope } from '../../../kernel/credential-scope.js';
import { payloadOf } from '../../../kernel/payload.js';
import { DateTime } from '../../../kernel/scalars.js';
import { requireInPerson, type Scope } from '../../../kernel/viewer.js';
import { apiTokenReads } from '../identity.reads.js';
import { ApiToken } from './api-token.entity.js';
import { createApiToken } from './create-api-token.js';
import { revokeApiToken } from './revoke-api-token.js';

@InputType({ description: 'A new API token.' })
class CreateApiTokenInput {
  @Field(() => String, { description: 'What to call it.' })
  name!: string;

  @Field(() => [CredentialScope], { nullable: true, description: 'Absent: `READ` and `WRITE`.' })
  scopes?: Scope[] | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; absent: never.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'Which API token.' })
class RevokeApiTokenInput {
  @Field(() => ID, { description: 'Number of the token.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The token that was made.' })
class CreateApiTokenPayload {
  @Field(() => String, { description: 'The secret; it is not shown again.' })
  token!: string;

  @Field(() => ApiToken, { description: 'What is kept of it.' })
  apiToken!: ApiToken;
}

@ObjectType({ simpleResolvers: true, description: 'The token after the change.' })
class ApiTokenPayload {
  @Field(() => ApiToken, { description: 'The token.' })
  apiToken!: ApiToken;
}

const payload = payloadOf('apiToken', apiTokenReads);

@Resolver(() => ApiToken)
export class ApiTokenResolver {
  @Query(() => [ApiToken], {
    description:
      "One's own API tokens, the oldest first: at most 100 that hold, and the last 100 that ended. Only in person.",
  })
  async apiTokens(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<ApiToken[]> {
    const { userId } = requireInPerson(ctx.viewer);
    const own = await ctx.db.all<{ id: number }>(sql`select id from api_tokens where user_id = ${userId} order by id`);
    return ctx.read.many(
      apiTokenReads,
      own.map(({ id }) => id),
      info,
    );
  }

  @Extensions({ needs: ['expiresAt', 'revokedAt'] })
  @FieldResolver(() => Boolean, { description: 'False once the token was revoked or its time is over.' })
  isActive(@Root() { expiresAt, revokedAt }: ApiToken, @Ctx() { services }: Context): boolean {
    return !revokedAt && (!expiresAt || new Date(expiresAt) > services.now());
  }

  @Mutation(() => CreateApiTokenPayload, {
    description: "Makes an API token of one's own, of which at most 100 hold at a time. Only in person.",
  })
  async createApiToken(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateApiTokenInput, { description: 'The token.' }) input: CreateApiTokenInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateApiTokenPayload> {
    const { token, apiTokenId } = await createApiToken(ctx, input);
    return { token, ...(await payload(ctx, apiTokenId, info)) };
  }

  @Mutation(() => ApiTokenPayload, {
    description: "Ends one of one's own API tokens, or with `users:write` anybody's. Only in person.",
  })
  async revokeApiToken(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeApiTokenInput, { description: 'Which token.' }) { id }: RevokeApiTokenInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ApiTokenPayload> {
    const { apiTokenId } = await revokeApiToken(ctx, id);
    return payload(ctx, apiTokenId, info);
  }
}
