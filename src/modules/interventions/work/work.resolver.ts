import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Decimal } from '../../../kernel/scalars.js';
import { lineTotal } from '../../../lib/money.js';
import { createUsedPart, deleteUsedPart, updateUsedPart } from './change-used-part.js';
import { createWorkEntry, deleteWorkEntry, updateWorkEntry } from './change-work-entry.js';
import { UsedPart } from './used-part.entity.js';
import {
  CreateUsedPartInput,
  CreateWorkEntryInput,
  DeleteUsedPartInput,
  DeleteWorkEntryInput,
  UpdateUsedPartInput,
  UpdateWorkEntryInput,
  UsedPartPayload,
  WorkEntryPayload,
} from './work.inputs.js';
import { usedPartReads, workEntryReads } from './work.reads.js';

const entryPayload = payloadOf('workEntry', workEntryReads);
const usedPartPayload = payloadOf('usedPart', usedPartReads);

@Resolver()
export class WorkEntryResolver {
  @Mutation(() => WorkEntryPayload, { description: 'Notes time that somebody worked at an intervention.' })
  async createWorkEntry(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateWorkEntryInput, { description: 'The entry.' }) input: CreateWorkEntryInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WorkEntryPayload> {
    return entryPayload(ctx, await createWorkEntry(ctx, input), info);
  }

  @Mutation(() => WorkEntryPayload, { description: 'Changes noted time.' })
  async updateWorkEntry(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateWorkEntryInput, { description: 'The changes.' }) input: UpdateWorkEntryInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<WorkEntryPayload> {
    return entryPayload(ctx, await updateWorkEntry(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Removes noted time.' })
  async deleteWorkEntry(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteWorkEntryInput, { description: 'Which entry.' }) { id }: DeleteWorkEntryInput,
  ): Promise<DeletedPayload> {
    return deleted('WorkEntry', await deleteWorkEntry(ctx, id));
  }
}

@Resolver(() => UsedPart)
export class UsedPartResolver {
  @Extensions({ needs: ['quantity', 'unitPrice'] })
  @FieldResolver(() => Decimal, {
    nullable: true,
    description: 'Quantity × price, rounded to the cent; null without a price.',
  })
  total(@Root() { quantity, unitPrice }: UsedPart): string | null {
    return unitPrice == null ? null : lineTotal(quantity, unitPrice);
  }

  @Mutation(() => UsedPartPayload, { description: 'Notes material that was used up at an intervention.' })
  async createUsedPart(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateUsedPartInput, { description: 'The material.' }) input: CreateUsedPartInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UsedPartPayload> {
    return usedPartPayload(ctx, await createUsedPart(ctx, input), info);
  }

  @Mutation(() => UsedPartPayload, { description: 'Changes noted material.' })
  async updateUsedPart(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateUsedPartInput, { description: 'The changes.' }) input: UpdateUsedPartInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UsedPartPayload> {
    return usedPartPayload(ctx, await updateUsedPart(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Removes noted material.' })
  async deleteUsedPart(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteUsedPartInput, { description: 'Which material.' }) { id }: DeleteUsedPartInput,
  ): Promise<DeletedPayload> {
    return deleted('UsedPart', await deleteUsedPart(ctx, id));
  }
}
