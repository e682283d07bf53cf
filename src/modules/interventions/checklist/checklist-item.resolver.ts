import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { createChecklistItems, deleteChecklistItem, updateChecklistItem } from './change-checklist.js';
import { ChecklistItem } from './checklist-item.entity.js';
import {
  CreateChecklistItemsInput,
  ChecklistItemPayload,
  ChecklistItemsPayload,
  DeleteChecklistItemInput,
  UpdateChecklistItemInput,
} from './checklist-item.inputs.js';
import { checklistItemReads } from './checklist-item.reads.js';

const payload = payloadOf('checklistItem', checklistItemReads);

@Resolver(() => ChecklistItem)
export class ChecklistItemResolver {
  @Mutation(() => ChecklistItemsPayload, { description: 'Adds items to the checklist of an intervention.' })
  async createChecklistItems(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateChecklistItemsInput, { description: 'The items.' }) input: CreateChecklistItemsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ChecklistItemsPayload> {
    const ids = await createChecklistItems(ctx, input);
    return { checklistItems: await ctx.read.many(checklistItemReads, ids, info, { path: ['checklistItems'] }) };
  }

  @Mutation(() => ChecklistItemPayload, {
    description: 'Changes an item of a checklist: that it is done, and by whom, or its words, or its place.',
  })
  async updateChecklistItem(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateChecklistItemInput, { description: 'The changes.' }) input: UpdateChecklistItemInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ChecklistItemPayload> {
    return payload(ctx, await updateChecklistItem(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Takes an item off its checklist.' })
  async deleteChecklistItem(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteChecklistItemInput, { description: 'Which item.' }) { id }: DeleteChecklistItemInput,
  ): Promise<DeletedPayload> {
    return deleted('ChecklistItem', await deleteChecklistItem(ctx, id));
  }
}
