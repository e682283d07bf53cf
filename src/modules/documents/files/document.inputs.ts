import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, orderEnum, ListFilter } from '../../../kernel/connection.js';
import { DateTime, Decimal, Json } from '../../../kernel/scalars.js';
import { Document } from './document.entity.js';
import { documentReads } from './document.reads.js';

export const DocumentConnection = connectionType('Document', () => Document, {
  estimated:
    'True when a search found more documents than are counted one by one, 10,000 unless the server is set otherwise: ' +
    '`totalCount` is then an estimate, to two digits. Its pages go through all of them.',
});
export const DocumentOrder = orderEnum('DocumentOrder', documentReads.list);

@ObjectType('SavedFieldCondition', {
  simpleResolvers: true,
  description: 'What a document must say in a custom field, as a view keeps it.',
})
@InputType({ description: 'What a document must say in a custom field.' })
export class DocumentFieldCondition {
  @Field(() => ID, { description: 'Number of the field.' })
  fieldId!: string;

  @Field(() => Json, { description: 'The whole value: a text, a number or a boolean.' })
  value!: unknown;
}

/** Also what of it a saved view shows: see `saved-view.inputs.ts`. */
@ObjectType('DocumentConditions', { simpleResolvers: true })
@InputType({ description: 'Conditions on documents; all that are given must hold.' })
export class DocumentFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this type; null: without a type.' })
  typeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this correspondent; null: without one.' })
  correspondentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Filed by this person.' })
  ownerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'With this tag.' })
  tagId?: string;

  @Field(() => [ID], { nullable: true, description: 'With all of these tags; at most 100.' })
  tagIds?: string[];

  @Field(() => Int, { nullable: true, description: 'With this archive serial number.' })
  asn?: number;

  @Field(() => String, { nullable: true, description: 'French full text in the language of `searchDocuments`.' })
  search?: string;

  @Field(() => DateTime, { nullable: true, description: 'Filed at this moment or later.' })
  createdAfter?: Date;

  @Field(() => DateTime, { nullable: true, description: 'Filed before this moment.' })
  createdBefore?: Date;

  @Field(() => Decimal, { nullable: true, description: 'Amount at least this.' })
  amountMin?: string;

  @Field(() => Decimal, { nullable: true, description: 'Amount at most this.' })
  amountMax?: string;

  @Field(() => [DocumentFieldCondition], {
    nullable: true,
    description: 'With these values in custom fields, at most 10.',
  })
  fields?: DocumentFieldCondition[];

  @Field(() => Boolean, { nullable: true, description: 'True: what lies in the trash instead of what does not.' })
  trashed?: boolean;
}

export const DocumentListArgs = listArgs('Document', documentReads.list, DocumentFilter, DocumentOrder);
