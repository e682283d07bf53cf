import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { DocumentType } from './document-type.entity.js';
import { documentTypeReads } from './document-type.reads.js';

export const DocumentTypeConnection = connectionType('DocumentType', () => DocumentType);

@InputType({ description: 'Conditions on document types; all that are given must hold.' })
export class DocumentTypeFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'With this code.' })
  code?: string;
}

export const DocumentTypeListArgs = listArgs('DocumentType', documentTypeReads.list, DocumentTypeFilter);

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

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'Unique code of up to 30 of A-Z 0-9 _.' })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'Name for people.' })
  label?: string | null;
}

@InputType({ description: 'Which document type.' })
export class DeleteDocumentTypeInput {
  @Field(() => ID, { description: 'Number of the document type.' })
  id!: string;
}

@ObjectType({ description: 'A document type after a change.' })
export class DocumentTypePayload {
  @Field(() => DocumentType, { description: 'The type as it is now.' })
  documentType!: DocumentType;
}
