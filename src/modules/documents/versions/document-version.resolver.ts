import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import {
  answeredByReader,
  type Connection,
  type ConnectionArgs,
  connectionArgs,
  connectionType,
} from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Upload, type UploadedFile } from '../../../kernel/scalars.js';
import { findVersionFile, type StoredFile } from '../files/document-file.js';
import { DocumentFile, DocumentPayload } from '../files/document-mutations.inputs.js';
import { Document } from '../files/document.entity.js';
import { documentReads } from '../files/document.reads.js';
import { DocumentVersion } from './document-version.entity.js';
import { replaceFile, restoreVersion } from './replace-file.js';

const DocumentVersionArgs = connectionArgs('DocumentVersion');

@InputType({ description: 'Another file for a document.' })
class ReplaceDocumentFileInput {
  @Field(() => ID, { description: 'Number of the document.' })
  id!: string;

  @Field(() => Upload, { description: 'The file.' })
  file!: UploadedFile;
}

@InputType({ description: 'A former file that shall be the present one again.' })
class RestoreDocumentVersionInput {
  @Field(() => ID, { description: 'Number of the document.' })
  id!: string;

  @Field(() => Int, { description: 'Number of the version within the document.' })
  number!: number;
}

const DocumentVersionConnection = connectionType('DocumentVersion', () => DocumentVersion);

const payload = payloadOf('document', documentReads);

@Resolver(() => DocumentVersion)
export class DocumentVersionResolver {
  @Query(() => DocumentFile, {
    nullable: true,
    description: 'Where a former file of a document lies; null when there is none that the viewer may see.',
  })
  documentVersionFile(
    @Ctx() ctx: Context,
    @Arg('documentId', () => ID, { description: 'Number of the document.' }) documentId: string,
    @Arg('number', () => Int, { description: 'Number of the version within the document.' }) number: number,
  ): Promise<StoredFile | undefined> {
    return findVersionFile(ctx, { documentId, number });
  }

  @Mutation(() => DocumentPayload, {
    description: 'Gives a document another file; the former one is kept as a version.',
  })
  async replaceDocumentFile(
    @Ctx() ctx: Context,
    @Arg('input', () => ReplaceDocumentFileInput, { description: 'The document and its new file.' }) {
      id,
      file,
    }: ReplaceDocumentFileInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await replaceFile(ctx, { id, content: file.take(), name: file.filename });
    return payload(ctx, id, info);
  }

  @Mutation(() => DocumentPayload, {
    description: 'Makes a former file of a document the present one again; the present one is kept as a version.',
  })
  async restoreDocumentVersion(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreDocumentVersionInput, { description: 'The document and the version.' })
    input: RestoreDocumentVersionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await restoreVersion(ctx, input);
    return payload(ctx, input.id, info);
  }

  @FieldResolver(() => String, { description: 'Path of the file on this server, for the same credentials.' })
  @Extensions({ needs: ['documentId', 'number'], sharable: true })
  downloadUrl(@Root() { documentId, number }: DocumentVersion, @Ctx() { services }: Context): string {
    return services.links.path('documentVersionFile', { id: documentId, number });
  }
}

@Resolver(() => Document)
export class VersionsOfDocumentResolver {
  @FieldResolver(() => DocumentVersionConnection, { description: 'The files that it had before, newest first.' })
  versions(@Args(() => DocumentVersionArgs) _args: ConnectionArgs): Connection<DocumentVersion> {
    return answeredByReader();
  }
}
