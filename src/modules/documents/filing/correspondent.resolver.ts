import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Document } from '../files/document.entity.js';
import { DocumentConnection, DocumentListArgs } from '../files/document.inputs.js';
import { Correspondent } from './correspondent.entity.js';
import {
  CorrespondentConnection,
  CorrespondentListArgs,
  CorrespondentPayload,
  CreateCorrespondentInput,
  DeleteCorrespondentInput,
  UpdateCorrespondentInput,
} from './correspondent.inputs.js';
import { correspondentReads } from './correspondent.reads.js';
import { deleteCorrespondent, saveCorrespondent } from './save-correspondent.js';

const payload = payloadOf('correspondent', correspondentReads);

@Resolver(() => Correspondent)
export class CorrespondentResolver {
  @Planned
  @Query(() => CorrespondentConnection, { description: 'All correspondents.' })
  correspondents(
    @Ctx() { viewer, read }: Context,
    @Args(() => CorrespondentListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Correspondent>> {
    requireSignedIn(viewer);
    return read.list(correspondentReads, args, info);
  }

  @Planned
  @Query(() => Correspondent, { nullable: true, description: 'One correspondent; null when there is none.' })
  async correspondent(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the correspondent.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Correspondent | undefined> {
    requireSignedIn(viewer);
    return read.one(correspondentReads, id, info);
  }

  @Mutation(() => CorrespondentPayload, { description: 'Makes a correspondent.' })
  async createCorrespondent(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCorrespondentInput, { description: 'The correspondent.' })
    input: CreateCorrespondentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CorrespondentPayload> {
    return payload(ctx, await saveCorrespondent(ctx, input), info);
  }

  @Mutation(() => CorrespondentPayload, { description: 'Changes a correspondent.' })
  async updateCorrespondent(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateCorrespondentInput, { description: 'The changes.' }) input: UpdateCorrespondentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CorrespondentPayload> {
    return payload(ctx, await saveCorrespondent(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a correspondent; the documents stay, without one.' })
  async deleteCorrespondent(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteCorrespondentInput, { description: 'The correspondent.' }) {
      id,
    }: DeleteCorrespondentInput,
  ): Promise<DeletedPayload> {
    await deleteCorrespondent(ctx, id);
    return deleted('Correspondent', id);
  }

  @FieldResolver(() => DocumentConnection, { description: 'Documents of this correspondent that the viewer may see.' })
  documents(@Args(() => DocumentListArgs) _args: ListArgs): Connection<Document> {
    return answeredByReader();
  }
}
