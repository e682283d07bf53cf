import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs } from '../../../kernel/connection.js';
import { Document } from '../files/document.entity.js';
import { Correspondent } from './correspondent.entity.js';
import { DocumentType } from './document-type.entity.js';
import { correspondentReads, documentTypeReads, tagReads } from './filing.reads.js';
import { MatchingAlgorithm } from './matching-algorithm.js';
import { Tag } from './tag.entity.js';

export const TagConnection = connectionType('Tag', () => Tag);
export const CorrespondentConnection = connectionType('Correspondent', () => Correspondent);
export const DocumentTypeConnection = connectionType('DocumentType', () => DocumentType);

@InputType({ description: 'Conditions on tags; all that are given must hold.' })
export class TagFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;

  @Field(() => ID, { nullable: true, description: 'Right below this tag; null: at the top.' })
  parentId?: string | null;
}

export const TagListArgs = listArgs('Tag', tagReads.list, TagFilter);

@InputType({ description: 'Conditions on correspondents; all that are given must hold.' })
export class CorrespondentFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;
}

export const CorrespondentListArgs = listArgs('Correspondent', correspondentReads.list, CorrespondentFilter);

@InputType({ description: 'Conditions on document types; all that are given must hold.' })
export class DocumentTypeFilter {
  @Field(() => String, { nullable: true, description: 'With this code.' })
  code?: string;
}

export const DocumentTypeListArgs = listArgs('DocumentType', documentTypeReads.list, DocumentTypeFilter);

@InputType({ description: 'A new tag.' })
export class CreateTagInput {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`; #6B7280 by default.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, {
    nullable: true,
    description: 'How documents for it are recognised; NONE by default.',
  })
  matchingAlgorithm?: MatchingAlgorithm | null;

  @Field(() => ID, { nullable: true, description: 'The tag above it.' })
  parentId?: string | null;
}

@InputType({ description: 'Changes to a tag; what is absent stays.' })
export class UpdateTagInput {
  @Field(() => ID, { description: 'Number of the tag.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How documents for it are recognised.' })
  matchingAlgorithm?: MatchingAlgorithm | null;

  @Field(() => ID, { nullable: true, description: 'The tag above it; null moves it to the top.' })
  parentId?: string | null;
}

@InputType({ description: 'A new correspondent.' })
export class CreateCorrespondentInput {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How its documents are recognised; NONE by default.' })
  matchingAlgorithm?: MatchingAlgorithm | null;
}

@InputType({ description: 'Changes to a correspondent; what is absent stays.' })
export class UpdateCorrespondentInput {
  @Field(() => ID, { description: 'Number of the correspondent.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How its documents are recognised.' })
  matchingAlgorithm?: MatchingAlgorithm | null;
}

@InputType({ description: 'A new document type.' })
export class CreateDocumentTypeInput {
  @Field(() => String, { description: 'Unique code of up to 30 of A-Z 0-9 _.' })
  code!: string;

  @Field(() => String, { description: 'Name for people.' })
  label!: string;
}

@InputType({ description: 'Changes to a document type; what is absent stays.' })
export class UpdateDocumentTypeInput {
  @Field(() => ID, { description: 'Number of the type.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Unique code of up to 30 of A-Z 0-9 _.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'Name for people.' })
  label?: string | null;
}

@InputType({ description: 'Names what is to be deleted.' })
export class DeleteFilingInput {
  @Field(() => ID, { description: 'Its number.' })
  id!: string;
}

@ObjectType({ description: 'What is gone.' })
export class DeleteFilingPayload {
  @Field(() => ID, { description: 'Number that it had.' })
  deletedId!: string;
}

@ObjectType({ description: 'A tag after a change.' })
export class TagPayload {
  @Field(() => Tag, { description: 'The tag as it is now.' })
  tag!: Tag;
}

@ObjectType({ description: 'A correspondent after a change.' })
export class CorrespondentPayload {
  @Field(() => Correspondent, { description: 'The correspondent as it is now.' })
  correspondent!: Correspondent;
}

@ObjectType({ description: 'A document type after a change.' })
export class DocumentTypePayload {
  @Field(() => DocumentType, { description: 'The type as it is now.' })
  documentType!: DocumentType;
}

@ObjectType({ description: "What a tag's rule would match." })
export class TagDryRun {
  @Field(() => Int, { description: 'How many of the latest documents were looked at, at most 1000.' })
  scanned!: number;

  @Field(() => [Document], { description: 'Those that match, newest first, at most 100.' })
  documents!: Document[];
}
