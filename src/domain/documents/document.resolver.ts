import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import type { Connection } from '../connection.js';
import type { Context } from '../context.js';
import { requireSignedIn } from '../viewer.js';
import { Document } from './document.entity.js';
import { DocumentConnection, DocumentListArgs } from './document.inputs.js';
import { documentReads } from './document.reads.js';

@Resolver(() => Document)
export class DocumentResolver {
  @Query(() => DocumentConnection, { description: 'Documents that the viewer may see.' })
  documents(@Ctx() { viewer, read }: Context, @Args(() => DocumentListArgs) args: DocumentListArgs, @Info() info: GraphQLResolveInfo): Promise<Connection<Document>> {
    requireSignedIn(viewer);
    return read.list(documentReads, args, info);
  }

  @Query(() => Document, { nullable: true, description: 'One document, unless it lies in the trash; null when there is none that the viewer may see.' })
  async document(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the document.' }) id: string,
    @Arg('trashed', () => Boolean, { defaultValue: false, description: 'True: also when it lies in the trash.' }) trashed: boolean,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Document | undefined> {
    requireSignedIn(viewer);
    return read.one<Document>(documentReads, id, info, trashed ? {} : { where: (a) => `${a}.deleted_at is null` });
  }
}
