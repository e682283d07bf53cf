import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Document } from '../files/document.entity.js';
import { DocumentConnection, DocumentListArgs } from '../files/document.inputs.js';
import { documentReads } from '../files/document.reads.js';
import { dryRunTag } from './dry-run-tag.js';
import { MatchingAlgorithm } from './matching-algorithm.js';
import { deleteTag, saveTag } from './save-tag.js';
import { Tag } from './tag.entity.js';
import {
  CreateTagInput,
  DeleteTagInput,
  TagConnection,
  TagDryRun,
  TagListArgs,
  TagPayload,
  UpdateTagInput,
} from './tag.inputs.js';
import { tagReads } from './tag.reads.js';

const payload = payloadOf('tag', tagReads);

@Resolver(() => Tag)
export class TagResolver {
  @Planned
  @Query(() => TagConnection, { description: 'All tags.' })
  tags(
    @Ctx() { viewer, read }: Context,
    @Args(() => TagListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Tag>> {
    requireSignedIn(viewer);
    return read.list(tagReads, args, info);
  }

  @Planned
  @Query(() => Tag, { nullable: true, description: 'One tag; null when there is none.' })
  async tag(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the tag.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Tag | undefined> {
    requireSignedIn(viewer);
    return read.one(tagReads, id, info);
  }

  @Query(() => TagDryRun, {
    description: "Which of the viewer's latest documents a tag's rule would match; changes nothing.",
  })
  async tagDryRun(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the tag.' }) id: string,
    @Arg('match', () => String, { nullable: true, description: "Instead of the tag's own pattern." }) match:
      | string
      | null
      | undefined,
    @Arg('matchingAlgorithm', () => MatchingAlgorithm, {
      nullable: true,
      description: "Instead of the tag's own algorithm.",
    })
    matchingAlgorithm: MatchingAlgorithm | null | undefined,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TagDryRun> {
    const { scanned, documentIds } = await dryRunTag(ctx, { id, match, matchingAlgorithm });
    return {
      scanned,
      documents: await ctx.read.many(documentReads, documentIds, info, { path: ['documents'] }),
    };
  }

  @Mutation(() => TagPayload, { description: 'Makes a tag.' })
  async createTag(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateTagInput, { description: 'The tag.' }) input: CreateTagInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TagPayload> {
    return payload(ctx, await saveTag(ctx, input), info);
  }

  @Mutation(() => TagPayload, { description: 'Changes a tag; moving it takes along what lies below it.' })
  async updateTag(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateTagInput, { description: 'The changes.' }) input: UpdateTagInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TagPayload> {
    return payload(ctx, await saveTag(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a tag; the tags below it move to the top, its documents stay.',
  })
  async deleteTag(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteTagInput, { description: 'The tag.' }) { id }: DeleteTagInput,
  ): Promise<DeletedPayload> {
    await deleteTag(ctx, id);
    return deleted('Tag', id);
  }

  @FieldResolver(() => TagConnection, {
    description: 'The tags right below in the tree, by name unless asked otherwise.',
  })
  children(@Args(() => TagListArgs) _args: ListArgs): Connection<Tag> {
    return answeredByReader();
  }

  @FieldResolver(() => DocumentConnection, { description: 'Documents with this tag that the viewer may see.' })
  documents(@Args(() => DocumentListArgs) _args: ListArgs): Connection<Document> {
    return answeredByReader();
  }
}
