import type { GraphQLResolveInfo } from 'graphql';
import { Field, ID, ObjectType } from 'type-graphql';
import { nodeIdOf } from '../lib/node-id.js';
import { rowId } from '../lib/row-id.js';
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

@ObjectType({ simpleResolvers: true, description: 'What is gone.' })
export class DeletedPayload {
  @Field(() => ID, { description: 'The `id` that it had.' })
  deletedId!: number | string;

  @Field(() => ID, { description: 'The `nodeId` that it had: caches drop it by this.' })
  deletedNodeId!: string;
}

/** The payload of a mutation that deleted the object of a graph type with this id. */
export function deleted(type: string, id: number | string): DeletedPayload {
  const deletedId = rowId(id) ?? String(id).toLowerCase();
  return { deletedId, deletedNodeId: nodeIdOf(type, deletedId) };
}
