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
  Mutation,
  ObjectType,
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
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Document } from '../files/document.entity.js';
import { DocumentNote } from './document-note.entity.js';
import { documentNoteReads } from './document-note.reads.js';
import { addNote, deleteNote } from './write-note.js';

const DocumentNoteArgs = connectionArgs('DocumentNote');

@InputType({ description: 'What is said about a document.' })
class AddDocumentNoteInput {
  @Field(() => ID, { description: 'Number of the document.' })
  documentId!: string;

  @Field(() => String, { description: 'What is said, at most 5000 characters.' })
  text!: string;
}

@InputType({ description: 'Names a note.' })
class DeleteDocumentNoteInput {
  @Field(() => ID, { description: 'Number of the note.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Number of its document, to delete no note of another one.' })
  documentId?: string | null;
}

@ObjectType({ description: 'A new note.' })
class AddDocumentNotePayload {
  @Field(() => DocumentNote, { description: 'The note.' })
  note!: DocumentNote;
}

const DocumentNoteConnection = connectionType('DocumentNote', () => DocumentNote);

const payload = payloadOf('note', documentNoteReads);

@Resolver(() => DocumentNote)
export class DocumentNoteResolver {
  @Mutation(() => AddDocumentNotePayload, {
    description: 'Says something about a document, for all who see it.',
  })
  async addDocumentNote(
    @Ctx() ctx: Context,
    @Arg('input', () => AddDocumentNoteInput, { description: 'The note.' }) input: AddDocumentNoteInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AddDocumentNotePayload> {
    const { id } = await addNote(ctx, input);
    return payload(ctx, id, info);
  }

  @Mutation(() => DeletedPayload, {
    description: "Deletes one's own note, or any on a document that one may change.",
  })
  async deleteDocumentNote(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteDocumentNoteInput, { description: 'The note.' }) input: DeleteDocumentNoteInput,
  ): Promise<DeletedPayload> {
    await deleteNote(ctx, input);
    return deleted('DocumentNote', input.id);
  }

  @Extensions({ needs: ['authorId'] })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'User name of who said it, also of a person whom the viewer sees nothing else of.',
  })
  async authorUsername(@Root() { authorId }: DocumentNote, @Ctx() { load }: Context): Promise<string | null> {
    return (await load.usernames.load(Number(authorId))) ?? null;
  }
}

@Resolver(() => Document)
export class NotesOfDocumentResolver {
  @FieldResolver(() => DocumentNoteConnection, { description: 'What people said about it, newest first.' })
  notes(@Args(() => DocumentNoteArgs) _args: ConnectionArgs): Connection<DocumentNote> {
    return answeredByReader();
  }
}
