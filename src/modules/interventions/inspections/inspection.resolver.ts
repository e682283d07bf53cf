import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { createInspection, deleteInspection, updateInspection } from './change-inspection.js';
import { Inspection } from './inspection.entity.js';
import {
  CreateInspectionInput,
  DeleteInspectionInput,
  InspectionPayload,
  UpdateInspectionInput,
} from './inspection.inputs.js';
import { inspectionReads } from './inspection.reads.js';

const payload = payloadOf('inspection', inspectionReads);

@Resolver(() => Inspection)
export class InspectionResolver {
  @Mutation(() => InspectionPayload, { description: 'Notes what was looked at and found at an intervention.' })
  async createInspection(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateInspectionInput, { description: 'The inspection.' }) input: CreateInspectionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InspectionPayload> {
    return payload(ctx, await createInspection(ctx, input), info);
  }

  @Mutation(() => InspectionPayload, { description: 'Changes an inspection.' })
  async updateInspection(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateInspectionInput, { description: 'The changes.' }) input: UpdateInspectionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InspectionPayload> {
    return payload(ctx, await updateInspection(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Removes an inspection; the media that show it stay.' })
  async deleteInspection(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteInspectionInput, { description: 'Which inspection.' }) { id }: DeleteInspectionInput,
  ): Promise<DeletedPayload> {
    return deleted('Inspection', await deleteInspection(ctx, id));
  }
}
