import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { bulkEditMedia, deleteMedium } from './bulk-edit-media.js';
import {
  BulkEditMediaInput,
  BulkEditMediaPayload,
  DeleteMediumInput,
  MediumPayload,
  UpdateMediumInput,
  UploadMediumInput,
} from './medium-mutations.inputs.js';
import { mediumReads } from './medium.reads.js';
import { updateMedium } from './update-medium.js';
import { uploadMedium } from './upload-medium.js';

const payload = payloadOf('medium', mediumReads);

@Resolver()
export class MediumMutationsResolver {
  @Mutation(() => MediumPayload, {
    description:
      'Keeps a photo, film, recording or paper with an intervention. Its type is told by its content. Needs ' +
      '`media:write`, as all changes.',
  })
  async uploadMedium(
    @Ctx() ctx: Context,
    @Arg('input', () => UploadMediumInput, { description: 'The file and what is known of it.' })
    input: UploadMediumInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MediumPayload> {
    const { file, ...facts } = input;
    return payload(ctx, await uploadMedium(ctx, { ...facts, content: file.take(), filename: file.filename }), info);
  }

  @Mutation(() => MediumPayload, {
    description: 'Changes what is known of a file from the field: what is absent stays, null empties.',
  })
  async updateMedium(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateMediumInput, { description: 'The changes.' }) input: UpdateMediumInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MediumPayload> {
    return payload(ctx, await updateMedium(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Puts a file from the field into the trash, from where it is gone after 30 days.',
  })
  async deleteMedium(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteMediumInput, { description: 'Which file.' }) { id }: DeleteMediumInput,
  ): Promise<DeletedPayload> {
    await deleteMedium(ctx, id);
    return deleted('Medium', id);
  }

  @Mutation(() => BulkEditMediaPayload, {
    description: 'Changes many files from the field at once, leaving out those that there are not.',
  })
  async bulkEditMedia(
    @Ctx() ctx: Context,
    @Arg('input', () => BulkEditMediaInput, { description: 'The files and the change.' }) input: BulkEditMediaInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BulkEditMediaPayload> {
    const { changedIds, notFoundIds } = await bulkEditMedia(ctx, input);
    const media = await ctx.read.many(mediumReads, changedIds, info, { path: ['media'] });
    return { changedCount: changedIds.length, media, notFoundIds };
  }
}
