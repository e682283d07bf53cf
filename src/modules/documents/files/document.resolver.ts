import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
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
    @Ctx() { viewer, read }: Context,
    @Args(() => DocumentListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Document>> {
    requireSignedIn(viewer);
    return read.list(documentReads, args, info);
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
    description: 'A PNG of the first page, drawn when first asked for; null when none can be drawn.',
  })
  documentPreview(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'Number of the document.' }) id: string,
  ): Promise<StoredFile | undefined> {
    return findDocumentPreview(ctx, id);
  }

  @FieldResolver(() => String, { description: 'Path of the file on this server, for the same credentials.' })
  @Extensions({ needs: ['id'], sharable: true })
  downloadUrl(@Root() { id }: Document, @Ctx() { services }: Context): string {
    return services.links.path('documentFile', { id });
  }
}
