import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { Document } from '../files/document.entity.js';
import { CustomField } from './custom-field.entity.js';

@ObjectType({ simpleResolvers: true, description: 'What a document says in a custom field.' })
@Entity({ tableName: 'document_field_values' })
export class DocumentFieldValue {
  @Field(() => ID, { description: 'Number of the row.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Document, ref: true })
  document!: Ref<Document>;

  @Field(() => CustomField, { description: 'The field.' })
  @ManyToOne({ entity: () => CustomField, ref: true })
  field!: Ref<CustomField>;

  @Field(() => String, { description: 'The value as text, whatever its kind: `12.5`, `2026-02-03`, `true`.' })
  @Property({ type: 'text' })
  value!: string;

  @Field(() => Decimal, { nullable: true, description: 'The value of an INTEGER or a DECIMAL.' })
  @Property({ type: 'decimal', precision: 21, scale: 6, fieldName: 'number_value', nullable: true })
  number?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'The value of a DATE.' })
  @Property({ type: 'date', fieldName: 'date_value', nullable: true })
  date?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'The value of a BOOLEAN.' })
  @Property({ type: 'boolean', fieldName: 'boolean_value', nullable: true })
  boolean?: boolean | null;
}
