import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Json } from '../../../kernel/scalars.js';
import { CustomField, CustomFieldKind } from './custom-field.entity.js';
import { customFieldReads } from './custom-field.reads.js';

export const CustomFieldConnection = connectionType('CustomField', () => CustomField);

@InputType({ description: 'Conditions on custom fields; all that are given must hold.' })
class CustomFieldFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this document type alone; null: of all types.' })
  documentTypeId?: string | null;
}

export const CustomFieldListArgs = listArgs('CustomField', customFieldReads.list, CustomFieldFilter);

@InputType({ description: 'What may be changed of a custom field. What is absent stays as it is.' })
class CustomFieldFactsInput {
  @Field(() => [String], { nullable: true, description: 'The values of a CHOICE, at most 100.' })
  choices?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Only documents of this type have it; null: all.' })
  documentTypeId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a document whose fields are set must have a value; false by default.',
  })
  isRequired?: boolean | null;
}

@InputType({ description: 'A new custom field.' })
export class CreateCustomFieldInput extends CustomFieldFactsInput {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;

  @Field(() => CustomFieldKind, { description: 'What values it takes.' })
  kind!: CustomFieldKind;
}

@InputType({ description: 'Changes to a custom field; what is absent stays.' })
export class UpdateCustomFieldInput extends CustomFieldFactsInput {
  @Field(() => ID, { description: 'Number of the field.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;
}

@InputType({ description: 'Which custom field.' })
export class DeleteCustomFieldInput {
  @Field(() => ID, { description: 'Number of the custom field.' })
  id!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True: the values that documents have go with it.' })
  force!: boolean;
}

@ObjectType({ description: 'A custom field after a change.' })
export class CustomFieldPayload {
  @Field(() => CustomField, { description: 'The field as it is now.' })
  customField!: CustomField;
}

@InputType({ description: 'What a document says in a custom field.' })
export class DocumentFieldValueInput {
  @Field(() => ID, { description: 'Number of the field.' })
  fieldId!: string;

  @Field(() => Json, {
    nullable: true,
    description: 'A text, a number or a boolean that fits the kind of the field; null removes the value.',
  })
  value?: unknown;
}

@InputType({ description: 'Values of custom fields of a document.' })
export class SetDocumentFieldsInput {
  @Field(() => ID, { description: 'Number of the document.' })
  id!: string;

  @Field(() => [DocumentFieldValueInput], {
    description: 'The values to set, at most 100; other fields stay as they are.',
  })
  values!: DocumentFieldValueInput[];
}
