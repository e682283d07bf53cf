import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { givenFilter } from '../../../kernel/read-model.js';
import { can, requirePermission, requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { authenticationPoints } from '../../../quota/points.js';
import { userReads } from '../identity.reads.js';
import { eraseOwnAccount, eraseUser } from '../personal-data/erase-user.js';
import { changePassword } from '../sessions/change-password.js';
import { unlockUser } from '../sessions/unlock-user.js';
import { createUser } from './create-user.js';
import { personNumber } from './person-number.js';
import { isOwnRow, readAsOwner } from './read-as-owner.js';
import { registerUser } from './register-user.js';
import { activateUser, deactivateUser } from './set-active.js';
import { updateUser } from './update-user.js';
import { statusOf, UserStatus } from './user-status.js';
import { User } from './user.entity.js';
import {
  ActivateUserInput,
  ChangePasswordInput,
  CreateUserInput,
  DeactivateUserInput,
  DeleteOwnAccountInput,
  DeleteUserInput,
  ErasurePayload,
  RegisterUserInput,
  RegisterUserPayload,
  UnlockUserInput,
  UpdateUserInput,
  UserConnection,
  type UserFilter,
  UserListArgs,
  UserPayload,
} from './user.inputs.js';

const payload = payloadOf('user', userReads);

@Resolver(() => User)
export class UserResolver {
  @Planned
  @Query(() => User, { nullable: true, description: 'Who is signed in; null when nobody is.' })
  async viewer(@Ctx() { viewer, read }: Context, @Info() info: GraphQLResolveInfo): Promise<User | undefined> {
    return viewer.userId === undefined ? undefined : read.one(userReads, viewer.userId, info);
  }

  @Planned
  @Query(() => User, { nullable: true, description: 'A person; null when there is none that the viewer may see.' })
  async user(
    @Ctx() { viewer, read, db }: Context,
    @Arg('id', () => ID, { description: 'Number or UUID of the person.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<User | undefined> {
    requireSignedIn(viewer);
    const number = await personNumber(db, id);
    return number === undefined ? undefined : read.one(userReads, number, info);
  }

  @Planned
  @Query(() => UserConnection, { description: 'People; needs `users:read`. Erased ones are left out.' })
  async users(
    @Ctx() { viewer, read }: Context,
    @Args(() => UserListArgs) args: ListArgs<UserFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<User>> {
    requirePermission(viewer, 'users:read');
    return read.list(userReads, { ...args, filter: userFilter(args.filter) }, info);
  }

  @Extensions({ needs: ['isActive', 'inactiveReason'] })
  @FieldResolver(() => UserStatus, { description: 'Whether the account may be used, and if not, why.' })
  status(@Root() user: Pick<User, 'isActive' | 'inactiveReason'>): UserStatus {
    return statusOf(user);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [String], {
    description:
      'What the person may do by all roles together, each `resource:action` once. Private: empty for others.',
  })
  async permissions(@Root() user: User, @Ctx() { viewer, load }: Context): Promise<string[]> {
    const isOwn = isOwnRow(user) || (viewer.userId === Number(user.id) && viewer.scopes.has('read'));
    return isOwn || can(viewer, 'users:read') ? load.userPermissions.load(Number(user.id)) : [];
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether failed logins keep the person out at some place; `unlockUser` ends it. Null without `users:write`.',
  })
  async isLoginLocked(@Root() { id }: User, @Ctx() { viewer, load }: Context): Promise<boolean | null> {
    return can(viewer, 'users:write') ? load.loginLocks.load(Number(id)) : null;
  }

  @Mutation(() => RegisterUserPayload, {
    complexity: authenticationPoints,
    description: 'Makes an account for oneself, with the role `user`, while registration is open.',
  })
  async registerUser(
    @Ctx() ctx: Context,
    @Arg('input', () => RegisterUserInput, { description: 'The account.' }) input: RegisterUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RegisterUserPayload> {
    const { userId, token } = await registerUser(ctx, input);
    return { token, user: await readAsOwner(ctx, userId, info) };
  }

  @Mutation(() => UserPayload, {
    complexity: authenticationPoints,
    description: 'Makes an account for somebody; needs `users:write` and, with roles, `roles:write`.',
  })
  async createUser(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateUserInput, { description: 'The account.' }) input: CreateUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await createUser(ctx, input);
    return payload(ctx, userId, info);
  }

  @Mutation(() => UserPayload, {
    complexity: authenticationPoints,
    description: 'Changes a person in one step: oneself, or with `users:write` anybody.',
  })
  async updateUser(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateUserInput, { description: 'The changes.' }) input: UpdateUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await updateUser(ctx, input);
    return payload(ctx, userId, info);
  }

  @Mutation(() => UserPayload, {
    complexity: authenticationPoints,
    description: "Sets a password, ends the person's other sessions and forgets their known devices.",
  })
  async changePassword(
    @Ctx() ctx: Context,
    @Arg('input', () => ChangePasswordInput, { description: 'The passwords.' }) input: ChangePasswordInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await changePassword(ctx, input);
    return payload(ctx, userId, info);
  }

  @Mutation(() => UserPayload, {
    description: 'Lets a person sign in again and lifts the lock after failed logins; needs `users:write`.',
  })
  async activateUser(
    @Ctx() ctx: Context,
    @Arg('input', () => ActivateUserInput, { description: 'Which person.' }) { id }: ActivateUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await activateUser(ctx, id);
    return payload(ctx, userId, info);
  }

  @Mutation(() => UserPayload, {
    description: 'Lifts the lock after failed logins, for every address and device; needs `users:write`.',
  })
  async unlockUser(
    @Ctx() ctx: Context,
    @Arg('input', () => UnlockUserInput, { description: 'Which person.' }) { id }: UnlockUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await unlockUser(ctx, id);
    return payload(ctx, userId, info);
  }

  @Mutation(() => UserPayload, { description: 'Refuses every credential of a person; needs `users:write`.' })
  async deactivateUser(
    @Ctx() ctx: Context,
    @Arg('input', () => DeactivateUserInput, { description: 'Which person.' }) { id }: DeactivateUserInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await deactivateUser(ctx, id);
    return payload(ctx, userId, info);
  }

  @Mutation(() => ErasurePayload, {
    description: 'Erases somebody else; needs `users:write`. It cannot be undone. Oneself: `deleteOwnAccount`.',
  })
  async deleteUser(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteUserInput, { description: 'Which person.' }) { id }: DeleteUserInput,
  ): Promise<ErasurePayload> {
    const { userId, ...left } = await eraseUser(ctx, id);
    return { ...deleted('User', userId), ...left };
  }

  @Mutation(() => ErasurePayload, {
    complexity: authenticationPoints,
    description: 'Erases the viewer, against a proof. It cannot be undone. Only in person.',
  })
  async deleteOwnAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteOwnAccountInput, { description: 'The proof.' }) proof: DeleteOwnAccountInput,
  ): Promise<ErasurePayload> {
    const { userId, ...left } = await eraseOwnAccount(ctx, proof);
    return { ...deleted('User', userId), ...left };
  }
}

/** `givenFilter` for people. Throws BAD_USER_INPUT for what is no role's number. */
export function userFilter(filter: UserFilter | null | undefined): object {
  if (typeof filter?.roleId === 'string' && rowId(filter.roleId) === undefined)
    throw badField('filter.roleId', 'invalid', 'is no number of a role');
  return givenFilter(filter);
}
