import type { GraphQLResolveInfo } from 'graphql';
import type { Context, Reader } from '../../../kernel/context.js';
import { onlyOwnRights } from '../../../kernel/viewer.js';
import { userReads } from '../identity.reads.js';
import type { User } from './user.entity.js';

const owned = Symbol('read as its owner');

/**
 * The person of a payload (at `user`) as that person sees it: for logins and registrations, where the request's own
 * viewer is still nobody. Nothing else is read as them.
 */
export async function readAsOwner(ctx: Context, userId: number, info: GraphQLResolveInfo): Promise<User> {
  return Object.assign(await ownersReader(ctx, userId).must(userReads, userId, info, { path: ['user'] }), {
    [owned]: true,
  });
}

/** Reads as the person, who holds no right beyond what is their own. */
export const ownersReader = (ctx: Context, userId: number): Reader => ctx.readAs(onlyOwnRights(userId));

/** True for a person's row that was read as that person. */
export const isOwnRow = (row: object): boolean => owned in row;
