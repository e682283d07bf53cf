import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { authenticationPoints } from '../../../quota/points.js';
import { userReads } from '../identity.reads.js';
import { eraseUser } from '../personal-data/erase-user.js';
import { requireAccountReader, requireAccountRights } from '../roles/authority.js';
import { DeleteAccountInput, UpdateAccountInput } from './account.inputs.js';
import { personNumber } from './person-number.js';
import { updateAccount } from './update-account.js';
import { User } from './user.entity.js';
import { DeleteUserPayload, UserConnection, type UserFilter, UserListArgs, UserPayload } from './user.inputs.js';
import { userFilter } from './user.resolver.js';

const payload = payloadOf('user', userReads);

/** People as an administrator manages them; nobody else reaches even their own account here. */
@Resolver()
export class AccountResolver {
  @Planned
  @Query(() => UserConnection, { description: 'Accounts; for those who hold `users:write`. Erased ones are left out.' })
  async accounts(
    @Ctx() { viewer, read }: Context,
    @Args(() => UserListArgs) args: ListArgs<UserFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<User>> {
    requireAccountReader(viewer);
    return read.list(userReads, { ...args, filter: userFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => User, {
    nullable: true,
    description: 'An account; for those who hold `users:write`. Null when there is none, or it was erased.',
  })
  async account(
    @Ctx() { viewer, read, db }: Context,
    @Arg('id', () => ID, { description: 'Number or UUID of the person.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<User | undefined> {
    requireAccountReader(viewer);
    const number = await personNumber(db, id);
    return number === undefined
      ? undefined
      : read.one(userReads, number, info, { where: (a) => `${a}.erased_at is null` });
  }

  @Mutation(() => UserPayload, {
    complexity: authenticationPoints,
    description: "Changes somebody's account in one step; needs `users:write`.",
  })
  async updateAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateAccountInput, { description: 'The changes.' }) input: UpdateAccountInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await updateAccount(ctx, input);
    return payload(ctx, userId, info);
  }

  @Mutation(() => DeleteUserPayload, {
    description: "Erases somebody's account as `deleteUser` does; needs `users:write`, for one's own as well.",
  })
  async deleteAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteAccountInput, { description: 'Which person.' }) { id }: DeleteAccountInput,
  ): Promise<DeleteUserPayload> {
    requireAccountRights(ctx.viewer);
    return eraseUser(ctx, id);
  }
}
