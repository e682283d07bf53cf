import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import { scopes } from '../viewer.js';
import { userReads } from './identity.reads.js';
import type { User } from './user.entity.js';

const owned = Symbol('read as its owner');

/**
 * The person of a payload (at `user`) as that person sees it: for logins and registrations, where the request's own
 * viewer is still nobody. Nothing else is read as them.
 */
export async function readAsOwner(ctx: Context, userId: number, info: GraphQLResolveInfo): Promise<User> {
  const reader = ctx.readAs({ userId, permissions: new Set(), scopes: new Set(scopes), credential: { kind: 'none' } });
  return Object.assign(await reader.must<User>(userReads, userId, info, { path: ['user'] }), { [owned]: true });
}

/** True for a person's row that was read as that person. */
export const isOwnRow = (row: object): boolean => owned in row;
