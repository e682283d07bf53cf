import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Int, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { seekDocuments } from '../search/listed-search.js';
import { findDocumentFile, findDocumentPreview, type StoredFile } from './document-file.js';
import { DocumentFile } from './document-mutations.inputs.js';
import { Document } from './document.entity.js';
import { DocumentConnection, DocumentListArgs } from './document.inputs.js';
import { documentReads } from './document.reads.js';

@Resolver(() => Document)
export class DocumentResolver {
  @Planned
  @Query(() => DocumentConnection, { description: 'Documents that the viewer may see.' })
  documents(
    @Ctx() ctx: Context,
    @Args(() => DocumentListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Document>> {
    requireSignedIn(ctx.viewer);
    return ctx.read.list(documentReads, args, info, seekDocuments(ctx, args.filter));
  }

  @Planned
  @Query(() => Document, {
    nullable: true,
    description: 'One document, unless it lies in the trash; null when there is none that the viewer may see.',
  })
  async document(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the document.' }) id: string,
    @Arg('trashed', () => Boolean, { defaultValue: false, description: 'True: also when it lies in the trash.' })
    trashed: boolean,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Document | undefined> {
    requireSignedIn(viewer);
    return read.one(documentReads, id, info, trashed ? {} : { where: (a) => `${a}.deleted_at is null` });
  }

  @Query(() => DocumentFile, {
    nullable: true,
    description: 'Where the file of a document lies; null when there is none that the viewer may see.',
  })
  documentFile(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the document.' }) id: string,
  ): Promise<StoredFile | undefined> {
    return findDocumentFile(ctx, id);
  }

  @Query(() => DocumentFile, {
    nullable: true,
    description:
      'A PNG of the first page in the size of a thumbnail, or of the page that is named in a size to read: drawn ' +
      'when first asked for; null when there is no such page or none can be drawn.',
  })
  documentPreview(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the document.' }) id: string,
    @Arg('page', () => Int, { nullable: true, description: 'Number of a page, from 1.' }) page?: number | null,
  ): Promise<StoredFile | undefined> {
    return findDocumentPreview(ctx, id, page);
  }

  @FieldResolver(() => String, { description: 'Path of the file on this server, for the same credentials.' })
  @Extensions({ needs: ['id'], sharable: true })
  downloadUrl(@Root() { id }: Document, @Ctx() { services }: Context): string {
    return services.links.path('documentFile', { id });
  }

  @FieldResolver(() => String, {
    description: 'Path of the file on this server to be shown instead of saved, for the same credentials.',
  })
  @Extensions({ needs: ['id'], sharable: true })
  viewUrl(@Root() { id }: Document, @Ctx() { services }: Context): string {
    return services.links.path('documentView', { id });
  }

  @FieldResolver(() => String, {
    description:
      'Path of the picture of its first page on this server, in the size of a thumbnail, for the same credentials. ' +
      '404 where none can be drawn.',
  })
  @Extensions({ needs: ['id'], sharable: true })
  previewUrl(@Root() { id }: Document, @Ctx() { services }: Context): string {
    return services.links.path('documentPreview', { id });
  }

  @FieldResolver(() => String, {
    description:
      'Path of the picture of one of its pages on this server, in a size to read, for the same credentials. 404 ' +
      'where there is no such page or none can be drawn.',
  })
  @Extensions({ needs: ['id'], sharable: true })
  pageUrl(
    @Root() { id }: Document,
    @Ctx() { services }: Context,
    @Arg('page', () => Int, { defaultValue: 1, description: 'Number of the page, from 1.' }) page: number,
  ): string {
    return services.links.path('documentPage', { id, page });
  }
}
