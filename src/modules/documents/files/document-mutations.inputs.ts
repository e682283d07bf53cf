import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ErrorCode } from '../../../kernel/error-code.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { BigInteger, CalendarDate, Decimal, Upload } from '../../../kernel/scalars.js';
import { DocumentFieldValueInput } from '../custom-fields/custom-field.inputs.js';
import { Document } from './document.entity.js';

@InputType({
  description:
    'What is known of a document. What is absent stays as it is, or is filled by matching on filing; null empties.',
})
export class DocumentFactsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Title for people, at most 500 characters. On filing the name of the file by default.',
  })
  title?: string | null;

  @Field(() => ID, { nullable: true, description: 'Kind of document.' })
  typeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Whom it comes from or goes to.' })
  correspondentId?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Date that the document bears.' })
  documentDate?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Amount that it is about, with at most 2 decimals.' })
  amount?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "ISO 4217 code of the amount; on filing the firm's own currency by default.",
  })
  currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Archive serial number, unique.' })
  asn?: number | null;

  @Field(() => [ID], { nullable: true, description: 'All the tags on it, at most 100.' })
  tagIds?: string[] | null;
}

@InputType({ description: 'Files to file, each as a document of its own.' })
export class UploadDocumentsInput extends DocumentFactsInput {
  @Field(() => [Upload], { description: 'The files, at most 20. With several, `asn` cannot be given.' })
  files!: UploadedFile[];
}

@InputType({ description: 'A file of the ingest folder to file as a document.' })
export class IngestDocumentInput extends DocumentFactsInput {
  @Field(() => String, {
    description: 'Where it lies in the ingest folder: relative to it, or an absolute path inside it.',
  })
  filePath!: string;

  @Field(() => String, { description: 'Name that people know the file by.' })
  filename!: string;
}

@InputType({ description: 'Changes to a document; what is absent stays.' })
export class UpdateDocumentInput extends DocumentFactsInput {
  @Field(() => ID, { description: 'Number of the document.' })
  id!: string;

  @Field(() => [DocumentFieldValueInput], {
    nullable: true,
    description: 'Values of custom fields, at most 100; those that are not named stay.',
  })
  fields?: DocumentFieldValueInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The revision that the change was made on: when it has changed since, CONFLICT with the reason ' +
      '`stale_version`. Absent: whatever it is.',
  })
  revision?: number | null;
}

@InputType()
abstract class WhichDocumentInput {
  @Field(() => ID, { description: 'Number of the document.' })
  id!: string;
}

@InputType({ description: 'What to put into the trash.' })
export class TrashDocumentInput extends WhichDocumentInput {}

@InputType({ description: 'What to take out of the trash.' })
export class RestoreDocumentInput extends WhichDocumentInput {}

@InputType({ description: 'What to delete for good.' })
export class PurgeDocumentInput extends WhichDocumentInput {}

@InputType({ description: 'Whose text to recognise.' })
export class RecogniseTextInput extends WhichDocumentInput {}

@InputType({ description: 'Names a document and a person by name, so that nobody can be found by trying numbers.' })
export class ShareDocumentInput extends WhichDocumentInput {
  @Field(() => String, { description: 'User name or e-mail of the person.' })
  person!: string;
}

@InputType({ description: 'Names a document and a person that it is shared with.' })
export class UnshareDocumentInput extends WhichDocumentInput {
  @Field(() => ID, { description: 'Number of the person.' })
  userId!: string;
}

@InputType({ description: 'One change to many documents.' })
export class BulkEditDocumentsInput {
  @Field(() => [ID], { description: 'Numbers of the documents, at most 500.' })
  ids!: string[];

  @Field(() => [ID], { nullable: true, description: 'Tags to put on them.' })
  addTagIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Tags to take off them.' })
  removeTagIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Their new type; null: none.' })
  typeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Their new correspondent; null: none.' })
  correspondentId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: put them into the trash.' })
  trash?: boolean | null;
}

@ObjectType({ description: 'A document after a change.' })
export class DocumentPayload {
  @Field(() => Document, { description: 'The document as it is now.' })
  document!: Document;
}

@ObjectType({ description: 'Why a file was not filed.' })
export class UploadProblem {
  @Field(() => ErrorCode, { description: 'Code of the error, as in `extensions.code`.' })
  code!: ErrorCode;

  @Field(() => String, {
    nullable: true,
    description: 'Finer than the code, as in `extensions.reason` of an error: `document.duplicate`.',
  })
  reason?: string | null;

  @Field(() => String, { description: 'What is wrong.' })
  message!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The document that holds the same file already, when the viewer may see it.',
  })
  existingId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether that document lies in the trash; null without one.' })
  isExistingTrashed?: boolean | null;
}

@ObjectType({ description: 'What became of one file.' })
export class UploadResult {
  @Field(() => Boolean, { description: 'True when the file is filed.' })
  success!: boolean;

  @Field(() => String, { description: 'Name that the file came with.' })
  filename!: string;

  @Field(() => Document, { nullable: true, description: 'The new document.' })
  document?: Document | null;

  @Field(() => UploadProblem, { nullable: true, description: 'Why there is none.' })
  problem?: UploadProblem | null;
}

@ObjectType({ description: 'What became of each file.' })
export class UploadDocumentsPayload {
  @Field(() => [UploadResult], { description: 'One for each file, in the order sent.' })
  results!: UploadResult[];
}

@ObjectType({ description: 'A document that a change of many left out.' })
export class BulkRefusal {
  @Field(() => ID, { description: 'Number as it was given.' })
  id!: string;

  @Field(() => ErrorCode, { description: 'NOT_FOUND or FORBIDDEN.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'Why.' })
  message!: string;
}

@ObjectType({ description: 'What a change of many documents did.' })
export class BulkEditDocumentsPayload {
  @Field(() => Int, { description: 'How many documents were changed.' })
  changedCount!: number;

  @Field(() => [Document], { description: 'The changed documents, also those now in the trash.' })
  documents!: Document[];

  @Field(() => [BulkRefusal], { description: 'Those left out.' })
  refused!: BulkRefusal[];
}

@ObjectType({ description: 'A file in the store.' })
export class DocumentFile {
  @Field(() => String, { description: 'Key in the content store.' })
  key!: string;

  @Field(() => String, { description: 'Name to save it under.' })
  name!: string;

  @Field(() => String, { description: 'Media type.' })
  mimeType!: string;

  @Field(() => BigInteger, { description: 'Size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'SHA-256 of the document, in hex.' })
  contentHash!: string;
}
