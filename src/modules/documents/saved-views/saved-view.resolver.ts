import { coerceInputValue, type GraphQLInputObjectType, type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  type Connection,
  type ConnectionArgs,
  connectionArgs,
  defaultPageSize,
  type ListArgs,
} from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { statementPoints } from '../../../quota/points.js';
import type { Document } from '../files/document.entity.js';
import { DocumentConnection, type DocumentFilter } from '../files/document.inputs.js';
import { documentReads } from '../files/document.reads.js';
import { seekDocuments } from '../search/listed-search.js';
import { createView, deleteView, updateView } from './save-view.js';
import { SavedView } from './saved-view.entity.js';
import {
  CreateSavedViewInput,
  DeleteSavedViewInput,
  SavedDocumentFilter,
  SavedViewConnection,
  SavedViewListArgs,
  SavedViewPayload,
  UpdateSavedViewInput,
} from './saved-view.inputs.js';
import { savedViewReads } from './saved-view.reads.js';

const SavedViewDocumentArgs = connectionArgs('SavedViewDocument');

const payload = payloadOf('savedView', savedViewReads);

@Resolver(() => SavedView)
export class SavedViewResolver {
  @Planned
  @Query(() => SavedViewConnection, { description: 'One’s own saved views and those shared with everybody.' })
  savedViews(
    @Ctx() { viewer, read }: Context,
    @Args(() => SavedViewListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<SavedView>> {
    requireSignedIn(viewer);
    return read.list(savedViewReads, args, info);
  }

  @Planned
  @Query(() => SavedView, {
    nullable: true,
    description: 'One saved view; null when there is none that the viewer may see.',
  })
  async savedView(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the view.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SavedView | undefined> {
    requireSignedIn(viewer);
    return read.one(savedViewReads, id, info);
  }

  @FieldResolver(() => SavedDocumentFilter, { description: 'The conditions.' })
  @Extensions({ needs: ['filter'] })
  filter(@Root() { filter }: SavedView, @Info() info: GraphQLResolveInfo): SavedDocumentFilter {
    const kept = keptFilter(filter, info);
    return {
      ...kept,
      isWithoutType: kept.typeId === null,
      isWithoutCorrespondent: kept.correspondentId === null,
    };
  }

  @FieldResolver(() => DocumentConnection, {
    complexity: ({ args, childComplexity }) =>
      statementPoints + (args.last ?? args.first ?? defaultPageSize) * Math.max(childComplexity, 1),
    description: 'What the view shows to the viewer now. Each view is a list of its own: one statement a view.',
  })
  @Extensions({ needs: ['filter', 'orderBy'] })
  documents(
    @Root() { filter: kept, orderBy }: SavedView,
    @Ctx() ctx: Context,
    @Args(() => SavedViewDocumentArgs) args: ConnectionArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Document>> {
    const filter = withIds(keptFilter(kept, info), args.filter);
    return ctx.read.list(documentReads, { ...args, orderBy, filter }, info, seekDocuments(ctx, filter));
  }

  @Mutation(() => SavedViewPayload, { description: 'Keeps a view.' })
  async createSavedView(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateSavedViewInput, { description: 'The view.' }) input: CreateSavedViewInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SavedViewPayload> {
    return payload(ctx, await createView(ctx, input), info);
  }

  @Mutation(() => SavedViewPayload, { description: 'Changes a view.' })
  async updateSavedView(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateSavedViewInput, { description: 'The changes.' }) input: UpdateSavedViewInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SavedViewPayload> {
    await updateView(ctx, input);
    return payload(ctx, input.id, info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a view; its documents stay.' })
  async deleteSavedView(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteSavedViewInput, { description: 'The view.' }) { id }: DeleteSavedViewInput,
  ): Promise<DeletedPayload> {
    await deleteView(ctx, id);
    return deleted('SavedView', id);
  }
}

/** The kept conditions, and of the documents that they let through those with these ids. */
function withIds(kept: DocumentFilter, asked: ConnectionArgs['filter']): DocumentFilter {
  if (!asked?.ids) return kept;
  const { ids } = asked;
  const both = kept.ids ? new Set(kept.ids).intersection(new Set(ids)) : ids;
  return { ...kept, ids: [...both] };
}

/**
 * The kept conditions, read by the input type of today: a condition that it no longer takes is left out, so that an old
 * view still opens. What a condition refers to may be gone; then it finds nothing.
 */
function keptFilter(kept: Readonly<Record<string, unknown>>, { schema }: GraphQLResolveInfo): DocumentFilter {
  const fields = (schema.getType('DocumentFilter') as GraphQLInputObjectType).getFields();
  const read = Object.entries(kept).flatMap(([name, value]): [string, unknown][] => {
    const field = fields[name];
    if (!field) return [];
    let isFit = true;
    const coerced: unknown = coerceInputValue(value, field.type, () => (isFit = false));
    return isFit ? [[name, coerced]] : [];
  });
  return Object.fromEntries(read);
}
