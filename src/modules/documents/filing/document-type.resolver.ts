import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { DocumentType } from './document-type.entity.js';
import {
  CreateDocumentTypeInput,
  DeleteDocumentTypeInput,
  DocumentTypeConnection,
  DocumentTypeListArgs,
  DocumentTypePayload,
  UpdateDocumentTypeInput,
} from './document-type.inputs.js';
import { documentTypeReads } from './document-type.reads.js';
import { deleteDocumentType, saveDocumentType } from './save-document-type.js';

const payload = payloadOf('documentType', documentTypeReads);

@Resolver(() => DocumentType)
export class DocumentTypeResolver {
  @Planned
  @Query(() => DocumentTypeConnection, { description: 'All document types.' })
  documentTypes(
    @Ctx() { viewer, read }: Context,
    @Args(() => DocumentTypeListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<DocumentType>> {
    requireSignedIn(viewer);
    return read.list(documentTypeReads, args, info);
  }

  @Planned
  @Query(() => DocumentType, { nullable: true, description: 'One document type; null when there is none.' })
  async documentType(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the type.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentType | undefined> {
    requireSignedIn(viewer);
    return read.one(documentTypeReads, id, info);
  }

  @Mutation(() => DocumentTypePayload, { description: 'Makes a document type.' })
  async createDocumentType(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateDocumentTypeInput, { description: 'The type.' }) input: CreateDocumentTypeInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentTypePayload> {
    return payload(ctx, await saveDocumentType(ctx, input), info);
  }

  @Mutation(() => DocumentTypePayload, { description: 'Changes a document type.' })
  async updateDocumentType(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateDocumentTypeInput, { description: 'The changes.' }) input: UpdateDocumentTypeInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentTypePayload> {
    return payload(ctx, await saveDocumentType(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a document type that no document has.' })
  async deleteDocumentType(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteDocumentTypeInput, { description: 'The type.' }) { id }: DeleteDocumentTypeInput,
  ): Promise<DeletedPayload> {
    await deleteDocumentType(ctx, id);
    return deleted('DocumentType', id);
  }
}
