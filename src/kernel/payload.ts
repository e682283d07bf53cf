import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from './context.js';
import type { ReadModel } from './read-model.js';

/**
 * Makes the function that reads the changed row for a mutation's payload: `payloadOf('tag', tagReads)` gives `{ tag }`.
 * It reads as the viewer, and only what the selection below that field asks for. Throws NOT_FOUND when the viewer may
 * not see the row.
 */
export const payloadOf =
  <F extends string, T extends object>(field: F, model: ReadModel<T>) =>
  ({ read }: Pick<Context, 'read'>, id: number | string, info: GraphQLResolveInfo): Promise<Record<F, T>> =>
    read.must(model, id, info, { path: [field] }).then((row) => ({ [field]: row }) as Record<F, T>);
